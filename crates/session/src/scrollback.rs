//! Lines that scrolled off a screen, numbered from the first that ever did; the oldest are given up when there is no more room.

use std::collections::VecDeque;

/// How many bytes are kept and given up together.
const BLOCK: usize = 16 * 1024;

/// What stands behind a line in a block.
const END: u8 = b'\n';
/// What stands behind a row whose line goes on in the next.
const GOES_ON: u8 = 0;

/// The lines.
#[derive(Debug)]
pub struct Scrollback {
    blocks: VecDeque<Block>,
    /// The number of the next line.
    next: u64,
    bytes: usize,
    most: usize,
}

/// Lines that stand behind one another in memory: many lines need few allocations, and none is copied twice.
#[derive(Debug, Default)]
struct Block {
    first: u64,
    count: u64,
    text: String,
}

impl Scrollback {
    /// Keeps about `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { blocks: VecDeque::new(), next: 0, bytes: 0, most }
    }

    /// The number that the next line will have.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// The number of the first line that is there.
    pub fn first(&self) -> u64 {
        self.blocks.front().map_or(self.next, |block| block.first)
    }

    /// How many lines are there.
    pub fn len(&self) -> u64 {
        self.next - self.first()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps a row, which `write` writes: text and attributes that end with it, without control characters.
    pub(crate) fn push(&mut self, goes_on: bool, write: impl FnOnce(&mut String)) {
        if self.blocks.back().is_none_or(|block| block.text.len() >= BLOCK) {
            self.give_up();
            let text = String::with_capacity(BLOCK.min(self.most) + 1024);
            self.blocks.push_back(Block { first: self.next, count: 0, text });
        }
        let Some(block) = self.blocks.back_mut() else { return };
        let before = block.text.len();
        write(&mut block.text);
        block.text.push(char::from(if goes_on { GOES_ON } else { END }));
        block.count += 1;
        self.bytes += block.text.len() - before;
        self.next += 1;
    }

    /// Makes room for one more block.
    fn give_up(&mut self) {
        while self.bytes + BLOCK > self.most.max(BLOCK) {
            let Some(block) = self.blocks.pop_front() else { return };
            self.bytes -= block.text.len();
        }
    }

    /// Forgets all lines, but not how many there were.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.bytes = 0;
    }

    /// Writes lines from number `from` on, until there are no more or `out` has `enough` bytes; returns the number of the next.
    /// Lines that are no longer there are passed over. A line whose rest is still on the screen ends here, since what comes
    /// next may be of another width.
    pub fn write(&self, from: u64, enough: usize, out: &mut String) -> u64 {
        let mut at = from.max(self.first());
        let mut goes_on = false;
        for block in &self.blocks {
            if at >= block.first + block.count {
                continue;
            }
            let skipped = usize::try_from(at - block.first).unwrap_or(usize::MAX);
            for line in block.text.split_inclusive([char::from(END), char::from(GOES_ON)]).skip(skipped) {
                if out.len() >= enough {
                    return at;
                }
                at += 1;
                goes_on = line.ends_with(char::from(GOES_ON));
                out.push_str(line.get(..line.len() - 1).unwrap_or_default());
                if !goes_on {
                    out.push_str("\r\n");
                }
            }
        }
        if goes_on {
            out.push_str("\r\n");
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::Scrollback;

    fn filled(lines: u64, most: usize) -> Scrollback {
        let mut kept = Scrollback::new(most);
        for line in 0..lines {
            let text = format!("line {line:06}");
            kept.push(false, |out| out.push_str(&text));
        }
        kept
    }

    #[test]
    fn lines_are_written_from_any_number_on() {
        let kept = filled(20_000, 1 << 20);
        let mut out = String::new();
        assert_eq!(kept.write(19_998, usize::MAX, &mut out), 20_000);
        assert_eq!(out, "line 019998\r\nline 019999\r\n");
    }

    #[test]
    fn lines_are_written_in_pieces() {
        let kept = filled(20_000, 1 << 20);
        let (mut at, mut all) = (0, String::new());
        while at < 20_000 {
            let mut piece = String::new();
            at = kept.write(at, 1000, &mut piece);
            assert!(piece.len() < 1100);
            all.push_str(&piece);
        }
        assert_eq!(all.lines().count(), 20_000);
        assert!(all.ends_with("line 019999\r\n"));
    }

    #[test]
    fn the_oldest_lines_are_given_up_and_numbers_stay() {
        let kept = filled(100_000, 256 * 1024);
        assert_eq!(kept.next(), 100_000);
        assert!(kept.bytes <= 256 * 1024 + 1024, "{}", kept.bytes);
        assert!(kept.len() > 10_000, "{}", kept.len());
        let mut out = String::new();
        kept.write(0, 1, &mut out);
        assert_eq!(out, format!("line {:06}\r\n", kept.first()));
    }

    #[test]
    fn a_row_that_goes_on_is_written_with_what_follows() {
        let mut kept = Scrollback::new(1000);
        kept.push(true, |out| out.push_str("abc"));
        kept.push(false, |out| out.push_str("def"));
        let mut out = String::new();
        kept.write(0, usize::MAX, &mut out);
        assert_eq!(out, "abcdef\r\n");
    }

    #[test]
    fn clearing_forgets_lines_and_keeps_numbers() {
        let mut kept = filled(10, 1000);
        kept.clear();
        assert_eq!((kept.first(), kept.next(), kept.len()), (10, 10, 0));
    }
}

//! Lines of a file that may still grow: never more than one in memory, and an unfinished one kept for later.

use std::io::{self, BufRead};

/// Longer lines are no records of ours.
pub(crate) const LONGEST_LINE: usize = 1 << 16;

/// Reads lines.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: R,
    /// What was read of a line whose end is not there yet.
    begun: Vec<u8>,
    /// Whether that line is longer than any of ours, and its rest is to be skipped.
    is_too_long: bool,
    /// Lines read.
    pub(crate) count: u64,
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Without its end.
    Whole(Vec<u8>),
    /// One that was skipped.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, begun: Vec::new(), is_too_long: false, count: 0 }
    }

    /// The next line that is whole, `None` while there is none; more may come later.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let chunk = match self.source.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                return Ok(None);
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let piece = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
            if self.begun.len() + piece.len() > LONGEST_LINE {
                self.is_too_long = true;
                self.begun = Vec::new();
            }
            if !self.is_too_long {
                self.begun.extend_from_slice(piece);
            }
            let taken = piece.len() + usize::from(end.is_some());
            self.source.consume(taken);
            if end.is_some() {
                return Ok(Some(self.finish()));
            }
        }
    }

    /// Whether a line has begun and not ended.
    pub(crate) fn is_within(&self) -> bool {
        self.is_too_long || !self.begun.is_empty()
    }

    fn finish(&mut self) -> Line {
        self.count += 1;
        let whole = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.is_too_long) { Line::TooLong } else { Line::Whole(whole) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use std::io::{BufReader, Read};

    /// Gives what was fed, then says that it is at its end, until fed again.
    #[derive(Debug, Default)]
    struct Growing(VecDeque<u8>);

    impl Read for Growing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    fn whole(text: &str) -> Line {
        Line::Whole(text.into())
    }

    #[test]
    fn a_line_that_comes_in_pieces_is_one_line() {
        let mut lines = Lines::new(BufReader::with_capacity(3, Growing::default()));
        let mut feed = |text: &str, expected: &[Option<Line>]| {
            lines.source.get_mut().0.extend(text.as_bytes());
            for line in expected {
                assert_eq!(&lines.next().unwrap(), line, "{text}");
            }
        };
        feed("on", &[None]);
        feed("e\ntwo\n\nthr", &[Some(whole("one")), Some(whole("two")), Some(whole("")), None, None]);
        feed("ee\n", &[Some(whole("three")), None]);
        assert!(!lines.is_within());
    }

    #[test]
    fn a_line_without_end_is_skipped_in_bounded_memory() {
        let mut text = vec![b'x'; 1 << 22];
        text.extend(b"\ngood\nrest");
        let mut lines = Lines::new(BufReader::new(&text[..]));
        assert_eq!(lines.next().unwrap(), Some(Line::TooLong));
        assert!(lines.begun.capacity() <= 2 * LONGEST_LINE);
        assert_eq!(lines.next().unwrap(), Some(whole("good")));
        assert_eq!(lines.next().unwrap(), None);
        assert!(lines.is_within());
        assert_eq!(lines.count, 2);
    }
}

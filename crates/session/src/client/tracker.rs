//! What the outer terminal was told, so that it can be undone.

use crate::screen::{Modes, undo_modes};

/// Follows what is written to a terminal.
pub(super) struct Tracker {
    parser: vte::Parser,
    told: Told,
}

#[derive(Default)]
struct Told {
    modes: Modes,
    alternate: bool,
    origin: bool,
    /// The terminal's colours were changed.
    coloured: bool,
}

impl Tracker {
    pub(super) fn new() -> Self {
        Self { parser: vte::Parser::new(), told: Told::default() }
    }

    pub(super) fn follow(&mut self, bytes: &[u8]) {
        self.parser.advance(&mut self.told, bytes);
    }

    /// What undoes it all and leaves the cursor below what is shown.
    pub(super) fn undo(&self) -> String {
        let mut out = String::new();
        undo_modes(&self.told.modes, self.told.alternate, self.told.origin, &mut out);
        if self.told.coloured {
            out.push_str(COLOURS_BACK);
        }
        out.push_str("\r\n\x1b[J");
        out
    }
}

/// The palette, and the colours of text, background and cursor, as they are configured.
const COLOURS_BACK: &str = "\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\";

impl vte::Perform for Told {
    fn osc_dispatch(&mut self, params: &[&[u8]], _bell: bool) {
        let sets = matches!(params.first(), Some(&(b"4" | b"10" | b"11" | b"12")));
        // A question changes nothing.
        self.coloured |= sets && params.last().is_some_and(|last| *last != b"?");
    }

    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, action: char) {
        if ignore {
            return;
        }
        if intermediates == b"?" && matches!(action, 'h' | 'l') {
            for param in params {
                match param {
                    [47 | 1047 | 1049] => self.alternate = action == 'h',
                    [6] => self.origin = action == 'h',
                    _ => {}
                }
            }
        }
        self.modes.csi(params, intermediates, action);
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _ignore: bool, byte: u8) {
        if let ([], b'c') = (intermediates, byte) {
            *self = Self::default();
        }
        self.modes.escape(intermediates, byte);
    }
}

#[cfg(test)]
mod tests {
    use super::Tracker;
    use crate::message::Size;
    use crate::screen::Screen;

    fn screen(texts: &[&str]) -> Screen {
        let mut screen = Screen::new(Size { columns: 20, rows: 5 }, 1000);
        for text in texts {
            screen.write(text.as_bytes());
        }
        screen
    }

    fn undo(told: &str) -> String {
        let mut tracker = Tracker::new();
        tracker.follow(told.as_bytes());
        tracker.undo()
    }

    #[test]
    fn a_full_screen_program_is_undone_and_the_primary_screen_is_there_again() {
        let told = "\x1b[?1049h\x1b[?1003;1006h\x1b[?2004h\x1b[?1h\x1b=\x1b[?25l\x1b[5 q\x1b[>1u\x1b[>4;2m\x1b[2;3r\x1b(0\x1b[4h\
                    \x1b[31m\x1b[?7l\x1b]52;un";
        let screen = screen(&["$ foo\r\n", told, &undo(told), "$"]);
        let plain = self::screen(&["$ foo\r\n\r\n$"]);
        let all = [&screen, &plain].map(|screen| {
            let mut out = String::new();
            screen.draw(screen.size(), &mut out);
            // What DECSC saved is nobody's concern.
            let (rows, rest) = out.split_once("\x1b[?6l").unwrap();
            (rows.to_owned(), rest.split_once("\x1b7").unwrap().1.to_owned())
        });
        assert_eq!(all[0], all[1]);
    }

    #[test]
    fn the_cursor_stays_below_what_is_shown() {
        for told in ["abc", "abc\x1b[31m\r\nd", "\x1b[2;4rabc\x1b[3;1Hx", "\x1b[2;4r\x1b[?6hx"] {
            let mut screen = screen(&["$ foo\r\n", told]);
            let shown = screen.text();
            screen.write(undo(told).as_bytes());
            screen.write(b"$");
            let last = screen.text().iter().rposition(|row| row == "$").unwrap();
            assert!(shown[last..].iter().all(String::is_empty) || last == 4, "{told:?}: {:?}", screen.text());
        }
    }

    #[test]
    fn links_margins_and_colours_do_not_stay() {
        let plain = undo("abc");
        assert!(
            plain.contains("\x1b]8;;\x1b\\") && plain.contains("\x1b[?69l") && plain.contains("\x1b[?2026l")
        );
        // Colours that nobody changed are as the person has them, and stay so.
        assert!(!plain.contains("\x1b]104") && !undo("\x1b]11;?\x07").contains("\x1b]104"));
        for told in ["\x1b]4;1;red\x07", "\x1b]11;#000000\x1b\\"] {
            assert!(
                undo(told).contains("\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\"),
                "{told:?}"
            );
        }
    }
}

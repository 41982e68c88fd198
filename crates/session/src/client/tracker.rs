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
        undo_modes(&self.told.modes, self.told.alternate, &mut out);
        out.push_str("\r\n\x1b[J");
        out
    }
}

impl vte::Perform for Told {
    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, action: char) {
        if ignore {
            return;
        }
        if intermediates == b"?" && matches!(action, 'h' | 'l') {
            for param in params {
                if let [47 | 1047 | 1049] = param {
                    self.alternate = action == 'h';
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

    #[test]
    fn a_terminal_is_left_as_it_was() {
        let told = "\x1b[?1049h\x1b[?1003;1006h\x1b[?2004h\x1b[?1h\x1b=\x1b[?25l\x1b[5 q\x1b[>1u\x1b[>4;2m\x1b[2;3r\x1b[?6h\x1b(0\x1b[4h\x1b[31m\x1b[?7l\x1b]2;un";
        let mut tracker = Tracker::new();
        let mut screen = Screen::new(Size { columns: 20, rows: 5 }, 1000);
        screen.write(b"$ foo\r\n");
        for text in [told, &tracker_undo(told)] {
            screen.write(text.as_bytes());
        }
        let mut plain = Screen::new(Size { columns: 20, rows: 5 }, 1000);
        plain.write(b"$ foo\r\n\r\n");
        let mut out = [String::new(), String::new()];
        for (screen, out) in [&screen, &plain].into_iter().zip(&mut out) {
            screen.draw(screen.size(), out);
        }
        tracker.follow(b"");
        let [ours, clean] = out.map(|text| text.replace("\x1b]2;un\x1b\\", ""));
        assert_eq!(ours.split("\x1b7").next(), clean.split("\x1b7").next());
        assert_eq!(ours.rsplit("\x1b)B\x0f").next(), clean.rsplit("\x1b)B\x0f").next());
    }

    fn tracker_undo(told: &str) -> String {
        let mut tracker = Tracker::new();
        tracker.follow(told.as_bytes());
        tracker.undo()
    }
}

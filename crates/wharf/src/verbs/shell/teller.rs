//! What happens while an image is made or a workstation starts, on standard error.

use crate::setting::Setting;
use crate::show;
use std::cell::RefCell;
use std::io::Write;
use wharf_workstation::Telling;

/// Tells the person at the terminal.
pub(super) struct Teller {
    is_quiet: bool,
    /// The beginning of a character that has not come whole.
    unfinished: RefCell<Vec<u8>>,
}

impl Teller {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        Self { is_quiet: setting.common.quiet, unfinished: RefCell::default() }
    }

    /// Tells nobody.
    pub(super) fn silent() -> Self {
        Self { is_quiet: true, unfinished: RefCell::default() }
    }
}

impl Telling for Teller {
    fn step(&self, text: &str) {
        if !self.is_quiet {
            show::say(&show::one_line(text));
        }
    }

    /// Package managers draw bars with returns; what else steers a terminal is left out.
    fn output(&self, bytes: &[u8]) {
        if self.is_quiet {
            return;
        }
        let text = harmless(&mut self.unfinished.borrow_mut(), bytes);
        let mut stderr = std::io::stderr().lock();
        let _shown = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
    }
}

/// The text of what came, without what steers a terminal: a terminal obeys some characters beyond ASCII, too. What may be
/// the beginning of a character stays for the next time.
fn harmless(unfinished: &mut Vec<u8>, bytes: &[u8]) -> String {
    unfinished.extend_from_slice(bytes);
    let whole = match unfinished.utf8_chunks().last() {
        // A part of a character at the very end, and not something that is none.
        Some(last) if is_begun(last.invalid()) => unfinished.len() - last.invalid().len(),
        _ => unfinished.len(),
    };
    let rest = unfinished.split_off(whole);
    let whole = std::mem::replace(unfinished, rest);
    let is_shown = |c: &char| matches!(c, '\n' | '\r' | '\t') || !show::steers(*c);
    String::from_utf8_lossy(&whole).chars().filter(is_shown).collect()
}

/// Whether more bytes could make a character of it.
fn is_begun(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_comes_through() {
        let mut unfinished = Vec::new();
        let mut shown = |bytes: &[u8]| harmless(&mut unfinished, bytes);
        assert_eq!(shown(b"10%\r20%\tx\n\x1b[2J"), "10%\r20%\tx\n[2J");
        // As xterm and others read UTF-8, U+009B is `ESC [`, and U+009D `ESC ]`.
        assert_eq!(shown(b"\xc2\x9b2J\xc2\x9d52;c;eA==\xc2\x9c"), "2J52;c;eA==");
        assert_eq!(shown("\u{202e}a\u{e9}".as_bytes()), "a\u{e9}");
    }

    #[test]
    fn a_character_may_come_in_pieces_and_steers_no_more_for_it() {
        let mut unfinished = Vec::new();
        let text = "\u{e9}\u{9b}\u{20ac}x".as_bytes();
        let shown: String = text.iter().map(|byte| harmless(&mut unfinished, &[*byte])).collect();
        assert_eq!(shown, "\u{e9}\u{20ac}x");
        assert_eq!(harmless(&mut unfinished, b"\xff\xc2a"), "\u{fffd}\u{fffd}a");
        assert_eq!(unfinished, b"");
    }
}

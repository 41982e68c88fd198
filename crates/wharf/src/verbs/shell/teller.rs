//! What happens while an image is made or a workstation starts, on standard error.

use crate::setting::Setting;
use crate::show;
use std::io::Write;
use wharf_workstation::Telling;

/// Tells the person at the terminal.
pub(super) struct Teller {
    is_quiet: bool,
}

impl Teller {
    pub(super) fn new(setting: &Setting<'_>) -> Self {
        Self { is_quiet: setting.common.quiet }
    }

    /// Tells nobody.
    pub(super) fn silent() -> Self {
        Self { is_quiet: true }
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
        let harmless: Vec<u8> = bytes
            .iter()
            .copied()
            .filter(|b| matches!(b, b'\n' | b'\r' | b'\t' | b' '..=b'~' | 0x80..))
            .collect();
        let mut stderr = std::io::stderr().lock();
        let _shown = stderr.write_all(&harmless).and_then(|()| stderr.flush());
    }
}

//! One thing that weakens the host.

use crate::show::printable;
use serde::Serialize;
use std::path::Path;

/// One thing that weakens the host, or could.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// What kind of thing; stays the same from version to version.
    pub(crate) id: &'static str,
    /// What is so, in one line.
    pub(crate) message: String,
    /// What follows from it.
    pub(crate) meaning: String,
    /// Lines for a shell, run as root; what only an editor can do stands there as a comment.
    pub(crate) fix: Vec<String>,
}

/// How bad it is, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Somebody who should not be can be root, or wharf does not protect what it should.
    Danger,
    /// One wall fewer than there could be, or something does not work.
    Warning,
    /// As it may well be meant.
    Note,
}

impl Finding {
    pub(crate) fn new(
        severity: Severity,
        id: &'static str,
        message: impl AsRef<str>,
        meaning: impl AsRef<str>,
    ) -> Self {
        let (message, meaning) = (one_line(message.as_ref()), one_line(meaning.as_ref()));
        Self { severity, id, message, meaning, fix: Vec::new() }
    }

    pub(crate) fn danger(id: &'static str, message: impl AsRef<str>, meaning: impl AsRef<str>) -> Self {
        Self::new(Severity::Danger, id, message, meaning)
    }

    pub(crate) fn warning(id: &'static str, message: impl AsRef<str>, meaning: impl AsRef<str>) -> Self {
        Self::new(Severity::Warning, id, message, meaning)
    }

    pub(crate) fn note(id: &'static str, message: impl AsRef<str>, meaning: impl AsRef<str>) -> Self {
        Self::new(Severity::Note, id, message, meaning)
    }

    /// With lines that mend it.
    pub(crate) fn fix<S: AsRef<str>>(mut self, lines: impl IntoIterator<Item = S>) -> Self {
        self.fix.extend(lines.into_iter().map(|line| one_line(line.as_ref())));
        self
    }
}

/// Messages quote what engines and directories say: nothing of it may break out of its line.
fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A path as a shell's word.
pub(crate) fn word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ':' | '@');
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

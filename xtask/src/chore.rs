//! Why a chore failed.

use std::fmt;

/// Why a chore failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is wrong; the help text follows.
    Usage(String),
    /// What went wrong, for the person who must act.
    Said(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(what) | Self::Said(what)) = self;
        out.write_str(what)
    }
}

impl From<wharf_testkit::Error> for Failure {
    fn from(error: wharf_testkit::Error) -> Self {
        Self::Said(error.to_string())
    }
}

/// A failure in words.
pub(crate) fn failed<T>(what: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Said(what.into()))
}

/// Names what was being done when an I/O error came.
pub(crate) fn doing(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
    let what = what.into();
    move |source| Failure::Said(format!("{what}: {source}"))
}

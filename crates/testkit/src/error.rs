//! What can go wrong while real things are started. No cleverness: a test prints it and fails.

use std::fmt;
use std::path::Path;

/// The answer of everything here.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a real thing could not be started or used.
#[derive(Debug)]
pub enum Error {
    /// The machine lacks something; a test may skip.
    Missing(String),
    /// A command ended badly. Holds the command, how it ended, and what it said.
    Command {
        /// The command line as it was run.
        command: String,
        /// How it ended.
        status: String,
        /// Standard output and error together.
        said: String,
    },
    /// A file or process could not be used.
    Io {
        /// What was being done.
        doing: String,
        /// What the system answered.
        source: std::io::Error,
    },
    /// Something started but was not ready in time. Holds what, and the end of its log.
    NotReady {
        /// What was waited for.
        what: String,
        /// The last lines of its log.
        log: String,
    },
}

impl Error {
    /// Names what was being done when an I/O error came.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// Something did not come up: keeps the end of its log.
    pub(crate) fn not_ready(what: impl Into<String>, log: &Path) -> Self {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.iter().skip(lines.len().saturating_sub(20));
        Self::NotReady { what: what.into(), log: tail.copied().collect::<Vec<_>>().join("\n") }
    }

    /// Whether the machine merely lacks something, so that a test may skip.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(out, "{what}"),
            Self::Command { command, status, said } => write!(out, "`{command}` {status}: {}", said.trim()),
            Self::Io { doing, source } => write!(out, "{doing}: {source}"),
            Self::NotReady { what, log } => write!(out, "{what} was not ready in time; its log ends:\n{log}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

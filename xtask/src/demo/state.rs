//! What the demo must remember until it is cleaned up: only how it started an engine, if it did.

use std::path::PathBuf;

use crate::chore::{Failure, doing};
use crate::shell;

/// How an engine was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Started {
    /// `systemctl start docker`.
    Systemd,
    /// `service docker start`.
    Service,
    /// `dockerd` itself, with this process id.
    Direct(u32),
}

/// The demo's own directory.
pub(super) fn directory() -> PathBuf {
    shell::target_directory().join("demo")
}

fn file() -> PathBuf {
    directory().join("engine")
}

/// Makes the demo's directory.
pub(super) fn prepare() -> Result<(), Failure> {
    let directory = directory();
    std::fs::create_dir_all(&directory).map_err(doing(format!("cannot make `{}`", directory.display())))
}

/// Writes down how the engine was started.
pub(super) fn remember(started: &Started) -> Result<(), Failure> {
    prepare()?;
    std::fs::write(file(), started.to_text()).map_err(doing(format!("cannot write `{}`", file().display())))
}

/// How an earlier demo started the engine, if it did.
pub(super) fn recall() -> Option<Started> {
    Started::from_text(&std::fs::read_to_string(file()).ok()?)
}

/// Removes the demo's directory.
pub(super) fn forget() {
    // When there is none, there is nothing to forget.
    let _ = std::fs::remove_dir_all(directory());
}

impl Started {
    fn to_text(&self) -> String {
        match self {
            Self::Systemd => "systemd\n".into(),
            Self::Service => "service\n".into(),
            Self::Direct(pid) => format!("direct {pid}\n"),
        }
    }

    fn from_text(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["systemd"] => Some(Self::Systemd),
            ["service"] => Some(Self::Service),
            ["direct", pid] => pid.parse().ok().map(Self::Direct),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Started;

    #[test]
    fn what_is_remembered_is_recalled() {
        for started in [Started::Systemd, Started::Service, Started::Direct(42)] {
            assert_eq!(Started::from_text(&started.to_text()), Some(started));
        }
        assert_eq!(Started::from_text("direct x"), None);
    }
}

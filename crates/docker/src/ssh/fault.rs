//! Why `ssh` carried nothing.

use std::error::Error as StdError;
use thiserror::Error;

/// Why `ssh` carried nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SshFault {
    /// There is no `ssh`.
    #[error("there is no program `ssh` in PATH")]
    NoProgram,
    /// It did not get there, or in.
    #[error("ssh: {0}")]
    NotIn(String),
    /// It got in, and what it ran there ended.
    #[error("`docker system dial-stdio` over there ended with status {status}: {said}")]
    Ended {
        /// 127: there is no such program.
        status: i32,
        /// The end of what was said on standard error.
        said: String,
    },
    /// It ended without a word.
    #[error("`ssh` ended and said nothing: {0}")]
    Silent(String),
}

/// The status with which `ssh` itself fails.
const OF_SSH: i32 = 255;

impl SshFault {
    pub(crate) fn of(status: std::io::Result<std::process::ExitStatus>, said: &str) -> Self {
        let said = said.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
        match status.map(|status| status.code()) {
            Ok(Some(OF_SSH)) if !said.is_empty() => Self::NotIn(said),
            Ok(Some(status)) if status != OF_SSH && (status != 0 || !said.is_empty()) => {
                Self::Ended { status, said }
            }
            Ok(Some(status)) => Self::Silent(format!("status {status}")),
            Ok(None) => Self::Silent("by a signal".to_owned()),
            Err(error) => Self::Silent(error.to_string()),
        }
    }

    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoProgram => "install OpenSSH's client",
            Self::NotIn(_) => {
                "the same `ssh` by hand shows more: `ssh -v` with the account and host of the address"
            }
            Self::Ended { .. } => {
                "the other side needs the docker CLI 18.09 or newer in its PATH, or `wharf dial-stdio` in its place"
            }
            Self::Silent(_) => "the same `ssh` by hand shows more: `ssh HOST docker system dial-stdio`",
        }
    }

    /// The one that is behind an error.
    pub(crate) fn behind(error: &(dyn StdError + 'static)) -> Option<Self> {
        crate::tls::behind(error)
    }
}

//! Exit codes: an interface, documented in `docs/reference/exit-codes.md`.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Failed. Also moby-derp's code for every error.
    Failed,
    /// Usage or configuration is wrong; also `plan --detailed-exit-code` with changes, as Terraform's.
    Usage,
    /// Denied by policy.
    Denied,
    /// The engine cannot be reached.
    Unreachable,
    /// Some of it was done; what is left was listed.
    Partly,
    /// Interrupted by the user.
    Interrupted,
    /// A command that ran in a container ended with this.
    Status(u8),
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Denied => 3,
            Self::Unreachable => 4,
            Self::Partly => 5,
            Self::Interrupted => 130,
            Self::Status(status) => status,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

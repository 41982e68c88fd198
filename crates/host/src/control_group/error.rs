//! Why a tenant's control group is not as it should be.

use std::fmt;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why tenants' control groups cannot be held.
#[derive(Debug, Error)]
pub enum ControlGroupError {
    /// The kernel lacks a controller, or another hierarchy has it.
    #[error(
        "the kernel's control groups have no controller `{controller}` where the engine would use it; boot with it \
         enabled, or have the engine use the driver `systemd`"
    )]
    NoController {
        /// `cpu`, `memory` or `pids`.
        controller: &'static str,
    },
    /// Not a name that a tenant's group has.
    #[error("`{0}` is not the name of a tenant's control group")]
    Name(String),
    /// The file system of control groups would not have it.
    #[error("cannot {action} `{}`; wharf must be root where the engine's control groups are", path.display())]
    Failed {
        /// What was tried: `make`, `read`, `write`.
        action: &'static str,
        /// What it was tried on.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no `systemctl` that only root could have put there.
    #[error(
        "there is no program `systemctl` in {searched}; the engine's driver is `systemd`, and so must the host be"
    )]
    NoSystemctl {
        /// Where it was looked for.
        searched: String,
    },
    /// It would not run.
    #[error("cannot run `{}`", path.display())]
    Start {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It said no.
    #[error("`systemctl {arguments}` failed: {said}")]
    Systemctl {
        /// Its arguments.
        arguments: String,
        /// Its words.
        said: String,
    },
}

/// A limit that could not be lowered, because more is in use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// The group.
    pub group: String,
    /// What it limits: `memory`, `memory and swap`, `cpus`.
    pub limit: &'static str,
    /// In whose way it is, and what to do.
    pub reason: &'static str,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "control group `{}` keeps its former limit of {}: {}", self.group, self.limit, self.reason)
    }
}

impl Refused {
    pub(super) fn in_use(group: &str, limit: &'static str) -> Self {
        let reason = "its containers use more than is granted now; stop some of them";
        Self { group: group.to_owned(), limit, reason }
    }

    pub(super) fn child_has_more(group: &str) -> Self {
        let reason = "a container in it has more cpus than is granted now; update or remove that (`docker update --cpus`)";
        Self { group: group.to_owned(), limit: "cpus", reason }
    }
}

//! Why secrets have no place.

use crate::alone::NotAlone;
use crate::kind::shown;
use rustix::io::Errno;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why secrets cannot be put, or looked for, where containers find them.
#[derive(Debug, Error)]
pub enum SecretPlaceError {
    /// Somebody else could change what is above it.
    #[error(transparent)]
    NotAlone(#[from] NotAlone),
    /// A mount whose content may reach a disk.
    #[error(
        "`{}` is no memory that is never swapped out (tmpfs with `noswap`, or ramfs); unmount it, and wharf mounts it anew",
        shown(path)
    )]
    NotMemory {
        /// Where.
        path: PathBuf,
    },
    /// Others could look into it.
    #[error("`{}` (mode {mode:04o}) is not root's alone; `chmod 0700` it", shown(path))]
    Open {
        /// Where.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Something is there already.
    #[error(
        "`{}` is not empty, and memory mounted there would hide what it has; give `secret_place` another directory",
        shown(path)
    )]
    NotEmpty {
        /// Where.
        path: PathBuf,
    },
    /// It cannot be mounted.
    #[error("cannot mount memory for secrets at `{}`; only root can", shown(path))]
    Mount {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A link where a directory or a file should be.
    #[error("`{}` is a link, or no directory; remove it", shown(path))]
    Strange {
        /// Where.
        path: PathBuf,
    },
    /// The system's answer.
    #[error("cannot use `{}`", shown(path))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl SecretPlaceError {
    pub(super) fn at(path: &Path, errno: Errno) -> Self {
        match errno {
            Errno::LOOP | Errno::NOTDIR | Errno::ISDIR => Self::Strange { path: path.to_owned() },
            other => Self::of(path, other.into()),
        }
    }

    pub(super) fn of(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

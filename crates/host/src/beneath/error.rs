//! Why something below the mount root is refused, and what to do about it. Never shows a file's content.

use crate::alone::NotAlone;
use crate::kind::{FileKind, shown};
use crate::regular::Obstacle;
use rustix::io::Errno;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a mount's source, or a file below a pod's directory, is refused.
#[derive(Debug, Error)]
pub enum SourceError {
    /// A component above the source could be changed by somebody else than root.
    #[error(transparent)]
    NotAlone(#[from] NotAlone),
    /// A component, or its end, is a symbolic link.
    #[error("`{}` is a symbolic link, or lies behind one; put the directory itself there", shown(path))]
    Link {
        /// Where.
        path: PathBuf,
    },
    /// A component that should lead on does not.
    #[error("`{}` is {kind}, not a directory", shown(path))]
    NotADirectory {
        /// Where.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// Neither a directory nor a regular file.
    #[error("`{}` is {kind}; only directories and regular files can be mounted", shown(path))]
    NotMountable {
        /// Where.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// To be read, and not a regular file.
    #[error("`{}` is {kind}, not a regular file", shown(path))]
    NotRegular {
        /// Where.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// To be read, and not there.
    #[error("`{}` does not exist", shown(path))]
    Missing {
        /// Where.
        path: PathBuf,
    },
    /// To be read, and known by another name as well.
    #[error(
        "`{}` has {links} names (hard links), so it may be somebody else's file; replace it by a copy",
        shown(path)
    )]
    HardLinked {
        /// Where.
        path: PathBuf,
        /// How many names.
        links: u64,
    },
    /// To be read, and more than the limit.
    #[error("`{}` has more than {limit} bytes", shown(path))]
    TooLarge {
        /// Where.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// There before any tenant of that name was.
    #[error(
        "`{}` was not made for this tenant, and is not empty; the administrator moves it away, or calls the tenant otherwise",
        shown(path)
    )]
    NotTheTenants {
        /// Where.
        path: PathBuf,
    },
    /// Somebody moved things about while they were looked at.
    #[error("`{}` changed while it was being looked at; run again when nothing else moves it", shown(path))]
    Changed {
        /// Where.
        path: PathBuf,
    },
    /// Any other answer of the system's.
    #[error("cannot use `{}`", shown(path))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl SourceError {
    /// The command that mends it, where one does.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::NotAlone(reason) => reason.mend(),
            _ => None,
        }
    }

    pub(crate) fn at(path: &Path, errno: Errno) -> Self {
        let path = path.to_owned();
        match errno {
            Errno::NOENT => Self::Missing { path },
            // openat2 with RESOLVE_NO_SYMLINKS, resp. with RESOLVE_BENEATH.
            Errno::LOOP | Errno::XDEV => Self::Link { path },
            Errno::AGAIN => Self::Changed { path },
            other => Self::Io { path, source: other.into() },
        }
    }

    pub(crate) fn of(path: &Path, obstacle: Obstacle, limit: u64) -> Self {
        let path = path.to_owned();
        match obstacle {
            Obstacle::NotRegular(FileKind::Link) => Self::Link { path },
            Obstacle::NotRegular(kind) => Self::NotRegular { path, kind },
            Obstacle::Process => Self::NotRegular { path, kind: FileKind::Other },
            Obstacle::TooLarge => Self::TooLarge { path, limit },
            Obstacle::Io(source) => Self::Io { path, source },
        }
    }
}

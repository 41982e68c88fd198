//! Why a directory is not bound. Says no more than the account could find out by itself.

use crate::path::shown;
use rustix::fs::FileType;
use std::fmt;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// A bind that is refused. Every message ends with what to do instead.
#[derive(Debug, Error)]
pub enum Refusal {
    /// Relative, climbing, or no text.
    #[error("`{}` {why}; write the path from `/`, without `..`", shown(path))]
    NotPlain {
        /// As given.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Not in the place that was granted.
    #[error(
        "`{}` is outside `{}`, which is what may be bound; use a named volume",
        shown(path),
        shown(granted)
    )]
    Outside {
        /// As given.
        path: PathBuf,
        /// What was granted.
        granted: PathBuf,
    },
    /// The whole machine was granted.
    #[error("`/` cannot be granted; the administrator names directories")]
    Root,
    /// Writing was asked for where only reading is granted.
    #[error("`{}` may be bound for reading only; add `:ro`", shown(path))]
    ReadOnlyGrant {
        /// As given.
        path: PathBuf,
    },
    /// Nothing there.
    #[error("`{}` does not exist; make it first", shown(path))]
    Missing {
        /// As given.
        path: PathBuf,
    },
    /// Nothing there, and the account may not make it.
    #[error("`{}` does not exist, and account `{account}` may not make it; make it first", shown(path))]
    NotMade {
        /// What is missing.
        path: PathBuf,
        /// Whose rights were too few.
        account: String,
    },
    /// The account may not pass, or not read.
    #[error(
        "account `{account}` has no right to `{}`; bind what it can read, or use a named volume",
        shown(path)
    )]
    Denied {
        /// The first place where it failed, as far as that is known.
        path: PathBuf,
        /// Whose rights were too few.
        account: String,
    },
    /// A symbolic link on the way or at the end.
    #[error("`{}` is, or goes through, a symbolic link; write the path that it leads to", shown(path))]
    Link {
        /// As given, or the component that is known to be one.
        path: PathBuf,
    },
    /// Something is mounted on the way.
    #[error(
        "`{}` is on another file system than `{}`; have the administrator grant it by itself",
        shown(path),
        shown(granted)
    )]
    CrossesMount {
        /// As given.
        path: PathBuf,
        /// Where the walk began.
        granted: PathBuf,
    },
    /// No directory and no regular file.
    #[error("`{}` is {kind}; only directories and regular files are bound", shown(path))]
    NotBindable {
        /// As given.
        path: PathBuf,
        /// What it is.
        kind: Kind,
    },
    /// In the account's home, but another's.
    #[error(
        "`{}` belongs to user {owner}, not to account `{account}`; give it to the account, or use a named volume",
        shown(path)
    )]
    ForeignOwner {
        /// As given.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// Whose it should be.
        account: String,
    },
    /// Somebody else than root could exchange what was granted.
    #[error(
        "`{}` (user {owner}, mode {mode:04o}) is above what was granted, and not root's alone; the administrator mends that",
        shown(component)
    )]
    WeakAncestor {
        /// Which directory.
        component: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// Its permissions.
        mode: u32,
    },
    /// A kind of file system that is not bound: the kernel's own views, other machines', the account's own programs'.
    #[error(
        "`{}` is on a file system of a kind (0x{magic:x}) that is not bound; use a named volume",
        shown(path)
    )]
    FileSystem {
        /// As given.
        path: PathBuf,
        /// The kind, as statfs(2) tells it.
        magic: u64,
    },
    /// The kernel or the file system has no mounts with mapped ids.
    #[error(
        "the kernel cannot map ids on the file system of `{}` (it needs Linux 5.12, and a file system that can); use a named volume",
        shown(path)
    )]
    NoIdMaps {
        /// As given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file system that does not answer, or too many openings at once.
    #[error("`{}` did not answer in time; put it on a local disk, or use a named volume", shown(path))]
    TooSlow {
        /// As given.
        path: PathBuf,
    },
    /// This process may not act as the account, so it opens nothing.
    #[error(
        "cannot take the identity of account `{account}`: wharf needs to be root, with CAP_SETUID and CAP_SETGID"
    )]
    CannotBecome {
        /// Whose.
        account: String,
        /// What the system said.
        source: io::Error,
    },
    /// Any other answer of the system's.
    #[error("cannot open `{}`; use a named volume", shown(path))]
    Io {
        /// As given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The sort of a file, as inode(7) tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is what its name says")]
pub enum Kind {
    Regular,
    Directory,
    Link,
    Fifo,
    Socket,
    Device,
    Other,
}

impl Kind {
    pub(crate) fn of_mode(raw: u32) -> Self {
        match FileType::from_raw_mode(raw) {
            FileType::RegularFile => Self::Regular,
            FileType::Directory => Self::Directory,
            FileType::Symlink => Self::Link,
            FileType::Fifo => Self::Fifo,
            FileType::Socket => Self::Socket,
            FileType::BlockDevice | FileType::CharacterDevice => Self::Device,
            FileType::Unknown => Self::Other,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "a regular file",
            Self::Directory => "a directory",
            Self::Link => "a symbolic link",
            Self::Fifo => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Other => "neither a file nor a directory",
        })
    }
}

//! Copying a folder into the home, one way: what is new or changed is written, what disappeared is deleted.
//!
//! The near side says what there is, entry by entry, parents first. The far side looks at what it has and says which contents it
//! wants; these are sent, and it answers with what it did. A file is whole or as it was: it is written beside its place and
//! renamed into it. Links are copied as links, and none is followed on either side.
//!
//! An archive goes the same way, from wherever it is read ([`Source`]): into the home itself, and nothing is deleted ([`add`]).

mod entry;
mod excludes;
mod receive;
mod send;

pub use entry::{Entry, EntryKind};
pub use excludes::{Excludes, ExcludesError};
pub use receive::{add, receive};
pub use send::{Source, send, send_all};

use serde::{Deserialize, Serialize};

/// What a copy did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synced {
    /// Files, directories and links that were made or changed.
    pub written: u64,
    /// Those that were removed.
    pub deleted: u64,
    /// Those that were as they should be.
    pub unchanged: u64,
    /// Bytes of content that were sent.
    pub bytes: u64,
}

/// Why a folder was not copied whole.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Something here could not be read or written.
    #[error("`{path}`: {source}")]
    Local {
        /// What.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The stream broke.
    #[error("the connection broke: {0}")]
    Stream(#[from] std::io::Error),
    /// The other side says no.
    #[error("{0}")]
    Refused(String),
    /// The other side says what makes no sense.
    #[error("the other side does not speak this protocol: {0}")]
    Malformed(#[from] crate::frame::Malformed),
    /// More entries than are believed.
    #[error("more than {most} files, directories and links")]
    TooMany {
        /// The most that there may be.
        most: usize,
    },
    /// A directory that would have to go, and has something in it that nothing may touch.
    #[error("`{0}` is a directory with something excluded in it, and here it is none")]
    InTheWay(String),
    /// A path that leads elsewhere.
    #[error("`{0}` is no path below the home, free of `..` and of links")]
    Elsewhere(String),
}

/// The most entries of one folder: what each side holds in memory is bounded.
const MOST_ENTRIES: usize = 500_000;

#[cfg(test)]
mod tests;

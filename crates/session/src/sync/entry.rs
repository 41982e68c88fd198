//! What is said of one file, directory or link.

use serde::{Deserialize, Serialize};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Item {
    /// What matches this is neither written nor deleted. Before all entries.
    Exclude(String),
    /// What there is.
    Entry(Entry),
}

/// One file, directory or link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The names from the folder down to it. Names are bytes.
    pub path: Vec<Vec<u8>>,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry is. Of modes only the nine bits of permission count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is what its name says")]
pub enum EntryKind {
    Directory {
        mode: u32,
    },
    /// The time of its last change is since 1970.
    File {
        mode: u32,
        size: u64,
        seconds: i64,
        nanoseconds: u32,
    },
    Link {
        target: Vec<u8>,
    },
}

impl Entry {
    /// Whether each of its names is one: not empty, not `.` or `..`, without `/` and NUL.
    pub(super) fn is_below(&self) -> bool {
        !self.path.is_empty() && self.path.iter().all(|name| is_name(name))
    }
}

/// Whether this is the name of something in a directory.
pub(super) fn is_name(name: &[u8]) -> bool {
    !matches!(name, b"" | b"." | b"..")
        && name.len() <= 255
        && !name.iter().any(|byte| matches!(byte, b'/' | 0))
}

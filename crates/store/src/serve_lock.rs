//! One `wharf serve` for each engine, and for each network namespace: two would take each other's rules and names.

use crate::holder::Holder;
use crate::lock_file::{LockFile, LockFileError, Taken, described};
use std::path::Path;
use thiserror::Error;

/// Such a lock, held until this value is dropped or the process ends. Not inherited by programs that are started.
#[derive(Debug)]
#[must_use = "the lock is let go when this value is dropped"]
pub struct ServeLock {
    _file: LockFile,
}

/// What there is one of for each `wharf serve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// An engine, by the id that it gave itself.
    Engine(String),
    /// A network namespace, by its device and inode.
    Network(u64, u64),
}

/// Why a lock is not held.
#[derive(Debug, Error)]
pub enum ServeLockError {
    /// Another has it.
    #[error("{} serves this {what} already; stop it first", described(holder.as_ref()))]
    Held {
        /// `engine`, `network namespace`.
        what: &'static str,
        /// What the holder says of itself; `None` when it has not said.
        holder: Option<Holder>,
    },
    /// It cannot be asked for.
    #[error(transparent)]
    File(#[from] LockFileError),
}

impl ServeLock {
    /// Takes the lock of `served` in `dir` for `note`, or says who has it. `dir` is the same for all of this machine; it is
    /// made (0700) when it is missing, and its parent must exist.
    ///
    /// # Errors
    /// [`ServeLockError::Held`] when another has it.
    pub fn take(dir: &Path, served: &Served, note: &Holder) -> Result<Self, ServeLockError> {
        match LockFile::take(dir, &served.file_name(), note)? {
            Taken::Ours(file) => Ok(Self { _file: file }),
            Taken::Theirs(holder) => Err(ServeLockError::Held { what: served.what(), holder }),
        }
    }
}

impl Served {
    fn what(&self) -> &'static str {
        match self {
            Self::Engine(_) => "engine",
            Self::Network(..) => "network namespace",
        }
    }

    fn file_name(&self) -> String {
        match self {
            // An engine says what it likes.
            Self::Engine(id) => {
                let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
                format!("engine-{}.lock", id.chars().take(128).map(plain).collect::<String>())
            }
            Self::Network(device, inode) => format!("network-{device}-{inode}.lock"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    fn holder() -> Holder {
        Holder { pid: 7, verb: "serve".to_owned(), since: Moment::from_unix_millis(1_700_000_000_000) }
    }

    #[test]
    fn each_engine_and_each_network_has_one() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("serve");
        let engine = Served::Engine("ABCD:../../EFGH".to_owned());
        let first = ServeLock::take(&place, &engine, &holder()).unwrap();
        let _network = ServeLock::take(&place, &Served::Network(4, 1), &holder()).unwrap();
        let _other = ServeLock::take(&place, &Served::Network(4, 2), &holder()).unwrap();
        let refused = ServeLock::take(&place, &engine, &holder()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "process 7 (`wharf serve`, since 2023-11-14T22:13:20.000Z) serves this engine already; stop it first"
        );
        drop(first);
        let _next = ServeLock::take(&place, &engine, &holder()).unwrap();
        assert_eq!(std::fs::read_dir(place).unwrap().count(), 3);
    }
}

//! One wharf at a time that changes a workstation, of those on one machine.

use crate::holder::Holder;
use crate::lock_file::{LockFile, LockFileError, Taken, described};
use std::path::Path;
use thiserror::Error;
use wharf_model::WorkstationName;

/// A workstation's lock, held until this value is dropped or the process ends. Not inherited by programs that are started.
#[derive(Debug)]
#[must_use = "the lock is let go when this value is dropped"]
pub struct WorkstationLock {
    _file: LockFile,
}

/// Why a workstation's lock is not held.
#[derive(Debug, Error)]
pub enum WorkstationLockError {
    /// Another run has it.
    #[error("workstation `{name}` is being changed by {}; wait for it to end", described(holder.as_ref()))]
    Held {
        /// Whose lock.
        name: WorkstationName,
        /// What the holder says of itself; `None` when it has not said.
        holder: Option<Holder>,
    },
    /// It cannot be asked for.
    #[error(transparent)]
    File(#[from] LockFileError),
}

impl WorkstationLock {
    /// Takes the lock `<dir>/.<name>.lock` for `note`, or says who has it. `dir` is made (0700) when it is missing; its
    /// parent must exist.
    ///
    /// # Errors
    /// [`WorkstationLockError::Held`] when another run has it.
    pub fn try_acquire(
        dir: &Path,
        name: &WorkstationName,
        note: &Holder,
    ) -> Result<Self, WorkstationLockError> {
        match LockFile::take(dir, &format!(".{name}.lock"), note)? {
            Taken::Ours(file) => Ok(Self { _file: file }),
            Taken::Theirs(holder) => Err(WorkstationLockError::Held { name: name.clone(), holder }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    #[test]
    fn one_run_has_it_and_the_other_is_told_which() {
        let dir = std::env::temp_dir().join(format!("wharf-workstation-lock-{}", std::process::id()));
        let note =
            Holder { pid: 7, verb: "shell foo --upgrade".to_owned(), since: Moment::from_unix_millis(0) };
        let (foo, other) = ("foo".parse().unwrap(), "foo-bar".parse().unwrap());
        let held = WorkstationLock::try_acquire(&dir, &foo, &note).unwrap();
        let _not_its = WorkstationLock::try_acquire(&dir, &other, &note).unwrap();
        let refused = WorkstationLock::try_acquire(&dir, &foo, &note).unwrap_err().to_string();
        assert!(
            refused.contains("process 7 (`wharf shell foo --upgrade`, since 1970-01-01T00:00:00.000Z)"),
            "{refused}"
        );
        drop(held);
        let again = WorkstationLock::try_acquire(&dir, &foo, &note);
        std::fs::remove_dir_all(&dir).unwrap();
        drop(again.unwrap());
    }
}

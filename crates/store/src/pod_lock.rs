//! One wharf at a time per pod.

use crate::holder::Holder;
use crate::lock_file::{LockFile, LockFileError, Taken, described};
use std::ops::ControlFlow;
use std::path::Path;
use thiserror::Error;
use wharf_model::PodName;

/// A pod's lock, held until this value is dropped or the process ends. Not inherited by programs that are started.
#[derive(Debug)]
#[must_use = "the lock is let go when this value is dropped"]
pub struct PodLock {
    _file: LockFile,
}

/// Why a lock is not held.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another run has it.
    #[error("pod `{pod}` is held by {}; wait for it to end, or run again with `--wait`", described(holder.as_ref()))]
    Held {
        /// Whose lock.
        pod: PodName,
        /// What the holder says of itself; `None` when it has not said.
        holder: Option<Holder>,
    },
    /// It cannot be asked for.
    #[error(transparent)]
    File(#[from] LockFileError),
}

impl PodLock {
    /// Takes the lock `<dir>/<pod>.lock` for `note`, or says who has it. `dir` is made (0700) when it is missing; its
    /// parent must exist.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run has it.
    pub fn try_acquire(dir: &Path, pod: &PodName, note: &Holder) -> Result<Self, LockError> {
        match LockFile::take(dir, &format!("{pod}.lock"), note)? {
            Taken::Ours(file) => Ok(Self { _file: file }),
            Taken::Theirs(holder) => Err(LockError::Held { pod: pod.clone(), holder }),
        }
    }

    /// As [`Self::try_acquire`], again and again. While another run has the lock, `pause` is told who; it waits a little
    /// and says whether to go on.
    ///
    /// # Errors
    /// [`LockError::Held`] when `pause` gives up.
    pub fn acquire_waiting(
        dir: &Path,
        pod: &PodName,
        note: &Holder,
        mut pause: impl FnMut(Option<&Holder>) -> ControlFlow<()>,
    ) -> Result<Self, LockError> {
        loop {
            match Self::try_acquire(dir, pod, note) {
                Err(LockError::Held { pod, holder }) => {
                    if pause(holder.as_ref()).is_break() {
                        return Err(LockError::Held { pod, holder });
                    }
                }
                other => return other,
            }
        }
    }
}

#[cfg(test)]
mod tests;

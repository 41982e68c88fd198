//! One wharf at a time per pod: a lock that the kernel lets go of when its holder ends, however it ends.
//!
//! The file stays when the lock is let go: removing it would let two runs hold two files of one name.

use crate::holder::{Holder, MOST_BYTES};
use crate::own_file::{OwnFileError, open_dir, open_file};
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, OFlags, flock, ftruncate};
use rustix::io::{Errno, pread, pwrite};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use thiserror::Error;
use wharf_model::PodName;

/// A pod's lock, held until this value is dropped or the process ends. Not inherited by programs that are started.
#[derive(Debug)]
#[must_use = "the lock is let go when this value is dropped"]
pub struct PodLock {
    file: OwnedFd,
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
    /// The lock's file or directory is not to be trusted.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// The system's answer.
    #[error("cannot lock `{}`", path.display())]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl PodLock {
    /// Takes the lock `<dir>/<pod>.lock` for `note`, or says who has it. `dir` is made (0700) when it is missing; its
    /// parent must exist.
    ///
    /// # Errors
    /// [`LockError::Held`] when another run has it.
    pub fn try_acquire(dir: &Path, pod: &PodName, note: &Holder) -> Result<Self, LockError> {
        let path = dir.join(format!("{pod}.lock"));
        let file = open_file(&open_dir(dir)?, &path, OFlags::empty())?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                return Err(LockError::Held { pod: pod.clone(), holder: read_note(&file) });
            }
            Err(errno) => return Err(LockError::Io { path, source: errno.into() }),
        }
        write_note(&file, note).map_err(|errno| LockError::Io { path, source: errno.into() })?;
        Ok(Self { file })
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

impl Drop for PodLock {
    fn drop(&mut self) {
        // The note is only a help: one left behind is overwritten by the next holder.
        let _ = ftruncate(&self.file, 0);
        // Said, not left to the closing of the file: a program being started on another thread has a copy of the
        // descriptor until its exec. Should this fail, closing does it a moment later.
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

pub(crate) fn described(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another wharf".to_owned(), Holder::to_string)
}

pub(crate) fn write_note(file: &OwnedFd, note: &Holder) -> Result<(), Errno> {
    ftruncate(file, 0)?;
    // A note cut short reads back as none.
    pwrite(file, note.note().as_bytes(), 0).map(|_| ())
}

pub(crate) fn read_note(file: &OwnedFd) -> Option<Holder> {
    let mut bytes = vec![0; usize::try_from(MOST_BYTES).ok()?];
    let length = pread(file, &mut bytes, 0).ok()?;
    Holder::from_note(bytes.get(..length)?)
}

#[cfg(test)]
mod tests;

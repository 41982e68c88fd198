//! A file that one process at a time has: a lock that the kernel lets go of when its holder ends, however it ends, with a
//! note of who that is.
//!
//! The file stays when the lock is let go: removing it would let two hold two files of one name.

use crate::holder::{Holder, MOST_BYTES};
use crate::own_file::{OwnFileError, open_dir, open_file};
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, OFlags, flock, ftruncate};
use rustix::io::{Errno, pread, pwrite};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A lock, held until this value is dropped or the process ends. Not inherited by programs that are started.
#[derive(Debug)]
pub(crate) struct LockFile {
    file: OwnedFd,
}

/// What came of asking for it.
pub(crate) enum Taken {
    /// It is ours.
    Ours(LockFile),
    /// Another has it, and says this of itself; `None` when it has not said.
    Theirs(Option<Holder>),
}

/// Why it cannot be asked for.
#[derive(Debug, Error)]
pub enum LockFileError {
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

impl LockFile {
    /// Takes `<dir>/<name>` for `note`. `dir` is made (0700) when it is missing; its parent must exist.
    pub(crate) fn take(dir: &Path, name: &str, note: &Holder) -> Result<Taken, LockFileError> {
        let path = dir.join(name);
        let file = open_file(&open_dir(dir)?, &path, OFlags::empty())?;
        let taken = match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => write_note(&file, note).map(|()| Taken::Ours(Self { file })),
            Err(Errno::WOULDBLOCK) => Ok(Taken::Theirs(read_note(&file))),
            Err(errno) => Err(errno),
        };
        taken.map_err(|errno| LockFileError::Io { path, source: errno.into() })
    }
}

impl Drop for LockFile {
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

fn write_note(file: &OwnedFd, note: &Holder) -> Result<(), Errno> {
    ftruncate(file, 0)?;
    // A note cut short reads back as none.
    pwrite(file, note.note().as_bytes(), 0).map(|_| ())
}

fn read_note(file: &OwnedFd) -> Option<Holder> {
    let mut bytes = vec![0; usize::try_from(MOST_BYTES).ok()?];
    let length = pread(file, &mut bytes, 0).ok()?;
    Holder::from_note(bytes.get(..length)?)
}

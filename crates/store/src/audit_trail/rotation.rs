//! Putting a large trail aside: `audit.jsonl` becomes `.1`, `.1` becomes `.2`, and the oldest goes.
//!
//! Killed between two renames, it leaves a number free; the next time everything below that number moves up and nothing
//! goes. Only one process at a time does it: whoever holds the lock of the file that is at the path.

use crate::own_file::FileId;
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, flock, fstat, lstat};
use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};

/// How many files are kept beside the one that grows.
pub(crate) const KEPT: u8 = 8;

/// When to put aside, and how many to keep.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation {
    /// Bytes that a file may have.
    pub(crate) at: u64,
    /// Files kept.
    pub(crate) kept: u8,
}

impl Default for Rotation {
    fn default() -> Self {
        Self { at: 64 << 20, kept: KEPT }
    }
}

/// The trail's file of this number; 0 is the one that grows.
pub(crate) fn numbered(path: &Path, number: u8) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

impl Rotation {
    /// Puts `file` aside when it is still what lies at `path`. Does nothing while somebody else does it.
    pub(super) fn put_aside(&self, path: &Path, file: &OwnedFd) -> io::Result<()> {
        let Some(_turn) = Turn::take(file)? else { return Ok(()) };
        if FileId::of(&lstat(path)?) != FileId::of(&fstat(file)?) {
            return Ok(());
        }
        let free = (1..self.kept).find(|number| lstat(numbered(path, *number)).err() == Some(Errno::NOENT));
        for number in (1..=free.unwrap_or(self.kept)).rev() {
            std::fs::rename(numbered(path, number - 1), numbered(path, number))?;
        }
        Ok(())
    }
}

/// The right to rename; let go when dropped.
struct Turn<'a>(&'a OwnedFd);

impl<'a> Turn<'a> {
    /// `None` while somebody else has it.
    fn take(file: &'a OwnedFd) -> io::Result<Option<Self>> {
        match flock(file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Closing the file lets go as well, should this fail.
        let _ = flock(self.0, FlockOperation::Unlock);
    }
}

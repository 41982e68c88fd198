//! The directory under its lock: what is read, judged and written in one piece.

use super::{BOOK, IdentityBook, IdentityError, IdentityStore, OwnName, book};
use crate::lock_file::{LockFile, Taken};
use crate::own_file::{open_dir, replace};
use crate::{Holder, Moment};
use rustix::fs::{AtFlags, Mode, fchmod, fsync, unlinkat};
use rustix::io::Errno;
use std::path::Path;
use std::time::Duration;

/// The directory, and nobody else changes it until this value is dropped or the process ends.
#[derive(Debug)]
#[must_use = "the lock is let go when this value is dropped"]
pub struct HeldIdentity<'a> {
    store: &'a IdentityStore,
    now: Moment,
    _lock: LockFile,
}

const LOCK: &str = "identity.lock";
/// Who has the lock has it for some milliseconds.
const TRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

impl<'a> HeldIdentity<'a> {
    pub(super) fn take(store: &'a IdentityStore, now: Moment) -> Result<Self, IdentityError> {
        make_private(&store.directory)?;
        let note = Holder { pid: std::process::id(), verb: "identity".to_owned(), since: now };
        let mut holder = None;
        for _ in 0..TRIES {
            match LockFile::take(&store.directory, LOCK, &note)? {
                Taken::Ours(lock) => return Ok(Self { store, now, _lock: lock }),
                Taken::Theirs(theirs) => holder = theirs,
            }
            std::thread::sleep(PAUSE);
        }
        Err(IdentityError::Busy(holder))
    }

    /// As [`IdentityStore::change`].
    ///
    /// # Errors
    /// What `change` says, or when the book cannot be read or written.
    pub fn change<T, E: From<IdentityError>>(
        &self,
        change: impl FnOnce(&mut IdentityBook) -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.store.read_book()?.ok_or(IdentityError::NoAuthority)?;
        let mut book = before.clone();
        book.prune(self.now);
        let done = change(&mut book)?;
        if book != before {
            self.write_book(&book)?;
        }
        Ok(done)
    }

    /// Puts a book in its predecessor's place.
    ///
    /// # Errors
    /// When it cannot be written, or would be larger than what is read.
    pub fn write_book(&self, book: &IdentityBook) -> Result<(), IdentityError> {
        let path = self.store.path(BOOK);
        let text = serde_json::to_vec_pretty(book);
        let text = text.map_err(|source| IdentityError::Damaged { path: path.clone(), source })?;
        if u64::try_from(text.len()).is_ok_and(|length| length <= book::MOST_BYTES) {
            return Ok(replace(&self.store.directory, BOOK, &text)?);
        }
        Err(IdentityError::TooLarge { path, most: book::MOST_BYTES })
    }

    /// Puts a file in its predecessor's place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: OwnName, content: &[u8]) -> Result<(), IdentityError> {
        Ok(replace(&self.store.directory, name.file_name(), content)?)
    }

    /// Removes a file, if there is one.
    ///
    /// # Errors
    /// When it stays.
    pub fn remove(&self, name: OwnName) -> Result<(), IdentityError> {
        let directory = open_dir(&self.store.directory)?;
        let removed = match unlinkat(&directory, name.file_name(), AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            other => other.and_then(|()| fsync(&directory)),
        };
        removed.map_err(|errno| self.store.failed(name.file_name(), errno.into()))
    }

    /// When it was taken.
    pub fn now(&self) -> Moment {
        self.now
    }
}

/// Nobody else has business there, whatever its mode has become.
fn make_private(directory: &Path) -> Result<(), IdentityError> {
    let failed = |errno: Errno| IdentityError::Io { path: directory.to_owned(), source: errno.into() };
    let is_new = directory.symlink_metadata().is_err();
    fchmod(open_dir(directory)?, Mode::RWXU).map_err(failed)?;
    // What is in it is lost with it when the power fails.
    match directory.parent() {
        Some(parent) if is_new => fsync(open_dir(parent)?).map_err(failed),
        _ => Ok(()),
    }
}

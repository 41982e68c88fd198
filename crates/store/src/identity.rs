//! The identity directory, `<state_dir>/identity`: the authority, the server's certificate, and the book of who was let in.
//!
//! No cryptography here: files, in the order that a crash can do no harm in. The rules, which hold at every moment:
//!
//! - Each file takes its predecessor's place whole, by one rename.
//! - There is an authority when `authority.pem` is there: everything else of a new one is written before it. A book without
//!   it is what an unfinished beginning left; an authority without its book has lost what it must not lose, and is an error.
//! - `former.pem` is written before the new `authority.pem`, so that there is no moment at which nobody's certificate holds.
//! - What is read, judged and written in one piece is so under one lock ([`IdentityStore::hold`]).

mod book;
mod file;
mod held;
mod seen;

use crate::lock_file::LockFileError;
use crate::own_file::OwnFileError;
use crate::{Holder, Moment};
use file::Holds;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use thiserror::Error;

pub use book::{AuthorityKind, IdentityBook, Invitation, Issued};
pub use held::HeldIdentity;
pub use seen::Seen;

/// The identity directory.
#[derive(Debug, Clone)]
pub struct IdentityStore {
    directory: PathBuf,
}

/// A file of certificates and keys in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnName {
    /// `authority.pem`: the authority's certificate and its key, which may be sealed.
    Authority,
    /// `former.pem`: the authority before this one, certificate and key, until a rotation is finished. Clients know the
    /// server by it, so the server's certificate is of this one until then.
    Former,
    /// `server.pem`: the server's certificate, its authority's, and its key.
    Server,
}

/// What shows that a file of certificates is another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityStamp([Option<(SystemTime, u64, u64)>; 3]);

/// What shows that the book is another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookStamp(Option<(SystemTime, u64, u64)>);

/// Why the identity directory cannot be read or written.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The directory or a file in it is not wharf's alone.
    #[error(transparent)]
    Place(#[from] OwnFileError),
    /// The lock cannot be asked for.
    #[error(transparent)]
    Lock(#[from] LockFileError),
    /// Another process has the lock, and keeps it.
    #[error("{} is at work on the authority; try again when it has ended", crate::lock_file::described(.0.as_ref()))]
    Busy(Option<Holder>),
    /// The system's answer.
    #[error("cannot keep `{}`", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file with a key in it that others may have read.
    #[error(
        "`{}` (mode {mode:04o}) can be read by others, who may have copied the key; `chmod 600` it, and make a new \
         authority with `wharf ca rotate` if anybody could",
        path.display()
    )]
    Exposed {
        /// Which.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Not what wharf writes: guessing could let somebody in again whose certificate was revoked.
    #[error("`{}` is not understood; put back what was there", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// More than is read.
    #[error("`{}` would have more than {most} bytes; revoke what is not used", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// How much is read.
        most: u64,
    },
    /// The authority is there, and what was issued in its name is not known any more.
    #[error(
        "there is an authority and no `{}`: put back what was there, or move the directory away to begin anew with \
         `wharf ca init`",
        path.display()
    )]
    Lost {
        /// The book.
        path: PathBuf,
    },
    /// Nothing to change yet.
    #[error("this host has no authority yet; make one with `wharf ca init`")]
    NoAuthority,
}

const BOOK: &str = "identity.json";

impl OwnName {
    /// As it is called in the directory.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Authority => "authority.pem",
            Self::Former => "former.pem",
            Self::Server => "server.pem",
        }
    }
}

impl IdentityStore {
    /// The one of this state directory, which must exist. Nothing is made until something is written.
    pub fn within(state_dir: &Path) -> Self {
        Self { directory: state_dir.join("identity") }
    }

    /// Where it is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The book; `None` while there is no authority.
    ///
    /// # Errors
    /// When it cannot be read, is damaged, or is missing although there is an authority.
    pub fn read_book(&self) -> Result<Option<IdentityBook>, IdentityError> {
        if !self
            .path(OwnName::Authority.file_name())
            .try_exists()
            .map_err(|source| self.failed(BOOK, source))?
        {
            return Ok(None);
        }
        match file::read(&self.directory, BOOK, book::MOST_BYTES, Holds::NoKey)? {
            Some(text) => self.parsed(&text).map(Some),
            None => Err(IdentityError::Lost { path: self.path(BOOK) }),
        }
    }

    /// Changes the book, all or nothing: when `change` refuses, nothing is written. What is past is dropped from it.
    ///
    /// # Errors
    /// What `change` says, or when the book cannot be read or written.
    pub fn change<T, E: From<IdentityError>>(
        &self,
        now: Moment,
        change: impl FnOnce(&mut IdentityBook) -> Result<T, E>,
    ) -> Result<T, E> {
        self.hold(now)?.change(change)
    }

    /// Takes the lock, waiting up to ten seconds for it.
    ///
    /// # Errors
    /// [`IdentityError::Busy`] when somebody keeps it for longer.
    pub fn hold(&self, now: Moment) -> Result<HeldIdentity<'_>, IdentityError> {
        HeldIdentity::take(self, now)
    }

    /// What to compare with a later one: whoever has read the certificates reads them again when they differ.
    pub fn stamp(&self) -> IdentityStamp {
        let of = |name: OwnName| self.stamp_of(name.file_name());
        IdentityStamp([of(OwnName::Authority), of(OwnName::Former), of(OwnName::Server)])
    }

    /// The same for the book: one look at one file.
    pub fn book_stamp(&self) -> BookStamp {
        BookStamp(self.stamp_of(BOOK))
    }

    fn stamp_of(&self, name: &str) -> Option<(SystemTime, u64, u64)> {
        use std::os::unix::fs::MetadataExt;
        let facts = std::fs::symlink_metadata(self.path(name)).ok()?;
        Some((facts.modified().ok()?, facts.len(), facts.ino()))
    }

    /// A file's content; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or others can.
    pub fn read(&self, name: OwnName) -> Result<Option<Vec<u8>>, IdentityError> {
        file::read(&self.directory, name.file_name(), file::MOST_BYTES, Holds::Key)
    }

    /// Puts a file in its predecessor's place, under the lock.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: OwnName, content: &[u8], now: Moment) -> Result<(), IdentityError> {
        self.hold(now)?.write(name, content)
    }

    fn parsed(&self, text: &[u8]) -> Result<IdentityBook, IdentityError> {
        serde_json::from_slice(text)
            .map_err(|source| IdentityError::Damaged { path: self.path(BOOK), source })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    fn failed(&self, name: &str, source: std::io::Error) -> IdentityError {
        IdentityError::Io { path: self.path(name), source }
    }
}

#[cfg(test)]
mod tests;

//! A folder of small files that a person named, held while one of them is changed: with that person's rights, never with
//! more, and whoever reads meanwhile finds the file from before or the new one.

use crate::caller::Caller;
use crate::identity;
use rustix::fd::OwnedFd;
use rustix::fs::{
    AtFlags, CWD, FileType, FlockOperation, Mode, OFlags, Stat, fchmod, fchown, flock, fstat, fsync, mkdirat,
    openat, renameat, statat, unlinkat,
};
use rustix::io::Errno;
use rustix::process::{Gid, Uid, geteuid};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;

/// A folder, and the lock of its files, until this value is dropped or the process ends.
#[derive(Debug)]
#[must_use = "the folder is let go when this value is dropped"]
pub struct HeldFolder {
    caller: Option<Caller>,
    path: PathBuf,
    folder: OwnedFd,
    made: bool,
}

/// Why a folder's file is not read or changed.
#[derive(Debug, Error)]
pub enum HeldFolderError {
    /// Another run holds it.
    #[error("`{}` has been held by another wharf for {} seconds; wait for it to end", path.display(), PATIENCE.as_secs())]
    Held {
        /// Which.
        path: PathBuf,
    },
    /// A link, a pipe or the like, which nobody needs here.
    #[error("`{}` is not {wanted}; remove it", path.display())]
    WrongKind {
        /// Which.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// More than the limit.
    #[error("`{}` has more than {limit} bytes", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// The system's answer.
    #[error("cannot {what} `{}`", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Whoever holds a folder changes one small file.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
const FOR_ALL_TO_READ: Mode = Mode::from_raw_mode(0o644);
const FOR_ALL_TO_ENTER: Mode = Mode::from_raw_mode(0o755);

impl HeldFolder {
    /// Holds a folder, made where it is missing (its parent must exist). Where there is a caller, by the caller's rights.
    ///
    /// # Errors
    /// See [`HeldFolderError`].
    pub fn hold(caller: Option<&Caller>, path: &Path) -> Result<Self, HeldFolderError> {
        let (folder, made) = as_caller(caller, || open_folder(path))?;
        let mut waited = Duration::ZERO;
        loop {
            match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) if waited < PATIENCE => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                Err(Errno::WOULDBLOCK) => return Err(HeldFolderError::Held { path: path.to_owned() }),
                Err(errno) => return Err(failed("lock", path, errno)),
            }
        }
        Ok(Self { caller: caller.cloned(), path: path.to_owned(), folder, made })
    }

    /// A file's content; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is no regular file, is larger than `limit` bytes, or cannot be read.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, HeldFolderError> {
        as_caller(self.caller.as_ref(), || {
            let path = self.path.join(name);
            let flags =
                OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            let file = match openat(&self.folder, name, flags, Mode::empty()) {
                Err(Errno::NOENT) => return Ok(None),
                Err(Errno::LOOP) => return Err(not_regular(path)),
                other => other.map_err(|errno| failed("read", &path, errno))?,
            };
            let stat = fstat(&file).map_err(|errno| failed("read", &path, errno))?;
            if !is_regular(&stat) {
                return Err(not_regular(path));
            }
            let mut bytes = Vec::new();
            let read = File::from(file).take(limit + 1).read_to_end(&mut bytes);
            read.map_err(|source| HeldFolderError::Io { what: "read", path: path.clone(), source })?;
            match u64::try_from(bytes.len()) {
                Ok(length) if length <= limit => Ok(Some(bytes)),
                _ => Err(HeldFolderError::TooLarge { path, limit }),
            }
        })
    }

    /// Puts a file in its predecessor's place, with its permissions and, where this account may give files away, its owner.
    /// A new one is the folder owner's where root makes it.
    ///
    /// # Errors
    /// When the one that is there is no regular file, or the new one cannot be written.
    pub fn replace(&self, name: &str, content: &[u8]) -> Result<(), HeldFolderError> {
        self.put(name, content, None)
    }

    /// The same, and everybody can read it, whatever the umask and whatever its predecessor; and look into the folder, where
    /// that was made for it.
    ///
    /// # Errors
    /// As [`Self::replace`].
    pub fn publish(&self, name: &str, content: &[u8]) -> Result<(), HeldFolderError> {
        if self.made {
            let opened = fchmod(&self.folder, FOR_ALL_TO_ENTER);
            opened.map_err(|errno| failed("open to everybody", &self.path, errno))?;
        }
        self.put(name, content, Some(FOR_ALL_TO_READ))
    }

    fn put(&self, name: &str, content: &[u8], mode: Option<Mode>) -> Result<(), HeldFolderError> {
        as_caller(self.caller.as_ref(), || {
            let path = self.path.join(name);
            let before = match statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) if is_regular(&stat) => Some(stat),
                Ok(_) => return Err(not_regular(path)),
                Err(Errno::NOENT) => None,
                Err(errno) => return Err(failed("look at", &path, errno)),
            };
            let draft = format!(".{name}.wharf-new");
            let written = self.write_draft(&draft, before.as_ref(), mode, content).and_then(|()| {
                renameat(&self.folder, &draft, &self.folder, name)?;
                Ok(fsync(&self.folder)?)
            });
            written.map_err(|source| HeldFolderError::Io { what: "write", path, source })
        })
    }

    fn write_draft(
        &self,
        draft: &str,
        before: Option<&Stat>,
        mode: Option<Mode>,
        content: &[u8],
    ) -> io::Result<()> {
        // What a run that was killed left; nobody else has the lock.
        match unlinkat(&self.folder, draft, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno.into()),
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.folder, draft, flags, FOR_ALL_TO_READ)?);
        if geteuid().is_root() {
            let owner = match before {
                Some(stat) => (stat.st_uid, stat.st_gid),
                None => fstat(&self.folder).map(|stat| (stat.st_uid, stat.st_gid))?,
            };
            fchown(&file, Some(Uid::from_raw(owner.0)), Some(Gid::from_raw(owner.1)))?;
        }
        if let Some(mode) = mode.or_else(|| before.map(|stat| Mode::from_raw_mode(stat.st_mode & 0o777))) {
            fchmod(&file, mode)?;
        }
        file.write_all(content)?;
        file.sync_all()
    }
}

/// The folder, and whether it was made.
fn open_folder(path: &Path) -> Result<(OwnedFd, bool), HeldFolderError> {
    let made = match mkdirat(CWD, path, FOR_ALL_TO_ENTER) {
        Ok(()) => true,
        Err(Errno::EXIST) => false,
        Err(errno) => return Err(failed("make", path, errno)),
    };
    // The last part may be no link: where root works in somebody's folder, it would lead wherever that person likes.
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = match openat(CWD, path, flags, Mode::empty()) {
        Err(Errno::NOTDIR | Errno::LOOP) => {
            return Err(HeldFolderError::WrongKind { path: path.to_owned(), wanted: "a directory" });
        }
        other => other.map_err(|errno| failed("open", path, errno))?,
    };
    if made && geteuid().is_root() {
        let above = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let stat = statat(CWD, above, AtFlags::empty()).map_err(|errno| failed("look at", above, errno))?;
        let (uid, gid) = (Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid));
        fchown(&folder, Some(uid), Some(gid)).map_err(|errno| failed("make", path, errno))?;
    }
    Ok((folder, made))
}

/// On a thread of its own, which keeps the caller's identity for the rest of its life.
fn as_caller<T: Send>(
    caller: Option<&Caller>,
    work: impl FnOnce() -> Result<T, HeldFolderError> + Send,
) -> Result<T, HeldFolderError> {
    let Some(caller) = caller else { return work() };
    let ended = |source| HeldFolderError::Io {
        what: "take the identity of the owner of",
        path: PathBuf::from(caller.name()),
        source,
    };
    let work = || {
        identity::assume(caller).map_err(|errno| ended(errno.into()))?;
        work()
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("wharf-writer".to_owned()).spawn_scoped(scope, work);
        let no_answer = || ended(io::Error::other("the writing thread ended without an answer"));
        thread.map_err(ended)?.join().unwrap_or_else(|_| Err(no_answer()))
    })
}

fn is_regular(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

fn not_regular(path: PathBuf) -> HeldFolderError {
    HeldFolderError::WrongKind { path, wanted: "a regular file" }
}

fn failed(what: &'static str, path: &Path, errno: Errno) -> HeldFolderError {
    HeldFolderError::Io { what, path: path.to_owned(), source: errno.into() }
}

#[cfg(test)]
mod tests;

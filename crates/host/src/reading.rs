//! Reading a file that a person named: with that person's rights, never with more.
//!
//! The open and the read happen on a thread of their own that has the caller's identity, so whether a file exists, and
//! whether it may be read, is answered as the kernel would answer the caller.

use crate::caller::Caller;
use crate::identity;
use crate::kind::{FileKind, shown};
use crate::regular::{self, Obstacle};
use crate::standing::Standing;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, fstat, openat2};
use rustix::io::Errno;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;
use thiserror::Error;

/// A file system of the caller's own (FUSE, a network's) can keep a reader waiting for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a file holds, and whose rights opened it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The whole content.
    pub bytes: Vec<u8>,
    /// Whether messages may show the content.
    pub rights: Rights,
}

/// Whose rights opened a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// The caller's: messages may quote the content.
    Caller,
    /// The account's that wharf runs as, because it cannot take the caller's identity: messages may show positions, but
    /// no content.
    Own,
}

/// Why a file was not read. Never says more than the caller could find out without wharf.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Nothing there, as far as the reader can see.
    #[error("`{}` does not exist, or is a link to what does not", shown(path))]
    Missing {
        /// As given.
        path: PathBuf,
    },
    /// The reader has no right to it.
    #[error("`{}` cannot be read: permission denied", shown(path))]
    Denied {
        /// As given.
        path: PathBuf,
    },
    /// Something else than a file.
    #[error("`{}` is {kind}, not a regular file", shown(path))]
    NotRegular {
        /// As given.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// In `/proc`, or reached through it.
    #[error("`{}` goes through /proc or too many links; name a regular file", shown(path))]
    Process {
        /// As given.
        path: PathBuf,
    },
    /// More than the limit.
    #[error("`{}` has more than {limit} bytes", shown(path))]
    TooLarge {
        /// As given.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// Wharf runs as root and yet may not act as the caller, so it opens nothing.
    #[error(
        "cannot take the identity of `{name}` to read `{}`; wharf needs CAP_SETUID and CAP_SETGID for that",
        shown(path)
    )]
    CannotBecome {
        /// As given.
        path: PathBuf,
        /// The caller's account.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// Read with wharf's own rights, which say nothing about what the caller may know.
    #[error("`{}` is not a regular file of at most {limit} bytes that wharf's account can read", shown(path))]
    Unreadable {
        /// As given.
        path: PathBuf,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// The file system does not answer.
    #[error("`{}` did not answer for {} seconds; copy the file to a local disk", shown(path), PATIENCE.as_secs())]
    TooSlow {
        /// As given.
        path: PathBuf,
    },
    /// Any other answer of the system's.
    #[error("cannot read `{}`", shown(path))]
    Io {
        /// As given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Reads a regular file of at most `limit` bytes with the caller's rights; where this process is not root and cannot take
/// them, with its own, and the answer says so.
///
/// # Errors
/// When there is no such file for the caller. See [`ReadError`].
pub fn read_as(caller: &Caller, path: &Path, limit: u64) -> Result<Reading, ReadError> {
    match on_a_thread(Some(caller.clone()), path, limit) {
        Err(Failure::CannotBecome(source)) => without_identity(caller, path, limit, source),
        other => finished(other, path, limit, Rights::Caller),
    }
}

/// Reads a regular file of at most `limit` bytes with this process's own rights.
///
/// # Errors
/// When there is no such file. See [`ReadError`].
pub fn read_own(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    finished(on_a_thread(None, path, limit), path, limit, Rights::Own).map(|reading| reading.bytes)
}

impl ReadError {
    pub(crate) fn of(path: &Path, obstacle: Obstacle, limit: u64) -> Self {
        let path = path.to_owned();
        match obstacle {
            Obstacle::NotRegular(kind) => Self::NotRegular { path, kind },
            Obstacle::Process => Self::Process { path },
            Obstacle::TooLarge => Self::TooLarge { path, limit },
            Obstacle::Io(source) => match source.raw_os_error().map(Errno::from_raw_os_error) {
                Some(Errno::NOENT | Errno::NOTDIR) => Self::Missing { path },
                Some(Errno::ACCESS | Errno::PERM) => Self::Denied { path },
                Some(Errno::LOOP) => Self::Process { path },
                _ => Self::Io { path, source },
            },
        }
    }
}

/// What can go wrong on the reading thread.
enum Failure {
    CannotBecome(io::Error),
    Obstacle(Obstacle),
    TooSlow,
}

fn on_a_thread(caller: Option<Caller>, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let (answer, question) = sync_channel(1);
    let path = path.to_owned();
    let work = move || {
        // The receiver is gone only when patience was; then nobody wants the answer.
        let _ = answer.send(read_with(caller.as_ref(), &path, limit));
    };
    std::thread::Builder::new()
        .name("wharf-reader".to_owned())
        .spawn(work)
        .map_err(|error| Failure::Obstacle(Obstacle::Io(error)))?;
    match question.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Failure::TooSlow),
        Err(RecvTimeoutError::Disconnected) => Err(Failure::Obstacle(Obstacle::Io(io::Error::other(
            "the reading thread ended without an answer",
        )))),
    }
}

fn read_with(caller: Option<&Caller>, path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    if let Some(caller) = caller {
        identity::assume(caller).map_err(|errno| Failure::CannotBecome(errno.into()))?;
    }
    let place = place(path).map_err(|errno| Failure::Obstacle(errno.into()))?;
    regular::read(&place, limit).map_err(Failure::Obstacle)
}

/// Holds what `path` names. Links are followed as the caller's own programs would follow them, except those of /proc:
/// through them a process reaches what it has open itself, past directories that the caller cannot enter.
fn place(path: &Path) -> Result<Standing, Errno> {
    let fd = openat2(CWD, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty(), ResolveFlags::NO_MAGICLINKS)?;
    let stat = fstat(&fd)?;
    Ok(Standing { fd, stat, path: path.to_owned() })
}

fn without_identity(
    caller: &Caller,
    path: &Path,
    limit: u64,
    source: io::Error,
) -> Result<Reading, ReadError> {
    if rustix::process::geteuid().is_root() {
        return Err(ReadError::CannotBecome { path: path.to_owned(), name: caller.name.clone(), source });
    }
    // One error for all: with our rights, "missing" and "denied" would tell the caller of files hidden from them.
    let unreadable = |_| ReadError::Unreadable { path: path.to_owned(), limit };
    let bytes = on_a_thread(None, path, limit).map_err(unreadable)?;
    Ok(Reading { bytes, rights: Rights::Own })
}

fn finished(
    result: Result<Vec<u8>, Failure>,
    path: &Path,
    limit: u64,
    rights: Rights,
) -> Result<Reading, ReadError> {
    match result {
        Ok(bytes) => Ok(Reading { bytes, rights }),
        Err(Failure::Obstacle(obstacle)) => Err(ReadError::of(path, obstacle, limit)),
        Err(Failure::TooSlow) => Err(ReadError::TooSlow { path: path.to_owned() }),
        // Unreachable with our own rights; said as an error all the same.
        Err(Failure::CannotBecome(source)) => Err(ReadError::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests;

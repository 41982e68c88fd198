//! Opening wharf's own small files: in a directory that only this account writes to, through no link.

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, FileType, Mode, OFlags, Stat, fstat, mkdirat, openat};
use rustix::io::Errno;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why one of wharf's own files, or its directory, is not used.
#[derive(Debug, Error)]
pub enum OwnFileError {
    /// Somebody else's, so its content proves nothing and its locks are his to hold.
    #[error("`{}` belongs to user {owner}; `chown` it to the account that wharf runs as, or remove it", path.display())]
    ForeignOwner {
        /// Which.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
    },
    /// Its group or everyone can write to it.
    #[error("`{}` (mode {mode:04o}) is writable by others; `chmod go-w` it", path.display())]
    Writable {
        /// Which.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// A link, a pipe, a directory or the like.
    #[error("`{}` is not {wanted}; remove it", path.display())]
    WrongKind {
        /// Which.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// The system's answer.
    #[error("cannot open `{}`", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Opens a directory, made for this account only when it is missing (its parent must exist).
pub(crate) fn open_dir(path: &Path) -> Result<OwnedFd, OwnFileError> {
    match mkdirat(CWD, path, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(errno) => return Err(at(path, errno)),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let dir = match openat(CWD, path, flags, Mode::empty()) {
        Err(Errno::NOTDIR | Errno::LOOP) => {
            return Err(OwnFileError::WrongKind { path: path.to_owned(), wanted: "a directory" });
        }
        other => other.map_err(|errno| at(path, errno))?,
    };
    check(path, &fstat(&dir).map_err(|errno| at(path, errno))?)?;
    Ok(dir)
}

/// Opens a regular file in `dir` for reading and writing, made for this account only when it is missing.
pub(crate) fn open_file(dir: &OwnedFd, path: &Path, more: OFlags) -> Result<OwnedFd, OwnFileError> {
    let wrong = || OwnFileError::WrongKind { path: path.to_owned(), wanted: "a regular file" };
    let name = path.file_name().ok_or_else(wrong)?;
    let flags = OFlags::RDWR
        | OFlags::CREATE
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::NOCTTY
        | OFlags::CLOEXEC;
    let file = match openat(dir, name, flags | more, Mode::RUSR | Mode::WUSR) {
        Err(Errno::LOOP | Errno::ISDIR | Errno::NXIO) => return Err(wrong()),
        other => other.map_err(|errno| at(path, errno))?,
    };
    let stat = fstat(&file).map_err(|errno| at(path, errno))?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(wrong());
    }
    check(path, &stat)?;
    Ok(file)
}

fn check(path: &Path, stat: &Stat) -> Result<(), OwnFileError> {
    let path = path.to_owned();
    if stat.st_uid != 0 && stat.st_uid != rustix::process::geteuid().as_raw() {
        return Err(OwnFileError::ForeignOwner { path, owner: stat.st_uid });
    }
    let mode = stat.st_mode & 0o7777;
    if mode & 0o022 == 0 { Ok(()) } else { Err(OwnFileError::Writable { path, mode }) }
}

pub(crate) fn at(path: &Path, errno: Errno) -> OwnFileError {
    OwnFileError::Io { path: path.to_owned(), source: errno.into() }
}

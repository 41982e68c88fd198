//! Opening wharf's own small files: in a directory that only this account writes to, through no link.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, Stat, fstat, fsync, mkdirat, openat, renameat, unlinkat,
};
use rustix::io::Errno;
use std::fs::File;
use std::io::Write;
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
    /// A key, and others can read it.
    #[error("`{}` (mode {mode:04o}) can be read by others; `chmod 600` it, and make another key if anybody did", path.display())]
    Exposed {
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

/// Which file it is, whatever its name: while somebody has it open, no other is that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    pub(crate) fn of(stat: &Stat) -> Self {
        Self { device: stat.st_dev, inode: stat.st_ino }
    }
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
    open_regular(dir.as_fd(), path, OFlags::RDWR | OFlags::CREATE | more)
}

/// Opens a regular file, which must be there, for reading.
pub(crate) fn open_to_read(path: &Path) -> Result<OwnedFd, OwnFileError> {
    let whole = path.parent().unwrap_or(path);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let dir = openat(CWD, whole, flags, Mode::empty()).map_err(|errno| at(whole, errno))?;
    open_regular(dir.as_fd(), path, OFlags::RDONLY)
}

/// Puts a file of this content in the place of the one before, all or nothing: whoever reads finds the one or the other.
pub(crate) fn replace(directory: &Path, name: &str, content: &[u8]) -> Result<(), OwnFileError> {
    let (dir, path, draft) = (open_dir(directory)?, directory.join(name), format!("{name}.new"));
    let _none = unlinkat(&dir, &draft, AtFlags::empty());
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(&dir, &draft, flags, Mode::RUSR | Mode::WUSR).map_err(|errno| at(&path, errno))?;
    let mut file = File::from(file);
    let written = file.write_all(content).and_then(|()| file.sync_all());
    written.map_err(|source| OwnFileError::Io { path: path.clone(), source })?;
    let renamed = renameat(&dir, &draft, &dir, name).and_then(|()| fsync(&dir));
    renamed.map_err(|errno| at(&path, errno))
}

fn open_regular(dir: BorrowedFd<'_>, path: &Path, more: OFlags) -> Result<OwnedFd, OwnFileError> {
    let wrong = || OwnFileError::WrongKind { path: path.to_owned(), wanted: "a regular file" };
    let name = path.file_name().ok_or_else(wrong)?;
    let flags = more | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match openat(dir, name, flags, Mode::RUSR | Mode::WUSR) {
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

impl OwnFileError {
    /// Whether there is no such file.
    pub fn is_missing(&self) -> bool {
        self.is_of(std::io::ErrorKind::NotFound)
    }

    /// Whether it is there and not for this account.
    pub fn is_forbidden(&self) -> bool {
        self.is_of(std::io::ErrorKind::PermissionDenied)
    }

    fn is_of(&self, kind: std::io::ErrorKind) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == kind)
    }
}

pub(crate) fn at(path: &Path, errno: Errno) -> OwnFileError {
    OwnFileError::Io { path: path.to_owned(), source: errno.into() }
}

//! All that is below one directory, put into a project. Containers may be changing it meanwhile.

use crate::sys::{attributes, set_attributes};
use rustix::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, ResolveFlags, fstat, openat, openat2};
use rustix::io::Errno;
use std::ffi::CString;

/// Directories within directories: each is held while what it has is walked.
const DEEPEST: usize = 256;
/// `FS_XFLAG_PROJINHERIT`: what is made in a directory is of its project, and nothing of another comes into it.
const INHERIT: u32 = 0x200;
/// A place is held, not opened: no device wakes, no pipe blocks.
const PLACE: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const HERE: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

/// Puts a directory and all that is below it into `project`.
///
/// A directory is put before it is read. So whatever comes into it afterwards is of the project already: made there it
/// inherits, and the kernel moves and links nothing there that is of another. Links, pipes and devices have no data and
/// cannot be asked; they stay as they are.
pub(super) fn confine(directory: &OwnedFd, project: u32) -> Result<(), Errno> {
    descend(directory, project, 0)
}

/// The project that a directory passes on; 0 is none.
pub(super) fn project(directory: &OwnedFd) -> Result<u32, Errno> {
    let found = attributes(directory.as_fd())?;
    Ok(if found.flags & INHERIT == 0 { 0 } else { found.project })
}

fn descend(directory: &OwnedFd, project: u32, depth: usize) -> Result<(), Errno> {
    put(directory.as_fd(), project, INHERIT)?;
    let mut inner = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." {
            inner.extend(put_entry(directory, name.to_owned(), project)?);
        }
    }
    for name in inner {
        let Some(held) = gone(openat2(directory, &name, PLACE | OFlags::DIRECTORY, Mode::empty(), HERE))?
        else {
            continue;
        };
        if depth == DEEPEST {
            return Err(Errno::NAMETOOLONG);
        }
        descend(&reopened(&held, OFlags::DIRECTORY)?, project, depth + 1)?;
    }
    Ok(())
}

/// Puts a file; gives the name of a directory back, for later.
fn put_entry(directory: &OwnedFd, name: CString, project: u32) -> Result<Option<CString>, Errno> {
    let Some(held) = gone(openat2(directory, &name, PLACE, Mode::empty(), HERE))? else { return Ok(None) };
    match FileType::from_raw_mode(fstat(&held)?.st_mode) {
        FileType::Directory => Ok(Some(name)),
        FileType::RegularFile => {
            put(reopened(&held, OFlags::empty())?.as_fd(), project, 0)?;
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// What is held is opened, whatever its name means now.
fn reopened(held: &OwnedFd, more: OFlags) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC | more;
    openat(CWD, format!("/proc/self/fd/{}", held.as_raw_fd()), flags, Mode::empty())
}

/// What was removed, or is something else by now, came by its project in the way of all that comes later.
fn gone(found: Result<OwnedFd, Errno>) -> Result<Option<OwnedFd>, Errno> {
    match found {
        Ok(fd) => Ok(Some(fd)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV) => Ok(None),
        Err(errno) => Err(errno),
    }
}

fn put(file: BorrowedFd<'_>, project: u32, more: u32) -> Result<(), Errno> {
    let mut wanted = attributes(file)?;
    let found = wanted;
    wanted.project = project;
    wanted.flags |= more;
    if wanted == found { Ok(()) } else { set_attributes(file, wanted) }
}

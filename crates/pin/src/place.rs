//! Where pins are mounted: a file system in memory that is root's alone, private, and empty after every boot.
//!
//! A pin is `<place>/<id>/data`. The directory `<id>` is made, and mounted in, under another name, and appears by one
//! rename: so at every moment there is either the mount or nothing, and never an empty directory that an engine would take
//! for the source.

use crate::mounting::Detached;
use crate::pin_id::{DATA, PinId};
use crate::pins::Step;
use crate::refusal::Kind;
use rustix::fd::OwnedFd;
use rustix::fs::{
    AtFlags, CWD, Dir, FileType, Mode, OFlags, StatxAttributes, StatxFlags, fstat, fstatfs, mkdirat, openat,
    renameat, statx, unlinkat,
};
use rustix::io::Errno;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountPropagationFlags, MoveMountFlags, UnmountFlags,
    fsconfig_create, fsconfig_set_string, fsmount, fsopen, mount_change, move_mount, unmount,
};
use std::path::{Path, PathBuf};

/// Begins the names of what is half made or half gone.
const HALF: &str = ".half-";

/// The directory of all mounts.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    fd: OwnedFd,
}

impl Place {
    /// Mounts the place where it is not mounted yet. The directory above it must exist, and be root's alone.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Errno> {
        match mkdirat(CWD, path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error),
        }
        if !is_mounted(&directory(CWD, path)?, "")? {
            mount_memory(path)?;
        }
        // What is mounted in it must not spread to other namespaces, nor theirs to it. Said each time: a process may have
        // been killed before it said so.
        mount_change(path, MountPropagationFlags::PRIVATE)?;
        let fd = directory(CWD, path)?;
        let stat = fstat(&fd)?;
        if stat.st_uid != 0 || stat.st_mode & 0o077 != 0 {
            return Err(Errno::PERM);
        }
        // Somebody mounted a disk here: what is on it would be there after a boot.
        if !is_memory(&fd)? {
            return Err(Errno::BUSY);
        }
        Ok(Self { path: path.to_owned(), fd })
    }

    /// The source of a pin, as an engine is told it.
    pub(crate) fn source(&self, id: &PinId) -> PathBuf {
        self.path.join(id.as_str()).join(DATA)
    }

    /// Gives a mount its place; `at_step` is called between the steps.
    pub(crate) fn show(
        &self,
        id: &PinId,
        mount: &Detached,
        kind: Kind,
        at_step: &dyn Fn(Step),
    ) -> Result<(), Errno> {
        let half = format!("{HALF}{id}");
        mkdirat(&self.fd, &half, Mode::RWXU)?;
        let there = directory(&self.fd, &half)?;
        if kind == Kind::Directory {
            mkdirat(&there, DATA, Mode::RWXU)?;
        } else {
            let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
            drop(openat(&there, DATA, flags, Mode::RUSR)?);
        }
        at_step(Step::Placed);
        move_mount(mount.fd(), "", &there, DATA, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)?;
        at_step(Step::Staged);
        renameat(&self.fd, &half, &self.fd, id.as_str())
    }

    /// Whether the pin is there.
    pub(crate) fn is_shown(&self, id: &PinId) -> Result<bool, Errno> {
        match is_mounted(&self.fd, &format!("{id}/{DATA}")) {
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(false),
            other => other,
        }
    }

    /// Takes a pin away. Containers that have it keep it; new ones find nothing.
    pub(crate) fn hide(&self, id: &PinId) -> Result<(), Errno> {
        let half = format!("{HALF}{id}");
        match renameat(&self.fd, id.as_str(), &self.fd, &half) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error),
        }
        self.remove(&half)
    }

    /// Removes what was left half made or half gone, and tells what is shown.
    pub(crate) fn sweep(&self) -> Result<Vec<PinId>, Errno> {
        let mut shown = Vec::new();
        for name in names(&self.fd)? {
            match name.parse::<PinId>() {
                Ok(id) if self.is_shown(&id)? => shown.push(id),
                _ => self.remove(&name)?,
            }
        }
        Ok(shown)
    }

    fn remove(&self, name: &str) -> Result<(), Errno> {
        let data = self.path.join(name).join(DATA);
        // Until nothing is mounted there: a killed run may have been followed by another.
        loop {
            match unmount(&data, UnmountFlags::DETACH | UnmountFlags::NOFOLLOW) {
                Ok(()) => {}
                Err(Errno::INVAL | Errno::NOENT | Errno::NOTDIR) => break,
                Err(error) => return Err(error),
            }
        }
        let inner = format!("{name}/{DATA}");
        // Empty of its own, or else it is not ours and stays.
        gone(
            unlinkat(&self.fd, &inner, AtFlags::REMOVEDIR)
                .or_else(|_| unlinkat(&self.fd, &inner, AtFlags::empty())),
        )?;
        gone(
            unlinkat(&self.fd, name, AtFlags::REMOVEDIR)
                .or_else(|_| unlinkat(&self.fd, name, AtFlags::empty())),
        )
    }
}

fn gone(removed: Result<(), Errno>) -> Result<(), Errno> {
    match removed {
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(()),
        other => other,
    }
}

fn directory(at: impl rustix::fd::AsFd, path: impl rustix::path::Arg) -> Result<OwnedFd, Errno> {
    openat(at, path, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
}

fn is_mounted(at: &OwnedFd, path: &str) -> Result<bool, Errno> {
    let flags =
        AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW | AtFlags::NO_AUTOMOUNT | AtFlags::STATX_DONT_SYNC;
    let stat = statx(at, path, flags, StatxFlags::TYPE)?;
    Ok(stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

fn mount_memory(path: &Path) -> Result<(), Errno> {
    let memory = fsopen("tmpfs", FsOpenFlags::FSOPEN_CLOEXEC)?;
    fsconfig_set_string(&memory, "source", "wharf-pins")?;
    fsconfig_set_string(&memory, "mode", "0700")?;
    fsconfig_set_string(&memory, "size", "16m")?;
    fsconfig_create(&memory)?;
    let flags = MountAttrFlags::MOUNT_ATTR_NOSUID
        | MountAttrFlags::MOUNT_ATTR_NODEV
        | MountAttrFlags::MOUNT_ATTR_NOEXEC;
    let mount = fsmount(&memory, FsMountFlags::FSMOUNT_CLOEXEC, flags)?;
    move_mount(&mount, "", CWD, path, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
}

fn is_memory(place: &OwnedFd) -> Result<bool, Errno> {
    const TMPFS: u32 = 0x0102_1994;
    Ok(u32::try_from(fstatfs(place)?.f_type).is_ok_and(|magic| magic == TMPFS))
}

fn names(directory: &OwnedFd) -> Result<Vec<String>, Errno> {
    let mut found = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type() == FileType::Directory && !matches!(name.as_str(), "." | "..") {
            found.push(name);
        }
    }
    Ok(found)
}

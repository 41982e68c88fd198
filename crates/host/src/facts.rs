//! What `wharf doctor` wants to know of a place on this machine. Facts only; the judging is done elsewhere.

use crate::kind::{FileKind, shown};
use rustix::fs::{AtFlags, Mode, OFlags, StatVfsMountFlags, StatxFlags, fstatvfs, open, stat, statx};
use rustix::io::Errno;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A place could not be looked at.
#[derive(Debug, Error)]
pub enum FactError {
    /// It is not there.
    #[error("`{}` does not exist", shown(path))]
    Missing {
        /// As given.
        path: PathBuf,
    },
    /// The system refused to look.
    #[error("cannot look at `{}`", shown(path))]
    Io {
        /// As given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// How the file system that holds a path is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are the kernel's own flags")]
pub struct MountFacts {
    /// Set-user-id bits have no effect.
    pub nosuid: bool,
    /// Device files have no effect.
    pub nodev: bool,
    /// Programs cannot be run.
    pub noexec: bool,
    /// Nothing can be written.
    pub read_only: bool,
    /// Where it is mounted, for the command that mends it; `None` when the kernel does not say (before 5.8).
    pub mount_point: Option<PathBuf>,
}

/// Who owns an object, and who may do what with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectFacts {
    /// What it is; links are followed.
    pub kind: FileKind,
    /// Its owner's number.
    pub owner: u32,
    /// Its group's number.
    pub group: u32,
    /// Its permissions.
    pub mode: u32,
}

/// How the file system that holds `path` is mounted.
///
/// # Errors
/// When there is no such path, or it cannot be reached.
pub fn mount_facts(path: &Path) -> Result<MountFacts, FactError> {
    let at = |errno| FactError::at(path, errno);
    let place = open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(at)?;
    let flags = fstatvfs(&place).map_err(at)?.f_flag;
    let id = statx(&place, "", AtFlags::EMPTY_PATH, StatxFlags::MNT_ID).map_err(at)?;
    let known = StatxFlags::from_bits_retain(id.stx_mask).contains(StatxFlags::MNT_ID);
    Ok(MountFacts {
        nosuid: flags.contains(StatVfsMountFlags::NOSUID),
        nodev: flags.contains(StatVfsMountFlags::NODEV),
        noexec: flags.contains(StatVfsMountFlags::NOEXEC),
        read_only: flags.contains(StatVfsMountFlags::RDONLY),
        mount_point: known.then(|| mount_point(id.stx_mnt_id)).flatten(),
    })
}

/// Who owns `path` (the engine's socket, say), and who may do what with it.
///
/// # Errors
/// When there is no such path, or it cannot be reached.
pub fn object_facts(path: &Path) -> Result<ObjectFacts, FactError> {
    let found = stat(path).map_err(|errno| FactError::at(path, errno))?;
    Ok(ObjectFacts {
        kind: FileKind::of_mode(found.st_mode),
        owner: found.st_uid,
        group: found.st_gid,
        mode: found.st_mode & 0o7777,
    })
}

impl FactError {
    fn at(path: &Path, errno: Errno) -> Self {
        let path = path.to_owned();
        match errno {
            Errno::NOENT => Self::Missing { path },
            other => Self::Io { path, source: other.into() },
        }
    }
}

fn mount_point(id: u64) -> Option<PathBuf> {
    let table = std::fs::read("/proc/self/mountinfo").ok()?;
    table.split(|byte| *byte == b'\n').find_map(|line| mount_point_of_line(line, id))
}

/// The fifth field of a line of proc_pid_mountinfo(5), when the first is `id`.
fn mount_point_of_line(line: &[u8], id: u64) -> Option<PathBuf> {
    let mut fields = line.split(|byte| *byte == b' ');
    if fields.next()? != id.to_string().as_bytes() {
        return None;
    }
    fields.nth(3).map(|field| PathBuf::from(OsString::from_vec(unescaped(field))))
}

/// The kernel writes space, tab, newline and backslash as three octal digits after a backslash.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, after)) = rest.split_first() {
        let octal = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if *first == b'\\' => {
                bytes.push(byte);
                rest = after.get(3..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_is_mounted_where_it_is_and_without_set_uid() {
        let facts = mount_facts(Path::new("/proc/self/mountinfo")).unwrap();
        assert_eq!(facts.mount_point, Some(PathBuf::from("/proc")));
    }

    #[test]
    fn the_options_are_those_of_the_mount_that_holds_the_path() {
        let table = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        let root = table.lines().find(|line| line.split(' ').nth(4) == Some("/")).unwrap();
        let options: Vec<&str> = root.split(' ').nth(5).unwrap().split(',').collect();
        let facts = mount_facts(Path::new("/")).unwrap();
        assert_eq!(facts.nosuid, options.contains(&"nosuid"));
        assert_eq!(facts.nodev, options.contains(&"nodev"));
        assert_eq!(facts.noexec, options.contains(&"noexec"));
    }

    #[test]
    fn mount_points_with_spaces_are_read_as_the_kernel_writes_them() {
        let line = br"36 35 98:0 / /srv/my\040disk\134x rw,noatime - ext4 /dev/sda rw";
        assert_eq!(mount_point_of_line(line, 36), Some(PathBuf::from(r"/srv/my disk\x")));
        assert_eq!(mount_point_of_line(line, 3), None);
        assert_eq!(mount_point_of_line(b"", 36), None);
        assert_eq!(unescaped(br"a\0"), br"a\0");
    }

    #[test]
    fn a_socket_has_an_owner_and_a_mode() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine.sock");
        let _listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        crate::testing::mode(&path, 0o660);
        let facts = object_facts(&path).unwrap();
        assert_eq!((facts.kind, facts.mode), (FileKind::Socket, 0o660));
        assert!(matches!(object_facts(&dir.path().join("none")), Err(FactError::Missing { .. })));
    }
}

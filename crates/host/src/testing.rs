//! What the tests of this crate share: strangers, and whether the tests run as root.

use crate::caller::Caller;
use rustix::fs::{AtFlags, CWD, Gid, Uid, chownat};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Says so where a test needs root and has none; such a test then returns.
pub(crate) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}

/// A caller who owns nothing here, with one supplementary group.
pub(crate) fn stranger() -> Caller {
    Caller {
        uid: 12345,
        gid: 12346,
        name: "stranger".to_owned(),
        groups: vec![12346, 12347],
        home: "/nonexistent".into(),
    }
}

/// A directory that only this user can change, but anyone can enter.
pub(crate) fn open_dir() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    mode(dir.path(), 0o755);
    dir
}

pub(crate) fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes the owner of the thing itself, were it a link.
pub(crate) fn give(path: &Path, uid: u32, gid: u32) {
    let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
    chownat(CWD, path, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW).unwrap();
}

pub(crate) fn file(path: &Path, content: &str, permissions: u32) {
    std::fs::write(path, content).unwrap();
    mode(path, permissions);
}

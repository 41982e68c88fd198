//! What the tests of this crate share: two accounts that the machine does not know, with homes of their own.

use crate::{Access, Account, Grant, Opened, Opener, Refusal, Subordinate};
use rustix::fs::{AtFlags, CWD, Gid, Uid, chownat};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

pub(crate) const ANA: u32 = 31_001;
pub(crate) const BOB: u32 = 31_002;
/// A group that is Ana's second.
pub(crate) const TEAM: u32 = 31_100;

/// Says so where a test needs root and has none; such a test then returns.
pub(crate) fn is_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}

/// A directory with `home/ana` and `home/bob`, removed with its content.
pub(crate) struct Machine(pub(crate) tempfile::TempDir);

impl Machine {
    pub(crate) fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("pin").tempdir().unwrap();
        mode(directory.path(), 0o755);
        let machine = Self(directory);
        machine.directory("home", 0, 0o755);
        machine.directory("home/ana", ANA, 0o755);
        machine.directory("home/bob", BOB, 0o755);
        machine
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    pub(crate) fn directory(&self, below: &str, owner: u32, permissions: u32) -> PathBuf {
        let path = self.path(below);
        std::fs::create_dir(&path).unwrap();
        give(&path, owner);
        mode(&path, permissions);
        path
    }

    pub(crate) fn file(&self, below: &str, owner: u32, permissions: u32) -> PathBuf {
        let path = self.path(below);
        std::fs::write(&path, below).unwrap();
        give(&path, owner);
        mode(&path, permissions);
        path
    }

    pub(crate) fn link(&self, below: &str, target: impl AsRef<Path>) -> PathBuf {
        let path = self.path(below);
        std::os::unix::fs::symlink(target, &path).unwrap();
        path
    }

    pub(crate) fn ana(&self) -> Account {
        let ids = Subordinate::parse("ana:400000:65536\n", "ana:400000:65536\n", "ana", ANA);
        Account::new("ana", (ANA, ANA), vec![TEAM], self.path("home/ana"), ids).unwrap()
    }

    /// What Ana gets when she asks for something below the machine's directory, under a grant of `granted`.
    pub(crate) fn open(&self, granted: &str, below: &str) -> Result<Opened, Refusal> {
        let grant = Grant::new(&self.path(granted), Access::ReadWrite)?;
        let request = grant.ask(&self.path(below), Access::ReadWrite)?;
        Opener::default().open(&request, &self.ana())
    }

    /// The refusal, without the machine's directory in its text.
    pub(crate) fn refused(&self, granted: &str, below: &str) -> String {
        let text = self.open(granted, below).expect_err("a refusal").to_string();
        text.replace(&self.0.path().display().to_string(), "")
    }
}

pub(crate) fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Changes the owner of the thing itself, were it a link.
pub(crate) fn give(path: &Path, owner: u32) {
    let (uid, gid) = (Uid::from_raw(owner), Gid::from_raw(owner));
    chownat(CWD, path, Some(uid), Some(gid), AtFlags::SYMLINK_NOFOLLOW).unwrap();
}

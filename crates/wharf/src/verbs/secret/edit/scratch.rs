//! A file in memory for an editor: in a folder of its own, for nobody else, wiped and removed when it is let go.

use crate::exit::Exit;
use crate::failure::Failure;
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, Mode, OFlags, flock, fstat, statfs};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use wharf_vault::MAX_VALUE_BYTES;
use zeroize::Zeroizing;

/// linux/magic.h.
const TMPFS: u64 = 0x0102_1994;
const RAMFS: u64 = 0x8584_58f6;

/// What the folders are called; the number of the process follows.
const PREFIX: &str = "wharf-edit-";

/// The file, and its folder, which is locked as long as whoever made it lives.
pub(super) struct Scratch {
    folder: PathBuf,
    path: PathBuf,
    _lock: Option<OwnedFd>,
}

impl Scratch {
    /// A file with this content.
    pub(super) fn with(uid: u32, content: &[u8]) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
        let memory = memory(uid)?;
        remove_stale(&memory, uid);
        let folder = memory.join(format!("{PREFIX}{}-{}", std::process::id(), chance()?));
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        let path = folder.join("value");
        let lock = locked(&folder, uid);
        let scratch = Self { folder, path, _lock: lock };
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&scratch.path);
        file.and_then(|mut file| file.write_all(content)).map_err(failed)?;
        Ok(scratch)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is in it now; editors may have put another file in its place.
    pub(super) fn content(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_VALUE_BYTES + 2));
        let most = u64::try_from(MAX_VALUE_BYTES + 1).unwrap_or(u64::MAX);
        File::open(&self.path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(failed)?;
        Ok(bytes)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

/// With what the editor left beside the file.
fn remove(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let _wiped = wipe(&entry.path());
    }
    let _removed = std::fs::remove_dir_all(folder);
}

/// What runs of this account left that were killed: nobody holds it any more, nor is about to.
fn remove_stale(memory: &Path, uid: u32) {
    for entry in std::fs::read_dir(memory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        let process = rest.split('-').next().unwrap_or_default();
        let lives = Path::new("/proc").join(process).exists();
        let age = entry.metadata().ok().and_then(|facts| facts.modified().ok()?.elapsed().ok());
        // One that was made this moment is not locked yet.
        let is_settled = !lives || age.is_some_and(|age| age > Duration::from_secs(60));
        if is_settled && locked(&entry.path(), uid).is_some() {
            remove(&entry.path());
        }
    }
}

/// The lock of a folder of this account's own; `None` while another has it.
fn locked(folder: &Path, uid: u32) -> Option<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let held = rustix::fs::open(folder, flags, Mode::empty()).ok()?;
    let is_own = fstat(&held).is_ok_and(|facts| facts.st_uid == uid);
    (is_own && flock(&held, FlockOperation::NonBlockingLockExclusive).is_ok()).then_some(held)
}

fn wipe(path: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0).min(64 << 20);
    file.write_all(&vec![0; length])
}

/// A folder in memory where this account may make another.
fn memory(uid: u32) -> Result<PathBuf, Failure> {
    let candidates =
        [PathBuf::from(format!("/run/user/{uid}")), PathBuf::from("/dev/shm"), PathBuf::from("/run")];
    let usable = |path: &PathBuf| {
        let kind = statfs(path).ok().and_then(|facts| u64::try_from(facts.f_type).ok());
        let is_memory = matches!(kind, Some(TMPFS | RAMFS));
        let writable = rustix::fs::access(path, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK);
        is_memory && writable.is_ok()
    };
    candidates.into_iter().find(usable).ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            "there is no place in memory for the editor's file, and it is not put on a disk",
        )
        .hint("mount a tmpfs at /dev/shm; or `wharf secret show` and `wharf secret set`")
    })
}

fn chance() -> Result<String, Failure> {
    let mut bytes = [0_u8; 8];
    let got = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty());
    got.map_err(|errno| Failure::of(Exit::Failed, &std::io::Error::from(errno)))?;
    Ok(format!("{:016x}", u64::from_ne_bytes(bytes)))
}

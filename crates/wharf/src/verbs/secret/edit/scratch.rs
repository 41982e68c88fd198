//! A file in memory for an editor: in a folder of its own, for nobody else, wiped and removed when it is let go.

use crate::exit::Exit;
use crate::failure::Failure;
use rustix::fs::statfs;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use wharf_vault::MAX_VALUE_BYTES;
use zeroize::Zeroizing;

/// linux/magic.h.
const TMPFS: u64 = 0x0102_1994;
const RAMFS: u64 = 0x8584_58f6;

/// The file, and its folder.
pub(super) struct Scratch {
    folder: PathBuf,
    path: PathBuf,
}

impl Scratch {
    /// A file with this content.
    pub(super) fn with(uid: u32, content: &[u8]) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::of(Exit::Failed, &error);
        let folder = memory(uid)?.join(format!("wharf-edit-{}-{}", std::process::id(), chance()?));
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        let path = folder.join("value");
        let scratch = Self { folder, path };
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
        // Also what the editor left beside it.
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let _wiped = wipe(&entry.path());
        }
        let _removed = std::fs::remove_dir_all(&self.folder);
    }
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

//! A directory of a test's own. Short, because a socket's path has at most 107 bytes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Error, Result, output};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that nothing else on this machine has: `wharf-<pid>-<n>`. Good for pods on a shared engine, too.
pub fn unique_name() -> String {
    format!("wharf-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A directory under `/tmp`, root's (or ours) alone to write, removed with its content when dropped.
#[derive(Debug)]
pub struct TestDir(PathBuf);

impl TestDir {
    /// Makes an empty directory, mode 0755, so that other users may pass through it.
    pub fn new() -> Result<Self> {
        loop {
            let path = Path::new("/tmp").join(unique_name());
            match std::fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                // Left by a killed process that had our number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io(format!("cannot make `{}`", path.display()))(error)),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path inside it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file inside it, making directories on the way, and gives its path.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.0.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)
                .map_err(Error::io(format!("cannot make `{}`", parent.display())))?;
        }
        std::fs::write(&path, content).map_err(Error::io(format!("cannot write `{}`", path.display())))?;
        Ok(path)
    }
}

impl Drop for TestDir {
    fn drop(&mut self) {
        // Not into what a test mounted here. A container may still hold something; it is the machine's to empty then.
        let _ = output(Command::new("rm").args(["-rf", "--one-file-system"]).arg(&self.0));
    }
}

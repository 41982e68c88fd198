//! A directory of wharf's own with small files that only wharf's account reads, each replaced whole.

use crate::own_file::{OwnFileError, open_dir, open_to_read, replace};
use rustix::fs::{AtFlags, Mode, fchmod, fsync, unlinkat};
use rustix::io::Errno;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One such directory; it is made, for its owner alone, when something is written.
#[derive(Debug, Clone)]
pub struct OwnDirectory(PathBuf);

/// More than any of these files has.
const MOST_BYTES: u64 = 1 << 20;

impl OwnDirectory {
    /// The one at this path, whose parent must exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where a file of it is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file's content; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or others could have written it.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, OwnFileError> {
        let path = self.path(name);
        let file = match open_to_read(&path) {
            Ok(file) => File::from(file),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut content = Vec::new();
        let read = file.take(MOST_BYTES).read_to_end(&mut content);
        read.map(|_| Some(content)).map_err(|source| OwnFileError::Io { path, source })
    }

    /// Puts a file in its predecessor's place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<(), OwnFileError> {
        fchmod(open_dir(&self.0)?, Mode::RWXU).map_err(|errno| failed(&self.0, errno))?;
        replace(&self.0, name, content)
    }

    /// Removes a file, if there is one.
    ///
    /// # Errors
    /// When it stays.
    pub fn remove(&self, name: &str) -> Result<(), OwnFileError> {
        let directory = open_dir(&self.0)?;
        let removed = match unlinkat(&directory, name, AtFlags::empty()) {
            Err(Errno::NOENT) => Ok(()),
            other => other.and_then(|()| fsync(&directory)),
        };
        removed.map_err(|errno| failed(&self.path(name), errno))
    }
}

fn failed(path: &Path, errno: Errno) -> OwnFileError {
    OwnFileError::Io { path: path.to_owned(), source: errno.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn files_are_read_back_and_are_nobody_elses() {
        let root = tempfile::tempdir().unwrap();
        let directory = OwnDirectory::at(root.path().join("engine"));
        assert_eq!(directory.read("a").unwrap(), None);
        directory.write("a", b"one").unwrap();
        directory.write("a", b"two").unwrap();
        assert_eq!(directory.read("a").unwrap().as_deref(), Some(&b"two"[..]));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(&directory.path("a")), mode(&directory.path(""))), (0o600, 0o700));
        directory.remove("a").unwrap();
        directory.remove("a").unwrap();
        assert_eq!(directory.read("a").unwrap(), None);
    }
}

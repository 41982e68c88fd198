//! What a host keeps for its secrets: the key to which they are sealed, the recovery key's public half, and which value of
//! each was seen last. In `<state>/secrets`, for wharf's account alone.

mod seen;

use crate::own_directory::OwnDirectory;
use crate::own_file::{OwnFileError, open_dir, open_file, open_to_read};
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, OFlags, flock, fstat};
use std::path::{Path, PathBuf};
use thiserror::Error;
use zeroize::Zeroizing;

/// `<state>/secrets`. Nothing is made before something is written.
#[derive(Debug, Clone)]
pub struct SecretsDirectory {
    path: PathBuf,
    files: OwnDirectory,
}

/// Why what a host keeps for its secrets is not used.
#[derive(Debug, Error)]
pub enum SecretsError {
    /// A file or the directory is not to be trusted, or the system refuses it.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// There is a host key already.
    #[error("`{}` is there already, and everything here is sealed to it; it is never replaced", path.display())]
    HostKeyIsThere {
        /// Which.
        path: PathBuf,
    },
    /// More pods have used secrets than the file holds.
    #[error("`{}` is full; move it away, and compare the sealed files with their history: an older one would not be noticed now", path.display())]
    TooManySeen {
        /// Which.
        path: PathBuf,
    },
    /// Not the JSON it should be: without it, an older file put back would not be noticed.
    #[error("`{}` is damaged; move it away, and compare the sealed files with their history: an older one would not be noticed now", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

const HOST_KEY: &str = "host.key";
const RECOVERY: &str = "recovery.pub";
const READERS: &str = "readers";
const LOCK: &str = "lock";

impl SecretsDirectory {
    /// That of a state directory, which must exist.
    pub fn in_state(state_dir: &Path) -> Self {
        let path = state_dir.join("secrets");
        Self { files: OwnDirectory::at(&path), path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the host's key is.
    pub fn host_key_path(&self) -> PathBuf {
        self.path.join(HOST_KEY)
    }

    /// The host's secret key, as text; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or others can read it, too.
    pub fn host_key(&self) -> Result<Option<Zeroizing<Vec<u8>>>, OwnFileError> {
        self.check_is_private(HOST_KEY)?;
        Ok(self.files.read(HOST_KEY)?.map(Zeroizing::new))
    }

    /// Keeps the host's secret key. Never replaces one: what is sealed to it would be lost.
    ///
    /// # Errors
    /// [`SecretsError::HostKeyIsThere`], or when it cannot be written.
    pub fn make_host_key(&self, text: &[u8]) -> Result<(), SecretsError> {
        let _lock = self.lock()?;
        if self.files.read(HOST_KEY)?.is_some() {
            return Err(SecretsError::HostKeyIsThere { path: self.host_key_path() });
        }
        Ok(self.files.write(HOST_KEY, text)?)
    }

    /// The recovery key's public half, as text.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn recovery_key(&self) -> Result<Option<Vec<u8>>, OwnFileError> {
        self.files.read(RECOVERY)
    }

    /// Keeps the recovery key's public half in the place of another.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_recovery_key(&self, text: &[u8]) -> Result<(), OwnFileError> {
        self.files.write(RECOVERY, text)
    }

    /// The readers that whoever administers this host has confirmed, one key a line.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn known_readers(&self) -> Result<Option<Vec<u8>>, OwnFileError> {
        self.files.read(READERS)
    }

    /// Changes the readers that were confirmed: from what they are to what they become, and nobody else changes them
    /// meanwhile.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub fn change_known_readers(&self, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<(), OwnFileError> {
        let _lock = self.lock()?;
        let before = self.known_readers()?.unwrap_or_default();
        self.files.write(READERS, &change(&before))
    }

    /// The directory's own lock, waited for: whoever has it writes small files and lets it go.
    fn lock(&self) -> Result<OwnedFd, OwnFileError> {
        let path = self.path.join(LOCK);
        let file = open_file(&open_dir(&self.path)?, &path, OFlags::empty())?;
        flock(&file, FlockOperation::LockExclusive)
            .map_err(|errno| OwnFileError::Io { path, source: errno.into() })?;
        Ok(file)
    }

    /// A key that others can read is theirs, too.
    fn check_is_private(&self, name: &str) -> Result<(), OwnFileError> {
        let path = self.path.join(name);
        let file = match open_to_read(&path) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(()),
            Err(error) => return Err(error),
        };
        let stat =
            fstat(&file).map_err(|errno| OwnFileError::Io { path: path.clone(), source: errno.into() })?;
        let mode = stat.st_mode & 0o7777;
        match mode & 0o077 {
            0 => Ok(()),
            _ => Err(OwnFileError::Exposed { path, mode }),
        }
    }
}

#[cfg(test)]
mod tests;

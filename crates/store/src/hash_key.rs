//! The key of configuration hashes: made once, at random, for root alone.

use crate::own_file::{OwnFileError, at, open_dir, open_to_read};
use rustix::fs::{AtFlags, Mode, OFlags, fsync, linkat, openat, unlinkat};
use rustix::io::Errno;
use rustix::rand::{GetRandomFlags, getrandom};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file, `<state>/hash.key`.
#[derive(Debug, Clone)]
pub struct HashKeyFile {
    directory: PathBuf,
}

const NAME: &str = "hash.key";

impl HashKeyFile {
    /// That of a state directory, which must exist.
    pub fn in_state(state_dir: &Path) -> Self {
        Self { directory: state_dir.to_owned() }
    }

    /// The key; `None` when none was made yet.
    ///
    /// # Errors
    /// When it cannot be read, is no key, or others could have written it.
    pub fn read(&self) -> Result<Option<[u8; 32]>, OwnFileError> {
        let path = self.path();
        let file = match open_to_read(&path) {
            Ok(file) => File::from(file),
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(33)
            .read_to_end(&mut bytes)
            .map_err(|source| OwnFileError::Io { path: path.clone(), source })?;
        let key = <[u8; 32]>::try_from(bytes);
        key.map(Some).map_err(|_| OwnFileError::WrongKind { path, wanted: "a key of 32 bytes" })
    }

    /// The key, made when there is none. Of two runs that make one, both have the first.
    ///
    /// # Errors
    /// As [`Self::read`], and when it cannot be written.
    pub fn ready(&self) -> Result<[u8; 32], OwnFileError> {
        if let Some(key) = self.read()? {
            return Ok(key);
        }
        let failed = |source| OwnFileError::Io { path: self.path(), source };
        self.make().map_err(failed)?;
        self.read()?.ok_or_else(|| at(&self.path(), Errno::NOENT))
    }

    fn make(&self) -> io::Result<()> {
        let directory = open_dir(&self.directory).map_err(io::Error::other)?;
        let (mut key, mut mark) = ([0; 32], [0; 8]);
        // The system gives as many at once, or none.
        if getrandom(&mut key[..], GetRandomFlags::empty())? != 32
            || getrandom(&mut mark[..], GetRandomFlags::empty())? != 8
        {
            return Err(io::Error::other("the system has no random numbers"));
        }
        let draft = format!("{NAME}.{:x}", u64::from_ne_bytes(mark));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&directory, draft.as_str(), flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(&key)?;
        file.sync_all()?;
        // A link fails where there is a file, as a rename would not.
        let linked = linkat(&directory, draft.as_str(), &directory, NAME, AtFlags::empty());
        let _removed = unlinkat(&directory, draft.as_str(), AtFlags::empty());
        match linked {
            Ok(()) | Err(Errno::EXIST) => Ok(fsync(&directory)?),
            Err(errno) => Err(errno.into()),
        }
    }

    fn path(&self) -> PathBuf {
        self.directory.join(NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_is_its_owners_alone() {
        let root = tempfile::tempdir().unwrap();
        let file = HashKeyFile::in_state(root.path());
        assert_eq!(file.read().unwrap(), None);
        let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| file.ready().unwrap())).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]) && keys[0] != [0; 32]);
        assert_eq!(file.read().unwrap(), Some(keys[0]));
        let mode = std::fs::metadata(root.path().join("hash.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1, "a draft was left");
        std::fs::write(root.path().join("hash.key"), "short").unwrap();
        assert!(file.ready().is_err());
    }
}

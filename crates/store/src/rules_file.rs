//! The network rules last put in force, kept for the next boot: they must be there before the engine, and so before
//! anybody who could work them out anew.

use crate::own_file::{OwnFileError, open_to_read, replace};
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

/// The file `network.nft` in the state directory, which `wharf-network.service` loads.
#[derive(Debug, Clone)]
pub struct RulesFile {
    directory: PathBuf,
}

const NAME: &str = "network.nft";
const MOST_BYTES: u64 = 16 << 20;

impl RulesFile {
    /// The file in this directory.
    pub fn within(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.directory.join(NAME)
    }

    /// What was kept; `None` when nothing was.
    ///
    /// # Errors
    /// When it cannot be read, or others could have written it.
    pub fn read(&self) -> Result<Option<String>, OwnFileError> {
        let path = self.path();
        let file = match open_to_read(&path) {
            Err(error) if error.is_missing() => return Ok(None),
            other => File::from(other?),
        };
        let mut text = String::new();
        let read = file.take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(|source| OwnFileError::Io { path, source }).map(|_| Some(text))
    }

    /// Keeps these in place of those before, all or nothing: a boot finds the ones or the others.
    ///
    /// # Errors
    /// When the directory is not wharf's alone, or the file cannot be written.
    pub fn keep(&self, text: &str) -> Result<(), OwnFileError> {
        replace(&self.directory, NAME, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_last_rules_are_there_and_nobody_else_reads_them() {
        let directory = tempfile::tempdir().unwrap();
        let file = RulesFile::within(directory.path().join("state"));
        assert_eq!(file.read().unwrap(), None);
        file.keep("table inet one {}\n").unwrap();
        file.keep("table inet two {}\n").unwrap();
        assert_eq!(file.read().unwrap().as_deref(), Some("table inet two {}\n"));
        assert_eq!(std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(directory.path().join("state")).unwrap().count(), 1, "no draft stays");
    }

    #[test]
    fn rules_that_others_could_have_written_are_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = RulesFile::within(directory.path());
        file.keep("table inet one {}\n").unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(matches!(file.read(), Err(OwnFileError::Writable { .. })));
    }
}

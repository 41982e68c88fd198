//! What outlives a server: the names and directories of its sessions.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::name::SessionName;

/// The file, in the directory for state.
const FILE: &str = "sessions.json";

/// The most bytes and sessions that are read back.
const MOST: u64 = 1024 * 1024;
const MOST_SESSIONS: usize = 256;

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) name: SessionName,
    pub(super) directory: String,
    /// Whether something ran.
    pub(super) running: bool,
}

/// What was kept; nothing where there is nothing or it makes no sense, since sessions begin anew just as well.
pub(super) fn read(state: &Path) -> Vec<Saved> {
    let path = state.join(FILE);
    let small = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= MOST);
    let bytes = if small { fs::read(path).unwrap_or_default() } else { Vec::new() };
    let mut saved: Vec<Saved> = serde_json::from_slice(&bytes).unwrap_or_default();
    saved.truncate(MOST_SESSIONS);
    saved
}

/// Keeps them, whole or not at all. Writes nothing when nothing changed.
pub(super) fn write(state: &Path, sessions: &[Saved]) -> io::Result<()> {
    if read(state) == sessions {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(state)?;
    let partial = state.join(format!("{FILE}.new"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
    file.write_all(&serde_json::to_vec_pretty(sessions)?)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(partial, state.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::{Saved, read, write};

    #[test]
    fn what_is_kept_is_read_and_nonsense_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("a/b");
        assert_eq!(read(&state), []);
        let sessions = [Saved { name: "1".parse().unwrap(), directory: "/tmp/ä\n".to_owned(), running: true }];
        write(&state, &sessions).unwrap();
        assert_eq!(read(&state), sessions);
        std::fs::write(state.join("sessions.json"), "[{\"name\": \"../x\"}]").unwrap();
        assert_eq!(read(&state), []);
    }

    #[test]
    fn nothing_is_written_when_nothing_changed() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[Saved { name: "1".parse().unwrap(), directory: "/".to_owned(), running: false }]).unwrap();
        let before = std::fs::metadata(dir.path().join("sessions.json")).unwrap().modified().unwrap();
        write(dir.path(), &read(dir.path())).unwrap();
        assert_eq!(std::fs::metadata(dir.path().join("sessions.json")).unwrap().modified().unwrap(), before);
    }
}

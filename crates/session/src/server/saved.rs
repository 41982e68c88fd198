//! What outlives a server: the names and directories of its sessions.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::name::SessionName;

/// The file, in the directory for state: a line a session.
const FILE: &str = "sessions";

/// The most bytes and sessions that are read back.
const MOST: u64 = 1024 * 1024;
const MOST_SESSIONS: usize = 128;

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) name: SessionName,
    pub(super) directory: PathBuf,
    /// Whether something ran.
    pub(super) running: bool,
}

impl Saved {
    /// `name running /directory`, where the directory has no line in it.
    fn line(&self) -> Option<Vec<u8>> {
        let directory = self.directory.as_os_str().as_bytes();
        let state = if self.running { "running" } else { "stopped" };
        let line = [self.name.as_str().as_bytes(), state.as_bytes(), directory].join(&b' ');
        (!line.contains(&b'\n')).then_some(line)
    }

    fn read(line: &[u8]) -> Option<Self> {
        let mut words = line.splitn(3, |byte| *byte == b' ');
        let name = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
        let running = words.next()? == b"running";
        let directory = PathBuf::from(OsStr::from_bytes(words.next()?));
        directory.is_absolute().then_some(Self { name, directory, running })
    }
}

/// Keeps them from a thread of its own, so that nobody waits for the disk.
pub(super) struct Saver {
    lists: Sender<Vec<Saved>>,
    errors: Receiver<io::Error>,
    waiting: Arc<AtomicUsize>,
}

impl Saver {
    pub(super) fn start(state: PathBuf) -> io::Result<Self> {
        let (lists, taken) = channel::<Vec<Saved>>();
        let (tell, errors) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&waiting);
        thread::Builder::new().name("saver".to_owned()).spawn(move || {
            for list in taken {
                // Of several that came meanwhile the last one counts.
                if left.load(Ordering::SeqCst) == 1
                    && let Err(error) = write(&state, &list)
                {
                    let _ended = tell.send(error);
                }
                left.fetch_sub(1, Ordering::SeqCst);
            }
        })?;
        Ok(Self { lists, errors, waiting })
    }

    pub(super) fn save(&self, list: Vec<Saved>) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        if self.lists.send(list).is_err() {
            self.waiting.store(0, Ordering::SeqCst);
        }
    }

    /// Whether something is not kept yet.
    pub(super) fn is_busy(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Why something could not be kept.
    pub(super) fn error(&self) -> Option<io::Error> {
        self.errors.try_recv().ok()
    }
}

/// What was kept; nothing where there is nothing or it makes no sense, since sessions begin anew just as well.
pub(super) fn read(state: &Path) -> Vec<Saved> {
    let path = state.join(FILE);
    let small = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= MOST);
    let bytes = if small { fs::read(path).unwrap_or_default() } else { Vec::new() };
    bytes.split(|byte| *byte == b'\n').filter_map(Saved::read).take(MOST_SESSIONS).collect()
}

/// Keeps them, whole or not at all. Writes nothing when nothing changed.
pub(super) fn write(state: &Path, sessions: &[Saved]) -> io::Result<()> {
    if read(state) == sessions {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(state)?;
    let partial = state.join(format!("{FILE}.new"));
    // Whatever has that name, if it is a link, is not written through.
    if let Err(error) = fs::remove_file(&partial)
        && error.kind() != io::ErrorKind::NotFound
    {
        return Err(error);
    }
    let mut lines = Vec::new();
    for line in sessions.iter().filter_map(Saved::line) {
        lines.extend(line);
        lines.push(b'\n');
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    file.write_all(&lines)?;
    file.sync_all()?;
    fs::rename(partial, state.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::{Saved, read, write};

    fn saved(name: &str, directory: &str, running: bool) -> Saved {
        Saved { name: name.parse().unwrap(), directory: directory.into(), running }
    }

    #[test]
    fn what_is_kept_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("a/b");
        assert_eq!(read(&state), []);
        let sessions = [saved("1", "/tmp/\u{e4} b ", true), saved("build", "/", false)];
        write(&state, &sessions).unwrap();
        assert_eq!(read(&state), sessions);
    }

    #[test]
    fn nonsense_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("sessions"),
            b"../x running /\n1 running relative\n\n2\nok stopped /x\n\xff",
        )
        .unwrap();
        assert_eq!(read(dir.path()), [saved("ok", "/x", false)]);
        write(dir.path(), &[saved("1", "/a\nb running /c", true)]).unwrap();
        assert_eq!(read(dir.path()), []);
    }

    #[test]
    fn nothing_is_written_when_nothing_changed_and_no_link_is_followed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("other"), "safe").unwrap();
        std::os::unix::fs::symlink(dir.path().join("other"), dir.path().join("sessions.new")).unwrap();
        write(dir.path(), &[saved("1", "/", false)]).unwrap();
        assert_eq!(std::fs::read_to_string(dir.path().join("other")).unwrap(), "safe");
        let changed = || std::fs::metadata(dir.path().join("sessions")).unwrap().modified().unwrap();
        let before = changed();
        write(dir.path(), &read(dir.path())).unwrap();
        assert_eq!(changed(), before);
    }
}

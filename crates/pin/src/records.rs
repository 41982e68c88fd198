//! The files of all pins, in one directory that is root's alone. Each appears whole or not at all.

use crate::pin_id::PinId;
use crate::record::Record;
use rustix::fd::OwnedFd;
use rustix::fs::{
    AtFlags, CWD, Dir, FlockOperation, Mode, OFlags, flock, fstat, fsync, mkdirat, openat, renameat, unlinkat,
};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// More than any record has: two paths of 4 KiB, escaped.
const LONGEST: u64 = 64 * 1024;
const SUFFIX: &str = ".json";
/// Two seconds in all.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// Begins the name of a file that is being written.
const HALF: &str = ".half-";

/// The directory, held and locked: one process has it at a time.
#[derive(Debug)]
pub(crate) struct Records {
    state: PathBuf,
    fd: OwnedFd,
}

impl Records {
    /// Opens `<state>/pins`, making it where it is not, and removes what a killed process left half written.
    pub(crate) fn open(state: &Path) -> io::Result<Self> {
        let path = state.join("pins");
        match mkdirat(CWD, &path, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = openat(CWD, &path, flags, Mode::empty())?;
        let stat = fstat(&directory)?;
        if stat.st_uid != 0 || stat.st_mode & 0o077 != 0 {
            return Err(io::Error::other("it is not root's alone: `chown root` and `chmod 0700` it"));
        }
        lock(&directory)?;
        let records = Self { state: state.to_owned(), fd: directory };
        for name in records.names()?.iter().filter(|name| name.starts_with(HALF)) {
            unlinkat(&records.fd, name, AtFlags::empty())?;
        }
        Ok(records)
    }

    /// The directory above.
    pub(crate) fn state(&self) -> &Path {
        &self.state
    }

    /// Writes a record, in place of an older one.
    pub(crate) fn write(&self, record: &Record) -> io::Result<()> {
        let half = format!("{HALF}{}", record.id);
        let written = self.write_half(&half, record);
        if written.is_err() {
            // Nothing to add when even this fails: the first error says more, and the next start removes the file.
            let _ = unlinkat(&self.fd, &half, AtFlags::empty());
        }
        written
    }

    fn write_half(&self, half: &str, record: &Record) -> io::Result<()> {
        let flags = OFlags::CREATE | OFlags::TRUNC | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.fd, half, flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(&serde_json::to_vec(record)?)?;
        file.sync_all()?;
        renameat(&self.fd, half, &self.fd, name_of(&record.id))?;
        Ok(fsync(&self.fd)?)
    }

    /// Removes a record. One that is not there is fine.
    pub(crate) fn remove(&self, id: &PinId) -> io::Result<()> {
        match unlinkat(&self.fd, name_of(id), AtFlags::empty()) {
            Ok(()) => Ok(fsync(&self.fd)?),
            Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all pins that have a file, sorted.
    pub(crate) fn ids(&self) -> io::Result<Vec<PinId>> {
        let names = self.names()?;
        let mut ids: Vec<PinId> =
            names.iter().filter_map(|name| name.strip_suffix(SUFFIX)?.parse().ok()).collect();
        ids.sort();
        Ok(ids)
    }

    /// What a file says.
    pub(crate) fn read(&self, id: &PinId) -> io::Result<Record> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(openat(&self.fd, name_of(id), flags, Mode::empty())?);
        let mut text = Vec::new();
        file.take(LONGEST).read_to_end(&mut text)?;
        let record: Record = serde_json::from_slice(&text)?;
        if record.id == *id { Ok(record) } else { Err(io::Error::other("it is the record of another pin")) }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in Dir::read_from(&self.fd)? {
            found.push(entry?.file_name().to_string_lossy().into_owned());
        }
        found.retain(|name| !matches!(name.as_str(), "." | ".."));
        Ok(found)
    }
}

/// A process that was just killed may still be ending.
fn lock(directory: &OwnedFd) -> io::Result<()> {
    for _ in 0..LOCK_TRIES {
        match flock(directory, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK | Errno::INTR) => std::thread::sleep(LOCK_PAUSE),
            other => return Ok(other?),
        }
    }
    Err(io::Error::other("another process has them"))
}

fn name_of(id: &PinId) -> String {
    format!("{id}{SUFFIX}")
}

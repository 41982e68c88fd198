//! The audit trail: a file of JSON lines that only grows, and is put aside when it is large.
//!
//! A record is one write at the file's end, which the kernel does as a whole, so records of several processes never mix
//! and none waits for another: a run that somebody stops in the middle holds up nobody. Records are not forced to the
//! disk one by one (no fsync): a power cut may lose the last seconds, a crash of wharf or of the engine loses nothing.

mod rotation;

use crate::audit_record::{AuditRecord, Outcome};
use crate::journal::Journal;
use crate::own_file::{FileId, OwnFileError, at, open_dir, open_file};
use rotation::Rotation;
use rustix::fd::OwnedFd;
use rustix::fs::{OFlags, SeekFrom, fstat, lstat, seek};
use rustix::io::{Errno, pread, write};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use thiserror::Error;

pub(crate) use rotation::{KEPT, numbered};

/// The trail, open for appending; threads may share it.
#[derive(Debug)]
pub struct AuditTrail {
    path: PathBuf,
    rotation: Rotation,
    journal: Option<Journal>,
    appender: Mutex<Appender>,
}

#[derive(Debug)]
struct Appender {
    file: OwnedFd,
    id: FileId,
    /// Where our last record ended: one that begins here begins a line.
    end: u64,
}

/// Why something is not recorded, or cannot be read. An action that cannot be recorded should not be done.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The file, or its directory, is not to be trusted.
    #[error(transparent)]
    File(#[from] OwnFileError),
    /// The path names no file.
    #[error("`{}` names no file in a directory", path.display())]
    NotAFile {
        /// As given.
        path: PathBuf,
    },
    /// Not, or not wholly, written.
    #[error("cannot record in `{}`; is its disk full?", path.display())]
    Io {
        /// The trail's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Not read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The trail's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl AuditTrail {
    /// Opens the trail, made (0600) when it is missing; its directory is made too (0700), when that one's parent exists.
    /// At 64 MiB it is put aside as `<path>.1`, what was there as `.2`, and so on to `.8`.
    ///
    /// # Errors
    /// When the file or its directory is somebody else's, writable by others, a link, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, AuditError> {
        let appender = Mutex::new(Appender::open(path)?);
        Ok(Self { path: path.to_owned(), rotation: Rotation::default(), journal: None, appender })
    }

    /// Puts the trail aside before it grows beyond this many bytes.
    pub fn rotating_at(mut self, bytes: u64) -> Self {
        self.rotation.at = bytes;
        self
    }

    /// Tells the journal, too. What cannot be recorded in the file is not thereby recorded.
    pub fn telling(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// Appends one record.
    ///
    /// # Errors
    /// When it could not be written as a whole.
    pub fn record(&self, record: &AuditRecord) -> Result<(), AuditError> {
        let line = record.line().map_err(|error| self.failed(error))?;
        let appended = self.append(line.as_bytes());
        // A permitted action that is not recorded will not be done: the journal should not say that it was.
        if let Some(journal) =
            self.journal.as_ref().filter(|_| appended.is_ok() || record.outcome != Outcome::Permitted)
        {
            journal.tell(record);
        }
        appended
    }

    fn append(&self, line: &[u8]) -> Result<(), AuditError> {
        let mut appender = self.appender.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            self.make_current(&mut appender, line.len())?;
            appender.append(line).map_err(|error| self.failed(error))?;
            // Removed between our look and our write, by somebody's hand or because much was put aside meanwhile.
            if fstat(&appender.file).map_err(|error| self.failed(error))?.st_nlink > 0 {
                return Ok(());
            }
        }
    }

    /// Puts the file aside when it is large, and opens the one at the path when ours is no longer that.
    fn make_current(&self, appender: &mut Appender, more: usize) -> Result<(), AuditError> {
        if let Some(size) = self.size_if_current(appender)? {
            if size == 0 || size.saturating_add(more as u64) <= self.rotation.at {
                return Ok(());
            }
            // Recording goes on in the large file, should this fail: a long trail is better than none.
            let _put_aside = self.rotation.put_aside(&self.path, &appender.file);
            if self.size_if_current(appender)?.is_some() {
                return Ok(());
            }
        }
        *appender = Appender::open(&self.path)?;
        Ok(())
    }

    fn size_if_current(&self, appender: &Appender) -> Result<Option<u64>, AuditError> {
        match lstat(&self.path) {
            Ok(stat) if FileId::of(&stat) == appender.id => Ok(u64::try_from(stat.st_size).ok()),
            Ok(_) | Err(Errno::NOENT) => Ok(None),
            Err(errno) => Err(self.failed(errno)),
        }
    }

    fn failed(&self, source: impl Into<io::Error>) -> AuditError {
        AuditError::Io { path: self.path.clone(), source: source.into() }
    }
}

impl Appender {
    fn open(path: &Path) -> Result<Self, AuditError> {
        let file = open_file(&open_dir(directory_of(path)?)?, path, OFlags::APPEND)?;
        let stat = fstat(&file).map_err(|errno| at(path, errno))?;
        Ok(Self { file, id: FileId::of(&stat), end: 0 })
    }

    /// Writes the line at the file's end. Where a full disk has left another's line without an end, ours was glued to
    /// it, and is written again.
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let before = self.end;
        self.write(line)?;
        let start = self.end.saturating_sub(line.len() as u64);
        if start == before || self.is_line_start(start)? { Ok(()) } else { self.write(line) }
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let written = rustix::io::retry_on_intr(|| write(&self.file, line))?;
        if written != line.len() {
            return Err(io::Error::from(io::ErrorKind::WriteZero));
        }
        // After a write to a file opened for appending, its position is the end of what was written.
        self.end = seek(&self.file, SeekFrom::Current(0))?;
        Ok(())
    }

    fn is_line_start(&self, start: u64) -> io::Result<bool> {
        let Some(last) = start.checked_sub(1) else { return Ok(true) };
        let mut byte = [0];
        let read = rustix::io::retry_on_intr(|| pread(&self.file, &mut byte, last))?;
        Ok(read == 1 && byte == *b"\n")
    }
}

/// The directory in which a trail lies.
pub(crate) fn directory_of(path: &Path) -> Result<&Path, AuditError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.ok_or_else(|| AuditError::NotAFile { path: path.to_owned() })
}

#[cfg(test)]
mod tests;

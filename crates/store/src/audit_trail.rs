//! The audit trail: a file of JSON lines that only grows.
//!
//! A record is one write at the file's end, so records of several runs never mix. Records are not forced to the disk one
//! by one (no fsync): a power cut may lose the last seconds, a crash of wharf or of the engine loses nothing.

use crate::audit_record::AuditRecord;
use crate::own_file::{OwnFileError, open_dir, open_file};
use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, OFlags, flock, fstat};
use rustix::io::{Errno, pread, write};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use thiserror::Error;

/// Longer lines are no records of ours.
const LONGEST_LINE: u64 = 1 << 16;

/// The trail, open for appending.
#[derive(Debug)]
pub struct AuditTrail {
    // The kernel's lock is the open file's, so threads that share it need a turn among themselves as well.
    file: Mutex<OwnedFd>,
    path: PathBuf,
}

/// Why something is not recorded. An action that cannot be recorded should not be done.
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
}

/// One line read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditEntry {
    /// A record.
    Record(AuditRecord),
    /// A line that is none, as a full disk leaves behind.
    Broken {
        /// Counted from 1.
        line: usize,
    },
}

impl AuditTrail {
    /// Opens the trail, made (0600) when it is missing; its directory is made too (0700), when that one's parent exists.
    ///
    /// # Errors
    /// When the file or its directory is somebody else's, writable by others, a link, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, AuditError> {
        let not_a_file = || AuditError::NotAFile { path: path.to_owned() };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).ok_or_else(not_a_file)?;
        let file = open_file(&open_dir(parent)?, path, OFlags::APPEND)?;
        Ok(Self { file: Mutex::new(file), path: path.to_owned() })
    }

    /// Appends one record.
    ///
    /// # Errors
    /// When it could not be written as a whole.
    pub fn record(&self, record: &AuditRecord) -> Result<(), AuditError> {
        self.append(record).map_err(|source| AuditError::Io { path: self.path.clone(), source })
    }

    fn append(&self, record: &AuditRecord) -> io::Result<()> {
        let line = record.line()?;
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let _turn = Turn::take(&file)?;
        // After a full disk the last line may lack its end; ours must not be glued to it.
        let line = if ends_whole(&file)? { line } else { format!("\n{line}") };
        match write(&*file, line.as_bytes())? {
            written if written == line.len() => Ok(()),
            _ => Err(io::Error::from(io::ErrorKind::WriteZero)),
        }
    }
}

/// The right to append, among the runs of this machine; let go when dropped.
struct Turn<'a>(&'a OwnedFd);

impl<'a> Turn<'a> {
    fn take(file: &'a OwnedFd) -> Result<Self, Errno> {
        loop {
            match flock(file, FlockOperation::LockExclusive) {
                Ok(()) => return Ok(Self(file)),
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno),
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Closing the file lets go as well, should this fail.
        let _ = flock(self.0, FlockOperation::Unlock);
    }
}

fn ends_whole(file: &OwnedFd) -> Result<bool, Errno> {
    let Some(last) = u64::try_from(fstat(file)?.st_size).ok().and_then(|size| size.checked_sub(1)) else {
        return Ok(true);
    };
    let mut byte = [0];
    Ok(pread(file, &mut byte, last)? == 0 || byte == *b"\n")
}

/// Reads a trail, line by line, without ever holding more than one.
///
/// # Errors
/// When reading fails.
pub fn read_trail(mut trail: impl BufRead) -> impl Iterator<Item = io::Result<AuditEntry>> {
    let mut number = 0;
    std::iter::from_fn(move || {
        number += 1;
        match next_line(&mut trail) {
            Ok(None) => None,
            Ok(Some(line)) => {
                let record = serde_json::from_slice(&line).map(AuditEntry::Record);
                Some(Ok(record.unwrap_or(AuditEntry::Broken { line: number })))
            }
            Err(error) => Some(Err(error)),
        }
    })
}

/// The next line's first bytes; what is too long is skipped.
fn next_line(trail: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut limited = io::Read::take(&mut *trail, LONGEST_LINE);
    if limited.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') {
        trail.skip_until(b'\n')?;
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests;

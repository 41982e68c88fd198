//! Reading the trail back, oldest first, across the files that were put aside, and on as it grows.
//!
//! Takes no lock, so a reader that is slow or stopped holds up nobody. Never has more than one line in memory, and trusts
//! none.

mod file;

use crate::audit_record::AuditRecord;
use crate::audit_trail::{AuditError, KEPT, numbered};
use crate::moment::Moment;
use crate::own_file::FileId;
use file::TrailFile;
use rustix::fs::lstat;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// One line read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditEntry {
    /// A record.
    Record(AuditRecord),
    /// A line that is none, as a full disk leaves behind.
    Broken {
        /// In which file, by the name it had when it was opened.
        file: PathBuf,
        /// Counted from 1.
        line: u64,
    },
}

/// Reads a trail.
#[derive(Debug)]
pub struct AuditReader {
    path: PathBuf,
    kept: u8,
    /// Oldest first; the last is the one that grows, as far as is known.
    files: VecDeque<TrailFile>,
    /// The last one left behind: a writer that was about to write when it was put aside writes there.
    left: Option<TrailFile>,
}

impl AuditReader {
    /// Opens all files of the trail that is at `path` or will be. Those put aside whose newest line is older than `since`
    /// are not read.
    ///
    /// # Errors
    /// When a file is somebody else's, writable by others, a link, or cannot be opened.
    pub fn open(path: &Path, since: Option<Moment>) -> Result<Self, AuditError> {
        Self::keeping(path, since, KEPT)
    }

    pub(crate) fn keeping(path: &Path, since: Option<Moment>, kept: u8) -> Result<Self, AuditError> {
        let mut files = files_after(path, None, kept)?;
        let newest = files.pop_back();
        files.retain(|file| since.is_none_or(|since| file.may_have(since)));
        files.extend(newest);
        Ok(Self { path: path.to_owned(), kept, files, left: None })
    }

    /// Whether there is no trail.
    pub fn is_absent(&self) -> bool {
        self.files.is_empty()
    }

    /// The next entry; `None` when there is none for now. Asked again later, it goes on where it was, also when the trail
    /// was put aside meanwhile.
    ///
    /// # Errors
    /// When reading fails.
    pub fn advance(&mut self) -> Result<Option<AuditEntry>, AuditError> {
        loop {
            for file in self.files.front_mut().into_iter().chain(&mut self.left) {
                if let Some(entry) = file.advance()? {
                    return Ok(Some(entry));
                }
            }
            // Seen now, what comes after the file at hand is looked for; the file is then read to its end once more,
            // since its last lines may have come between our look at its end and the other.
            if self.files.len() < 2 && !self.find_newer()? {
                return Ok(None);
            }
            if let Some(entry) = self.leave_front()? {
                return Ok(Some(entry));
            }
        }
    }

    /// The last `most` entries, of those that there are now, that are `wanted`. What comes after them comes from
    /// [`Self::advance`].
    ///
    /// # Errors
    /// When reading fails.
    pub fn last(
        &mut self,
        most: usize,
        mut wanted: impl FnMut(&AuditEntry) -> bool,
    ) -> Result<VecDeque<AuditEntry>, AuditError> {
        let mut last = VecDeque::new();
        let mut growing = None;
        // From the newest file back: the older ones may not be needed.
        while let Some(mut file) = self.files.pop_back() {
            let room = most - last.len();
            if room > 0 || growing.is_none() {
                let mut found = file.last(room, &mut wanted)?;
                found.append(&mut last);
                last = found;
            }
            growing.get_or_insert(file);
        }
        self.files.extend(growing);
        Ok(last)
    }

    /// Lines that have no end, as a full disk leaves behind; or that are just being written.
    pub fn unfinished(&self) -> impl Iterator<Item = AuditEntry> + '_ {
        self.left.iter().chain(&self.files).filter_map(TrailFile::unfinished)
    }

    /// Whether there is now a file after the newest known.
    fn find_newer(&mut self) -> Result<bool, AuditError> {
        let known = self.files.back().map(TrailFile::id);
        // Nothing is there in the midst of being put aside; the next look finds it.
        if lstat(&self.path).ok().map(|stat| FileId::of(&stat)) == known {
            return Ok(false);
        }
        let newer = files_after(&self.path, known, self.kept)?;
        let found = !newer.is_empty();
        self.files.extend(newer);
        Ok(found)
    }

    /// Goes on to the next file, when this one has no more; its last whole lines come first.
    fn leave_front(&mut self) -> Result<Option<AuditEntry>, AuditError> {
        if self.files.len() < 2 {
            return Ok(None);
        }
        if let Some(entry) = self.files.front_mut().map_or(Ok(None), TrailFile::advance)? {
            return Ok(Some(entry));
        }
        let front = self.files.pop_front();
        let forgotten = std::mem::replace(&mut self.left, front);
        Ok(forgotten.and_then(|file| file.unfinished()))
    }
}

/// The files newer than the known one, oldest first.
///
/// Opened from the newest to the oldest: files only ever move in that direction, so one that moves meanwhile is met
/// twice, and none is missed.
fn files_after(path: &Path, known: Option<FileId>, kept: u8) -> Result<VecDeque<TrailFile>, AuditError> {
    let mut files: VecDeque<TrailFile> = VecDeque::new();
    for number in 0..=kept {
        let Some(file) = TrailFile::open(numbered(path, number))? else { continue };
        if Some(file.id()) == known {
            break;
        }
        if !files.iter().any(|met| met.id() == file.id()) {
            files.push_front(file);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests;

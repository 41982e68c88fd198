//! One file of the trail, being read.

use super::AuditEntry;
use crate::audit_trail::AuditError;
use crate::lines::{Line, Lines};
use crate::moment::Moment;
use crate::own_file::{FileId, at, open_to_read};
use rustix::fs::{Stat, fstat};
use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

/// A record's time is taken before it is written, and the file's time may lag by a tick of the kernel's clock; the rest
/// is for clocks that were set back a little.
const SLACK_MILLIS: u64 = 60_000;

#[derive(Debug)]
pub(super) struct TrailFile {
    path: PathBuf,
    stat: Stat,
    lines: Lines<BufReader<File>>,
}

impl TrailFile {
    /// `None` when there is none.
    pub(super) fn open(path: PathBuf) -> Result<Option<Self>, AuditError> {
        let file = match open_to_read(&path) {
            Err(error) if error.is_missing() => return Ok(None),
            other => other?,
        };
        let stat = fstat(&file).map_err(|errno| at(&path, errno))?;
        let lines = Lines::new(BufReader::with_capacity(1 << 16, File::from(file)));
        Ok(Some(Self { path, stat, lines }))
    }

    pub(super) fn id(&self) -> FileId {
        FileId::of(&self.stat)
    }

    /// Whether it may have a record of this time or later.
    pub(super) fn may_have(&self, since: Moment) -> bool {
        let millis = self.stat.st_mtime.saturating_mul(1000).saturating_add(999);
        u64::try_from(millis).unwrap_or_default().saturating_add(SLACK_MILLIS) >= since.unix_millis()
    }

    /// The next entry; `None` when there is none for now.
    pub(super) fn advance(&mut self) -> Result<Option<AuditEntry>, AuditError> {
        let read = |source| AuditError::Read { path: self.path.clone(), source };
        let Some(line) = self.lines.next().map_err(read)? else { return Ok(None) };
        let record = match line {
            Line::Whole(bytes) => serde_json::from_slice(&bytes).ok(),
            Line::TooLong => None,
        };
        Ok(Some(record.map_or_else(|| self.broken(self.lines.count), AuditEntry::Record)))
    }

    /// The last `most` entries that are wanted.
    pub(super) fn last(
        &mut self,
        most: usize,
        wanted: &mut impl FnMut(&AuditEntry) -> bool,
    ) -> Result<VecDeque<AuditEntry>, AuditError> {
        let mut last = VecDeque::new();
        while let Some(entry) = self.advance()? {
            if wanted(&entry) {
                last.push_back(entry);
            }
            if last.len() > most {
                last.pop_front();
            }
        }
        Ok(last)
    }

    /// The line without an end, where it has one.
    pub(super) fn unfinished(&self) -> Option<AuditEntry> {
        self.lines.is_within().then(|| self.broken(self.lines.count + 1))
    }

    fn broken(&self, line: u64) -> AuditEntry {
        AuditEntry::Broken { file: self.path.clone(), line }
    }
}

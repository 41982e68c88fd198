//! The near side: says what there is, and sends what is wanted of it.

use super::entry::{Entry, EntryKind as Kind, Item};
use super::{Excludes, MOST_ENTRIES, SyncError, Synced};
use crate::frame::{self, Frame, LONGEST, Malformed};
use crate::message;
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Something that can be copied: a folder, or an archive.
pub trait Source {
    /// What it has, parents first.
    ///
    /// # Errors
    /// When it cannot be read.
    fn entries(&mut self) -> Result<Vec<Entry>, SyncError>;

    /// The content of the entry with this number, which is a file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn content(&mut self, number: usize) -> Result<Box<dyn Read + '_>, SyncError>;
}

/// Copies `folder` to the `session receive` at the other end of these streams.
///
/// # Errors
/// When something here cannot be read, the stream breaks, or the other side refuses. What is written there is whole, file by file.
pub fn send(
    folder: &Path,
    excludes: &Excludes,
    from: impl Read,
    to: impl Write,
) -> Result<Synced, SyncError> {
    send_all(&mut Folder { root: folder, excludes, entries: Vec::new() }, excludes, from, to)
}

/// Copies anything to the `session receive` or `session unpack` at the other end of these streams.
///
/// # Errors
/// As [`send`].
pub fn send_all(
    source: &mut impl Source,
    excludes: &Excludes,
    mut from: impl Read,
    mut to: impl Write,
) -> Result<Synced, SyncError> {
    let told = tell(source, excludes, &mut from, &mut to);
    match told {
        // Why it hung up, it has said before.
        Err(SyncError::Stream(broken)) => match last_word(&mut from) {
            Some(refused) => Err(refused),
            None => Err(broken.into()),
        },
        told => told,
    }
}

fn tell(
    source: &mut impl Source,
    excludes: &Excludes,
    from: &mut impl Read,
    to: &mut impl Write,
) -> Result<Synced, SyncError> {
    let entries = source.entries()?;
    if entries.len() > MOST_ENTRIES {
        return Err(SyncError::TooMany { most: MOST_ENTRIES });
    }
    let mut out = Vec::new();
    let excluded = excludes.patterns().iter().cloned().map(Item::Exclude);
    for item in excluded.chain(entries.into_iter().map(Item::Entry)) {
        frame::encode(frame::Kind::Entry, &message::write(&item), &mut out);
        if out.len() > LONGEST {
            to.write_all(&out)?;
            out.clear();
        }
    }
    frame::encode(frame::Kind::Done, &[], &mut out);
    to.write_all(&out)?;
    to.flush()?;
    for number in wanted(from)? {
        let mut content = source.content(number)?;
        let mut buffer = vec![0; LONGEST];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(source) => return Err(SyncError::Local { path: format!("entry {number}"), source }),
            };
            to.write_all(&frame::encoded(frame::Kind::Content, buffer.get(..count).unwrap_or_default()))?;
        }
        to.write_all(&frame::encoded(frame::Kind::Done, &[]))?;
    }
    to.flush()?;
    let summary = next(from)?;
    match summary.kind {
        frame::Kind::Summary => Ok(message::read(&summary.payload)?),
        _ => Err(Malformed::OutOfTurn.into()),
    }
}

/// What the other side said last, where that was a refusal.
fn last_word(from: &mut impl Read) -> Option<SyncError> {
    loop {
        match next(from) {
            Ok(_) => {}
            Err(refused @ SyncError::Refused(_)) => return Some(refused),
            Err(_) => return None,
        }
    }
}

/// The numbers of the entries whose contents the other side wants.
fn wanted(from: &mut impl Read) -> Result<Vec<usize>, SyncError> {
    let mut numbers = Vec::new();
    loop {
        let frame = next(from)?;
        match frame.kind {
            frame::Kind::Want if numbers.len() < MOST_ENTRIES => {
                let number: u32 = message::read(&frame.payload)?;
                numbers.push(usize::try_from(number).unwrap_or(usize::MAX));
            }
            frame::Kind::Done => return Ok(numbers),
            _ => return Err(Malformed::OutOfTurn.into()),
        }
    }
}

/// The next frame, unless it is the other side's last word.
pub(super) fn next(from: &mut impl Read) -> Result<Frame, SyncError> {
    let frame = frame::read(from)?.ok_or(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
    if frame.kind == frame::Kind::Refused {
        let refused: message::Refused = message::read(&frame.payload)?;
        return Err(SyncError::Refused(refused.reason));
    }
    Ok(frame)
}

struct Folder<'a> {
    root: &'a Path,
    excludes: &'a Excludes,
    entries: Vec<Entry>,
}

impl Source for Folder<'_> {
    fn entries(&mut self) -> Result<Vec<Entry>, SyncError> {
        self.walk(&mut Vec::new())?;
        Ok(self.entries.clone())
    }

    fn content(&mut self, number: usize) -> Result<Box<dyn Read + '_>, SyncError> {
        let entry = self.entries.get(number).ok_or(Malformed::OutOfTurn)?;
        let place = self.at(&entry.path);
        let opened = open(&place);
        let file = opened.map_err(|source| SyncError::Local { path: place.display().to_string(), source })?;
        Ok(Box::new(file))
    }
}

impl Folder<'_> {
    fn walk(&mut self, path: &mut Vec<Vec<u8>>) -> Result<(), SyncError> {
        let directory = self.at(path);
        let doing = |source| SyncError::Local { path: directory.display().to_string(), source };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&directory).map_err(doing)? {
            names.push(entry.map_err(doing)?.file_name().into_vec());
        }
        names.sort();
        for name in names {
            path.push(name);
            if !self.excludes.cover(path) {
                self.note(path)?;
            }
            path.pop();
        }
        Ok(())
    }

    fn note(&mut self, path: &mut Vec<Vec<u8>>) -> Result<(), SyncError> {
        let place = self.at(path);
        let doing = |source| SyncError::Local { path: place.display().to_string(), source };
        let seen = match std::fs::symlink_metadata(&place) {
            // It went meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            seen => seen.map_err(doing)?,
        };
        let Some(kind) = kind_of(&place, &seen).map_err(doing)? else { return Ok(()) };
        if self.entries.len() == MOST_ENTRIES {
            return Err(SyncError::TooMany { most: MOST_ENTRIES });
        }
        let is_directory = matches!(kind, Kind::Directory { .. });
        self.entries.push(Entry { path: path.clone(), kind });
        if is_directory { self.walk(path) } else { Ok(()) }
    }

    fn at(&self, path: &[Vec<u8>]) -> PathBuf {
        path.iter().fold(self.root.to_owned(), |place, name| place.join(OsStr::from_bytes(name)))
    }
}

/// A file, and not what somebody put in its place since it was looked at: a link, or a pipe that nobody writes to.
fn open(place: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(place, flags, Mode::empty())?.into())
}

/// `None` for what is not copied: sockets, pipes, devices.
fn kind_of(place: &Path, seen: &Metadata) -> std::io::Result<Option<Kind>> {
    let mode = seen.mode() & 0o777;
    let kind = seen.file_type();
    Ok(if kind.is_dir() {
        Some(Kind::Directory { mode })
    } else if kind.is_symlink() {
        Some(Kind::Link { target: std::fs::read_link(place)?.into_os_string().into_vec() })
    } else if kind.is_file() {
        let nanoseconds = u32::try_from(seen.mtime_nsec()).unwrap_or(0);
        Some(Kind::File { mode, size: seen.len(), seconds: seen.mtime(), nanoseconds })
    } else {
        None
    })
}

//! The far side: makes a directory of the home as the near side's folder is.

use super::entry::{Entry, EntryKind as Kind, Item, is_name};
use super::send::next;
use super::{Excludes, MOST_ENTRIES, SyncError, Synced};
use crate::frame::{self, Malformed};
use crate::message;
use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Timespec, Timestamps};
use rustix::io::Errno;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The beginning of the names under which files are written before they are whole.
const UNFINISHED: &str = ".wharf-unfinished-";

/// Makes `directory` below `home` as the `send` at the other end of these streams says. What goes wrong is told to it, too.
///
/// # Errors
/// When something cannot be written, the stream breaks, or what comes makes no sense.
pub fn receive(home: &Path, directory: &str, from: impl Read, to: impl Write) -> Result<Synced, SyncError> {
    answered(from, to, || Place::below(home, directory), Copy::delete)
}

/// Puts what comes into `home`, and deletes nothing but what is in its place.
///
/// # Errors
/// As [`receive`].
pub fn add(home: &Path, from: impl Read, to: impl Write) -> Result<Synced, SyncError> {
    answered(from, to, || Place::home(home), |_, _| Ok(()))
}

fn answered(
    mut from: impl Read,
    mut to: impl Write,
    root: impl FnOnce() -> Result<Place, SyncError>,
    clear: impl FnOnce(&mut Copy, &[Entry]) -> Result<(), SyncError>,
) -> Result<Synced, SyncError> {
    let received = tried(&mut from, &mut to, root, clear);
    match &received {
        Ok(synced) => to.write_all(&frame::encoded(frame::Kind::Summary, &message::write(synced)))?,
        // Whose stream broke hears nothing.
        Err(SyncError::Stream(_)) => {}
        Err(error) => {
            let mut reason = error.to_string();
            reason.truncate(reason.floor_char_boundary(1024));
            let refused = message::write(&message::Refused { reason });
            to.write_all(&frame::encoded(frame::Kind::Refused, &refused))?;
        }
    }
    to.flush()?;
    received
}

fn tried(
    from: &mut impl Read,
    to: &mut impl Write,
    root: impl FnOnce() -> Result<Place, SyncError>,
    clear: impl FnOnce(&mut Copy, &[Entry]) -> Result<(), SyncError>,
) -> Result<Synced, SyncError> {
    let (excludes, entries) = list(from)?;
    let mut copy = Copy { root: root()?, excludes, synced: Synced::default() };
    clear(&mut copy, &entries)?;
    let mut wanted = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        if copy.make(entry)? {
            wanted.push((u32::try_from(number).unwrap_or(u32::MAX), entry));
        }
    }
    let mut out = Vec::new();
    for (number, _) in &wanted {
        frame::encode(frame::Kind::Want, &message::write(number), &mut out);
    }
    frame::encode(frame::Kind::Done, &[], &mut out);
    to.write_all(&out)?;
    to.flush()?;
    for (_, entry) in wanted {
        copy.write(entry, from)?;
    }
    // Last, deepest first: nothing can be written into a directory that must not be written into.
    for entry in entries.iter().rev() {
        copy.settle(entry)?;
    }
    Ok(copy.synced)
}

/// What is excluded, and what there is.
fn list(from: &mut impl Read) -> Result<(Excludes, Vec<Entry>), SyncError> {
    let (mut patterns, mut entries) = (Vec::new(), Vec::new());
    loop {
        let frame = next(from)?;
        match frame.kind {
            frame::Kind::Done => break,
            frame::Kind::Entry if entries.len() < MOST_ENTRIES && patterns.len() < 1000 => {
                match message::read(&frame.payload)? {
                    Item::Exclude(pattern) => patterns.push(pattern),
                    Item::Entry(entry) if entry.is_below() => entries.push(entry),
                    Item::Entry(_) => return Err(Malformed::Unreadable.into()),
                }
            }
            frame::Kind::Entry => return Err(SyncError::TooMany { most: MOST_ENTRIES }),
            _ => return Err(Malformed::OutOfTurn.into()),
        }
    }
    let excludes = Excludes::new(&patterns).map_err(|_| Malformed::Unreadable)?;
    Ok((excludes, entries))
}

/// A directory, held open: what is done in it is done in it, whatever happens to names above.
struct Place(OwnedFd);

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Place {
    fn home(home: &Path) -> Result<Self, SyncError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(home, flags, Mode::empty());
        opened.map(Self).map_err(|error| local(home.as_os_str().as_bytes(), error))
    }

    /// The directory below the home, made where it is missing.
    fn below(home: &Path, directory: &str) -> Result<Self, SyncError> {
        let elsewhere = || SyncError::Elsewhere(directory.to_owned());
        let mut place = Self::home(home)?;
        let parts: Vec<&str> = directory.trim_end_matches('/').split('/').collect();
        if !parts.iter().all(|part| is_name(part.as_bytes())) {
            return Err(elsewhere());
        }
        for part in parts {
            place = match place.directory(part.as_bytes(), 0o755) {
                Err(Errno::LOOP | Errno::NOTDIR) => return Err(elsewhere()),
                opened => opened.map_err(|error| local(part.as_bytes(), error))?,
            };
        }
        Ok(place)
    }

    /// A directory in this one, made if it is missing.
    fn directory(&self, name: &[u8], mode: u32) -> Result<Self, Errno> {
        match rustix::fs::mkdirat(&self.0, OsStr::from_bytes(name), Mode::from_raw_mode(mode | 0o700)) {
            Ok(()) | Err(Errno::EXIST) => self.open(name),
            Err(error) => Err(error),
        }
    }

    fn open(&self, name: &[u8]) -> Result<Self, Errno> {
        rustix::fs::openat(&self.0, OsStr::from_bytes(name), DIRECTORY, Mode::empty()).map(Self)
    }

    fn again(&self) -> Result<Self, Errno> {
        rustix::fs::openat(&self.0, ".", DIRECTORY, Mode::empty()).map(Self)
    }

    fn names(&self) -> Result<Vec<Vec<u8>>, Errno> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let name = entry?.file_name().to_bytes().to_vec();
            if is_name(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn kind(&self, name: &[u8]) -> Result<Option<rustix::fs::Stat>, Errno> {
        match rustix::fs::statat(&self.0, OsStr::from_bytes(name), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(seen) => Ok(Some(seen)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes what is there, with all that is in it; gives how much that was.
    fn remove(&self, name: &[u8]) -> Result<u64, Errno> {
        let Some(seen) = self.kind(name)? else { return Ok(0) };
        let text = OsStr::from_bytes(name);
        if FileType::from_raw_mode(seen.st_mode) != FileType::Directory {
            rustix::fs::unlinkat(&self.0, text, AtFlags::empty())?;
            return Ok(1);
        }
        // Ours, whatever its mode is.
        let _writable = rustix::fs::chmodat(&self.0, text, Mode::RWXU, AtFlags::empty());
        let inside = self.open(name)?;
        let mut removed = 1;
        for name in inside.names()? {
            removed += inside.remove(&name)?;
        }
        rustix::fs::unlinkat(&self.0, text, AtFlags::REMOVEDIR)?;
        Ok(removed)
    }
}

struct Copy {
    root: Place,
    excludes: Excludes,
    synced: Synced,
}

impl Copy {
    /// Clears the way for something that is no directory, or for one where something else is.
    fn clear(&mut self, place: &Place, name: &[u8], entry: &Entry) -> Result<(), SyncError> {
        let doing = |error| entry_error(entry, error);
        let there = place.kind(name).map_err(doing)?;
        let is_directory =
            there.is_some_and(|seen| FileType::from_raw_mode(seen.st_mode) == FileType::Directory);
        if is_directory && self.holds_excluded(place, name, &mut entry.path.clone())? {
            return Err(SyncError::InTheWay(shown(&entry.path)));
        }
        self.synced.deleted += place.remove(name).map_err(doing)?;
        Ok(())
    }

    /// The directory that an entry is in, and the entry's own name.
    fn parent<'e>(&self, entry: &'e Entry) -> Result<(Place, &'e [u8]), SyncError> {
        let (name, above) = entry.path.split_last().ok_or(Malformed::Unreadable)?;
        let mut place = self.root.again().map_err(|error| entry_error(entry, error))?;
        for part in above {
            place = place.open(part).map_err(|error| entry_error(entry, error))?;
        }
        Ok((place, name))
    }

    /// Removes whatever the list does not have and nothing excludes.
    fn delete(&mut self, entries: &[Entry]) -> Result<(), SyncError> {
        let kept: HashSet<&[Vec<u8>]> = entries.iter().map(|entry| entry.path.as_slice()).collect();
        let root = self.root.again().map_err(|error| local(b".", error))?;
        self.delete_in(&root, &mut Vec::new(), &kept)
    }

    fn delete_in(
        &mut self,
        place: &Place,
        path: &mut Vec<Vec<u8>>,
        kept: &HashSet<&[Vec<u8>]>,
    ) -> Result<(), SyncError> {
        for name in place.names().map_err(|error| path_error(path, error))? {
            path.push(name.clone());
            let doing = |error| path_error(path, error);
            let seen = place.kind(&name).map_err(doing)?;
            let is_directory =
                seen.is_some_and(|seen| FileType::from_raw_mode(seen.st_mode) == FileType::Directory);
            if self.excludes.cover(path) {
                // Neither side's business.
            } else if !kept.contains(path.as_slice()) {
                if is_directory && self.holds_excluded(place, &name, path)? {
                    self.delete_in(&place.open(&name).map_err(|error| path_error(path, error))?, path, kept)?;
                } else {
                    self.synced.deleted += place.remove(&name).map_err(|error| path_error(path, error))?;
                }
            } else if is_directory {
                self.delete_in(&place.open(&name).map_err(doing)?, path, kept)?;
            }
            path.pop();
        }
        Ok(())
    }

    /// Whether something in this directory is excluded: then the directory stays, as with rsync.
    fn holds_excluded(&self, place: &Place, name: &[u8], path: &mut Vec<Vec<u8>>) -> Result<bool, SyncError> {
        if self.excludes.patterns().is_empty() {
            return Ok(false);
        }
        let inside = place.open(name).map_err(|error| path_error(path, error))?;
        for name in inside.names().map_err(|error| path_error(path, error))? {
            path.push(name.clone());
            let seen = inside.kind(&name).map_err(|error| path_error(path, error))?;
            let is_directory =
                seen.is_some_and(|seen| FileType::from_raw_mode(seen.st_mode) == FileType::Directory);
            let holds =
                self.excludes.cover(path) || (is_directory && self.holds_excluded(&inside, &name, path)?);
            path.pop();
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes a directory or a link; says of a file whether its content is wanted.
    fn make(&mut self, entry: &Entry) -> Result<bool, SyncError> {
        let doing = |error| entry_error(entry, error);
        let (place, name) = self.parent(entry)?;
        let text = OsStr::from_bytes(name);
        let seen = place.kind(name).map_err(doing)?;
        let there = seen.map(|seen| FileType::from_raw_mode(seen.st_mode));
        match &entry.kind {
            Kind::Directory { mode } if there == Some(FileType::Directory) => {
                let same = seen.is_some_and(|seen| seen.st_mode & 0o777 == *mode);
                self.count(!same);
                // Until all is in it; `settle` gives it the mode it shall have.
                rustix::fs::chmodat(&place.0, text, Mode::from_raw_mode(mode | 0o700), AtFlags::empty())
                    .map_err(doing)?;
            }
            Kind::Directory { mode } => {
                self.clear(&place, name, entry)?;
                place.directory(name, *mode).map_err(doing)?;
                self.count(true);
            }
            Kind::Link { target } => {
                let same = there == Some(FileType::Symlink)
                    && rustix::fs::readlinkat(&place.0, text, Vec::new()).map_err(doing)?.as_bytes()
                        == target;
                if !same {
                    if there == Some(FileType::Directory) {
                        self.clear(&place, name, entry)?;
                    }
                    let beside = beside(name);
                    place.remove(&beside).map_err(doing)?;
                    let beside = OsStr::from_bytes(&beside);
                    rustix::fs::symlinkat(OsStr::from_bytes(target), &place.0, beside).map_err(doing)?;
                    rustix::fs::renameat(&place.0, beside, &place.0, text).map_err(doing)?;
                }
                self.count(!same);
            }
            Kind::File { mode, size, seconds, nanoseconds } => {
                let same = seen.is_some_and(|seen| {
                    there == Some(FileType::RegularFile)
                        && seen.st_mode & 0o777 == *mode
                        && u64::try_from(seen.st_size) == Ok(*size)
                        && i128::from(seen.st_mtime) == i128::from(*seconds)
                        && i128::from(seen.st_mtime_nsec) == i128::from(*nanoseconds)
                });
                self.count(!same);
                return Ok(!same);
            }
        }
        Ok(false)
    }

    fn count(&mut self, written: bool) {
        if written { self.synced.written += 1 } else { self.synced.unchanged += 1 }
    }

    /// Writes a file beside its place, and puts it there when it is whole.
    fn write(&mut self, entry: &Entry, from: &mut impl Read) -> Result<(), SyncError> {
        let doing = |error| entry_error(entry, error);
        let Kind::File { mode, seconds, nanoseconds, .. } = &entry.kind else {
            return Err(Malformed::OutOfTurn.into());
        };
        let (place, name) = self.parent(entry)?;
        let beside = beside(name);
        place.remove(&beside).map_err(doing)?;
        let beside = OsStr::from_bytes(&beside);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&place.0, beside, flags, Mode::RUSR | Mode::WUSR).map_err(doing)?;
        let written = self.fill(std::fs::File::from(file), entry, from).and_then(|file| {
            rustix::fs::fchmod(&file, Mode::from_raw_mode(*mode)).map_err(doing)?;
            let time = Timespec { tv_sec: *seconds, tv_nsec: (*nanoseconds).into() };
            rustix::fs::futimens(&file, &Timestamps { last_access: time, last_modification: time })
                .map_err(doing)?;
            if place
                .kind(name)
                .map_err(doing)?
                .is_some_and(|seen| FileType::from_raw_mode(seen.st_mode) == FileType::Directory)
            {
                self.clear(&place, name, entry)?;
            }
            rustix::fs::renameat(&place.0, beside, &place.0, OsStr::from_bytes(name)).map_err(doing)
        });
        if written.is_err() {
            let _gone = rustix::fs::unlinkat(&place.0, beside, AtFlags::empty());
        }
        written
    }

    fn fill(
        &mut self,
        mut file: std::fs::File,
        entry: &Entry,
        from: &mut impl Read,
    ) -> Result<std::fs::File, SyncError> {
        loop {
            let frame = next(from)?;
            match frame.kind {
                frame::Kind::Content => {
                    let written = file.write_all(&frame.payload);
                    written.map_err(|source| SyncError::Local { path: shown(&entry.path), source })?;
                    self.synced.bytes += u64::try_from(frame.payload.len()).unwrap_or(0);
                }
                frame::Kind::Done => return Ok(file),
                _ => return Err(Malformed::OutOfTurn.into()),
            }
        }
    }

    /// Gives a directory the mode that it shall have.
    fn settle(&self, entry: &Entry) -> Result<(), SyncError> {
        let Kind::Directory { mode } = &entry.kind else { return Ok(()) };
        if mode & 0o700 == 0o700 {
            return Ok(());
        }
        let (place, name) = self.parent(entry)?;
        let mode = Mode::from_raw_mode(*mode);
        rustix::fs::chmodat(&place.0, OsStr::from_bytes(name), mode, AtFlags::empty())
            .map_err(|error| entry_error(entry, error))
    }
}

/// The name under which something is written before it is whole: of one directory, one at a time.
fn beside(name: &[u8]) -> Vec<u8> {
    let most = 255 - UNFINISHED.len();
    [UNFINISHED.as_bytes(), name.get(..most).unwrap_or(name)].concat()
}

fn shown(path: &[Vec<u8>]) -> String {
    String::from_utf8_lossy(&path.join(&b'/')).into_owned()
}

fn local(path: &[u8], error: Errno) -> SyncError {
    SyncError::Local { path: String::from_utf8_lossy(path).into_owned(), source: error.into() }
}

fn path_error(path: &[Vec<u8>], error: Errno) -> SyncError {
    SyncError::Local { path: shown(path), source: error.into() }
}

fn entry_error(entry: &Entry, error: Errno) -> SyncError {
    path_error(&entry.path, error)
}

//! What an archive has, and where in it: judged once, then read again from the same file, entry by entry.

use super::whole::Whole;
use super::{HomeError, place};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tar::{Archive, Entry as Archived, EntryType};
use wharf_session::sync::{Entry, EntryKind, Source, SyncError};

/// The entries of an archive, parents first.
pub(in super::super) struct Index {
    file: File,
    found: Vec<(PathBuf, Found)>,
}

/// A part of an archive that is copied in one go: what the other side holds in memory is bounded.
pub(in super::super) struct Part {
    index: Arc<Index>,
    numbers: Vec<usize>,
}

/// Entries of one part.
const MOST: usize = 200_000;
/// The mode of a directory of which the archive has only what is in it.
const UNSAID: u32 = 0o700;

/// Something in an archive, and where a file's content begins.
#[derive(Clone)]
struct Found {
    kind: EntryKind,
    start: u64,
}

impl Index {
    /// Reads all of an uncompressed archive that begins where its file does.
    pub(in super::super) fn of(file: File) -> Result<Self, HomeError> {
        let mut all = BTreeMap::new();
        let mut archive = Archive::new(Whole::new(&file));
        for entry in archive.entries_with_seek()? {
            let entry = entry?;
            // What it says is about the others, and of no importance to a home.
            if entry.header().entry_type() == EntryType::XGlobalHeader {
                continue;
            }
            let Some(path) = place(&entry.path()?)? else { continue };
            if let Some(found) = found(&entry, &path, &all)? {
                all.insert(path, found);
            }
        }
        if all.is_empty() {
            return Err(HomeError::Empty);
        }
        if archive.into_inner().is_over() {
            return Err(HomeError::CutOff);
        }
        add_parents(&mut all)?;
        // By their names, and so parents first.
        Ok(Self { file, found: all.into_iter().collect() })
    }

    /// All of it, in parts that can be copied one after the other.
    pub(in super::super) fn parts(self, most: usize) -> Vec<Part> {
        let index = Arc::new(self);
        let numbers: Vec<usize> = (0..index.found.len()).collect();
        let part = |numbers: &[usize]| {
            let first = numbers.first().and_then(|first| index.found.get(*first));
            let above = first.iter().flat_map(|(path, _)| path.ancestors().skip(1));
            let mut all: Vec<usize> = above.filter_map(|path| index.number(path)).collect();
            all.reverse();
            all.extend(numbers);
            Part { index: index.clone(), numbers: all }
        };
        numbers.chunks(most.clamp(1, MOST)).map(part).collect()
    }

    fn number(&self, path: &Path) -> Option<usize> {
        self.found.binary_search_by(|(other, _)| other.as_path().cmp(path)).ok()
    }
}

/// What an entry comes to in a home; `None` for what is no loss.
fn found<R: Read>(
    entry: &Archived<'_, R>,
    path: &Path,
    all: &BTreeMap<PathBuf, Found>,
) -> Result<Option<Found>, HomeError> {
    let header = entry.header();
    // Without the bits that would have a program run as somebody else.
    let mode = header.mode()? & 0o777;
    let target =
        || Ok::<_, HomeError>(entry.link_name()?.map(std::borrow::Cow::into_owned).unwrap_or_default());
    let bare = |kind| Some(Found { kind, start: 0 });
    Ok(match header.entry_type() {
        EntryType::Directory => bare(EntryKind::Directory { mode }),
        EntryType::Regular | EntryType::Continuous => {
            let seconds = i64::try_from(header.mtime()?).unwrap_or_default();
            let kind = EntryKind::File { mode, size: entry.size(), seconds, nanoseconds: 0 };
            Some(Found { kind, start: entry.raw_file_position() })
        }
        // Which could be larger than any disk.
        EntryType::GNUSparse => return Err(HomeError::Sparse(path.display().to_string())),
        EntryType::Symlink => bare(EntryKind::Link { target: target()?.as_os_str().as_bytes().to_vec() }),
        // Another name of the same file becomes a file of its own.
        EntryType::Link => {
            let other = target()?;
            let outside = || HomeError::Outside(other.display().to_string());
            let other = all.get(&place(&other)?.ok_or_else(outside)?);
            let file = other.filter(|other| !matches!(other.kind, EntryKind::Directory { .. }));
            Some(file.cloned().ok_or_else(|| HomeError::Nameless(path.display().to_string()))?)
        }
        // A pipe without a reader: nothing is lost with it.
        EntryType::Fifo => None,
        _ => return Err(HomeError::Strange(path.display().to_string())),
    })
}

/// Each entry's directory has one, too, and is a directory at the end of the archive.
fn add_parents(all: &mut BTreeMap<PathBuf, Found>) -> Result<(), HomeError> {
    let mut missing = Vec::new();
    for path in all.keys() {
        for above in path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            match all.get(above).map(|found| &found.kind) {
                // Whose own parents are looked at, too.
                Some(EntryKind::Directory { .. }) => break,
                Some(EntryKind::Link { .. }) => {
                    return Err(HomeError::ThroughLink(path.display().to_string()));
                }
                Some(EntryKind::File { .. }) => {
                    return Err(HomeError::BelowFile(path.display().to_string()));
                }
                None => missing.push(above.to_owned()),
            }
        }
    }
    let directory = Found { kind: EntryKind::Directory { mode: UNSAID }, start: 0 };
    all.extend(missing.into_iter().map(|path| (path, directory.clone())));
    Ok(())
}

impl Source for Part {
    fn entries(&mut self) -> Result<Vec<Entry>, SyncError> {
        let found = self.numbers.iter().filter_map(|number| self.index.found.get(*number));
        let entry = |(path, found): &(PathBuf, Found)| {
            let path = path.iter().map(|name| name.as_bytes().to_vec()).collect();
            Entry { path, kind: found.kind.clone() }
        };
        Ok(found.map(entry).collect())
    }

    fn content(&mut self, number: usize) -> Result<Box<dyn Read + '_>, SyncError> {
        let found = self.numbers.get(number).and_then(|number| self.index.found.get(*number));
        let Some((path, Found { kind: EntryKind::File { size, .. }, start })) = found else {
            return Err(SyncError::Refused("something was asked for that is no file".to_owned()));
        };
        let mut file = &self.index.file;
        let sought = file.seek(SeekFrom::Start(*start));
        sought.map_err(|source| SyncError::Local { path: path.display().to_string(), source })?;
        Ok(Box::new(Exactly { from: file, left: *size }))
    }
}

/// As many bytes as there must be: a file that became shorter since is no whole one.
struct Exactly<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.by_ref().take(self.left).read(into)?;
        if read == 0 && self.left > 0 && !into.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left = self.left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

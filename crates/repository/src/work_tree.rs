//! Files of a directory: those that git would keep, without following links and without leaving it.

use crate::error::RepositoryError;
use crate::ignored::{Ignored, MOST_IGNORE};
use crate::paths::{Paths, joined};
use crate::repository::Repository;
use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, ResolveFlags, openat, openat2};
use rustix::io::Errno;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// Larger files are not looked at.
pub const MOST_FILE_BYTES: u64 = 32 << 20;
/// More files are somebody's disk.
const MOST_FILES: usize = 5_000_000;

/// A directory, held open: what is read lies beneath it.
pub struct WorkTree {
    top: PathBuf,
    directory: OwnedFd,
}

/// What there is to look at.
#[derive(Debug, Default)]
pub struct Listing {
    /// Paths from the top.
    pub files: Vec<String>,
    /// Other repositories within, which are not entered.
    pub repositories: Vec<String>,
    /// Those .gitignore files that say too much to be heeded.
    pub unheeded: Vec<String>,
    /// Folders that could not be read, and what has names that are no text.
    pub unreadable: Vec<String>,
}

impl WorkTree {
    /// Opens a directory.
    pub fn open(top: &Path) -> Result<Self, RepositoryError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory =
            openat(CWD, top, flags, Mode::empty()).map_err(|error| RepositoryError::io(top, error.into()))?;
        Ok(Self { top: top.to_owned(), directory })
    }

    /// Files at and below `below` (from the top, `""` for all). In a repository's work tree, without those that are ignored,
    /// unless they are kept all the same.
    pub fn list(&self, repository: Option<&Repository>, below: &str) -> Result<Listing, RepositoryError> {
        let tracked = match repository {
            Some(repository) => repository.tracked()?.into_iter().collect(),
            None => BTreeSet::new(),
        };
        let paths = Paths::of(&self.top);
        let heeds_ignore = repository.is_some();
        let mut walk = Walk { tree: self, heeds_ignore, tracked, paths, listing: Listing::default() };
        let mut ignored = Ignored::default();
        if let Some(repository) = repository {
            let exclude = repository.common_dir.join("info/exclude");
            let bytes =
                crate::repository::read_small(&exclude, MOST_IGNORE).unwrap_or_default().unwrap_or_default();
            ignored = Ignored::everywhere(&bytes);
            // What stands above the folder that was named decides, too.
            let mut path = String::new();
            for part in below.split('/').filter(|part| !part.is_empty()) {
                ignored = walk.heed(ignored, &path);
                path = joined(&path, part);
            }
        }
        walk.folder(below, ignored)?;
        walk.listing.files.sort();
        Ok(walk.listing)
    }

    /// A file's bytes; `None` where it is no regular file (any more), or too large.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, std::io::Error> {
        Ok(match self.read_up_to(path, MOST_FILE_BYTES)? {
            Content::Bytes(bytes) => Some(bytes),
            Content::TooLong | Content::Nothing => None,
        })
    }

    fn read_up_to(&self, path: &str, most: u64) -> Result<Content, std::io::Error> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = match self.beneath(path, flags) {
            Ok(fd) => File::from(fd),
            Err(Errno::LOOP | Errno::NOENT | Errno::XDEV | Errno::NXIO) => return Ok(Content::Nothing),
            Err(error) => return Err(error.into()),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(Content::Nothing);
        }
        if metadata.len() > most {
            return Ok(Content::TooLong);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
        file.take(most).read_to_end(&mut bytes)?;
        Ok(Content::Bytes(bytes))
    }

    fn beneath(&self, path: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        let path = if path.is_empty() { "." } else { path };
        openat2(&self.directory, path, flags, Mode::empty(), resolve)
    }
}

/// What stands at a path.
enum Content {
    Bytes(Vec<u8>),
    TooLong,
    /// No regular file.
    Nothing,
}

struct Walk<'a> {
    tree: &'a WorkTree,
    heeds_ignore: bool,
    tracked: BTreeSet<Vec<u8>>,
    paths: Paths,
    listing: Listing,
}

impl Walk<'_> {
    fn folder(&mut self, below: &str, ignored: Ignored) -> Result<(), RepositoryError> {
        let mut waiting = vec![(below.to_owned(), ignored)];
        while let Some((path, mut ignored)) = waiting.pop() {
            self.paths.forget(&path);
            if self.heeds_ignore {
                ignored = self.heed(ignored, &path);
            }
            let Ok(entries) = self.entries(&path) else {
                self.listing.unreadable.push(path);
                continue;
            };
            // Something else than this repository's own `.git` begins another one.
            if !path.is_empty() && entries.iter().any(|(name, _)| name == ".git") {
                self.listing.repositories.push(path);
                continue;
            }
            for (name, kind) in entries {
                let path = joined(&path, &name);
                match kind {
                    FileType::Directory if name != ".git" && !self.is_ignored(&ignored, &path, true) => {
                        self.paths.keep(&path)?;
                        waiting.push((path, ignored.clone()));
                    }
                    FileType::RegularFile if !self.is_ignored(&ignored, &path, false) => {
                        self.paths.keep(&path)?;
                        self.listing.files.push(path);
                    }
                    _ => {}
                }
            }
            if self.listing.files.len() > MOST_FILES {
                return Err(RepositoryError::damaged(
                    &self.tree.top,
                    "there are more files than are looked at; name a folder",
                ));
            }
        }
        Ok(())
    }

    fn entries(&mut self, path: &str) -> rustix::io::Result<Vec<(String, FileType)>> {
        let folder = self.tree.beneath(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC)?;
        let mut entries = Vec::new();
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let bytes = entry.file_name().to_bytes();
            // A name that is no text cannot be shown, nor asked for again.
            let Ok(name) = std::str::from_utf8(bytes) else {
                self.listing.unreadable.push(joined(path, &String::from_utf8_lossy(bytes)));
                continue;
            };
            if name == "." || name == ".." {
                continue;
            }
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                let stat =
                    rustix::fs::statat(&folder, entry.file_name(), rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
                kind = FileType::from_raw_mode(stat.st_mode);
            }
            entries.push((name.to_owned(), kind));
        }
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(entries)
    }

    /// Adds what a folder's .gitignore says. One for which there is no room is not heeded, so that more is looked at.
    fn heed(&mut self, ignored: Ignored, folder: &str) -> Ignored {
        let path = joined(folder, ".gitignore");
        match self.tree.read_up_to(&path, ignored.room()) {
            Ok(Content::Bytes(bytes)) => ignored.below(folder, &bytes),
            Ok(Content::TooLong) => {
                self.listing.unheeded.push(path);
                ignored
            }
            Ok(Content::Nothing) | Err(_) => ignored,
        }
    }

    fn is_ignored(&self, ignored: &Ignored, path: &str, is_folder: bool) -> bool {
        self.heeds_ignore && ignored.has(path, is_folder) && !self.is_tracked(path, is_folder)
    }

    fn is_tracked(&self, path: &str, is_folder: bool) -> bool {
        if !is_folder {
            return self.tracked.contains(path.as_bytes());
        }
        let folder = [path.as_bytes(), b"/"].concat();
        self.tracked.range(folder.clone()..).next().is_some_and(|next| next.starts_with(&folder))
    }
}

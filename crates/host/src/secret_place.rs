//! The place in memory where containers find their secrets: a mount of its own that is never swapped out, root's alone.
//!
//! Everything below it is made and reached by descriptors, through no link, and each file comes whole: what is there under
//! its name is the former value or the new one. The engine binds a container's *directory*; a bound file would pin what
//! the name meant when the container started.

mod error;
mod memory;

pub use error::SecretPlaceError;

use crate::owner::Owner;
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{
    AtFlags, Dir, FileType, Gid, Mode, OFlags, Uid, fchmod, fchown, mkdirat, openat, renameat, statat,
    unlinkat,
};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use wharf_model::ContainerRoot;

/// The place, held open.
#[derive(Debug)]
pub struct SecretPlace {
    directory: OwnedFd,
    path: PathBuf,
}

/// A file as a container is to find it.
#[derive(Clone, Copy)]
pub struct MemoryFile<'a> {
    /// Its name: one component, and not one that begins with `.`.
    pub name: &'a str,
    /// All of it.
    pub content: &'a [u8],
    /// Permissions.
    pub mode: u32,
    /// Its owner, as the container counts users.
    pub user: u32,
    /// Its group, as the container counts groups.
    pub group: u32,
}

impl std::fmt::Debug for MemoryFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemoryFile({})", self.name)
    }
}

/// What a file is called until it is whole. No container and no pod is called so.
const DRAFT: &str = ".new";
/// The note beside a container's directory. No container's name has a `.`.
const NOTE: &str = ".json";
/// More than any note has.
const MOST_NOTE_BYTES: u64 = 1 << 20;

impl SecretPlace {
    /// The place, when there is one; nothing is made.
    ///
    /// # Errors
    /// When what is there is not memory, or not `owner`'s alone.
    pub fn find(path: &Path, owner: Owner) -> Result<Option<Self>, SecretPlaceError> {
        let found = memory::find(path, owner)?;
        Ok(found.map(|directory| Self { directory, path: path.to_owned() }))
    }

    /// The place, made and mounted when there is none.
    ///
    /// # Errors
    /// When it cannot be made, is not memory, or is not `owner`'s alone.
    pub fn ready(path: &Path, owner: Owner) -> Result<Self, SecretPlaceError> {
        let directory = memory::ready(path, owner)?;
        Ok(Self { directory, path: path.to_owned() })
    }

    /// Gives the container whose directory this is (`machine/blog/web`) exactly these files: what it had beside them goes.
    ///
    /// # Errors
    /// When something is in the way, or there is no memory. What was written before is there; the note is as it was.
    pub fn give(
        &self,
        at: &str,
        files: &[MemoryFile<'_>],
        root: Option<ContainerRoot>,
    ) -> Result<(), SecretPlaceError> {
        let (above, name) = self.parent(at, Absent::Make)?.ok_or_else(|| self.error(at, Errno::NOENT))?;
        let failed = |errno| self.error(at, errno);
        let root = root.unwrap_or(ContainerRoot { uid: 0, gid: 0 });
        let directory =
            enter(&above, name, Absent::Make).map_err(failed)?.ok_or_else(|| failed(Errno::NOENT))?;
        fchown(&directory, Some(Uid::from_raw(root.uid)), Some(Gid::from_raw(root.gid))).map_err(failed)?;
        fchmod(&directory, Mode::from_raw_mode(0o755)).map_err(failed)?;
        for file in files {
            put(&above, &directory, file, root)
                .map_err(|source| self.io(&format!("{at}/{}", file.name), source))?;
        }
        let is_wanted = |name: &str| files.iter().any(|file| file.name == name);
        for stale in names(&directory).map_err(failed)?.into_iter().filter(|name| !is_wanted(name)) {
            unlinkat(&directory, stale.as_str(), AtFlags::empty()).map_err(failed)?;
        }
        Ok(())
    }

    /// Notes, beside a container's directory, what it has been told of.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note(&self, at: &str, note: &[u8]) -> Result<(), SecretPlaceError> {
        let (above, name) = self.parent(at, Absent::Make)?.ok_or_else(|| self.error(at, Errno::NOENT))?;
        let note =
            MemoryFile { name: &format!("{name}{NOTE}"), content: note, mode: 0o600, user: 0, group: 0 };
        let root = ContainerRoot { uid: 0, gid: 0 };
        put(&above, &above, &note, root).map_err(|source| self.io(at, source))
    }

    /// The notes of a pod's containers (`machine/blog`) by container, of those whose directories are there.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn notes(&self, pod: &str) -> Result<BTreeMap<String, Vec<u8>>, SecretPlaceError> {
        let failed = |errno| self.error(pod, errno);
        let Some(directory) = self.descend(pod, Absent::Leave)? else { return Ok(BTreeMap::new()) };
        let names = names(&directory).map_err(failed)?;
        let mut notes = BTreeMap::new();
        for container in names.iter().filter_map(|name| name.strip_suffix(NOTE)) {
            if names.iter().any(|name| name == container) {
                let content = read(&directory, &format!("{container}{NOTE}"));
                notes.insert(container.to_owned(), content.map_err(|source| self.io(pod, source))?);
            }
        }
        Ok(notes)
    }

    /// The containers of a pod (`machine/blog`) that have a directory, noted or not.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn containers(&self, pod: &str) -> Result<BTreeSet<String>, SecretPlaceError> {
        let Some(directory) = self.descend(pod, Absent::Leave)? else { return Ok(BTreeSet::new()) };
        let names = names(&directory).map_err(|errno| self.error(pod, errno))?;
        Ok(names.into_iter().filter(|name| !name.contains('.')).collect())
    }

    /// Takes away the directories of a pod's containers (`machine/blog`) but for those that are kept; with none kept, the
    /// pod's own, too.
    ///
    /// # Errors
    /// When something stays.
    pub fn take_away(&self, pod: &str, keep: &[&str]) -> Result<(), SecretPlaceError> {
        let failed = |errno| self.error(pod, errno);
        let Some((above, name)) = self.parent(pod, Absent::Leave)? else { return Ok(()) };
        let Some(directory) = enter(&above, name, Absent::Leave).map_err(failed)? else { return Ok(()) };
        let is_kept = |name: &str| keep.contains(&name.strip_suffix(NOTE).unwrap_or(name));
        for name in names(&directory).map_err(failed)?.into_iter().filter(|name| !is_kept(name)) {
            remove(&directory, &name).map_err(failed)?;
        }
        if keep.is_empty() {
            gone(unlinkat(&above, name, AtFlags::REMOVEDIR)).map_err(failed)
        } else {
            Ok(())
        }
    }

    /// The directory in which the last component lies, and that component.
    fn parent<'a>(
        &self,
        at: &'a str,
        absent: Absent,
    ) -> Result<Option<(OwnedFd, &'a str)>, SecretPlaceError> {
        let (above, name) = at.rsplit_once('/').unwrap_or((".", at));
        Ok(self.descend(above, absent)?.map(|directory| (directory, name)))
    }

    fn descend(&self, below: &str, absent: Absent) -> Result<Option<OwnedFd>, SecretPlaceError> {
        let failed = |errno| self.error(below, errno);
        let mut here = self.directory.try_clone().map_err(|source| self.io(below, source))?;
        for name in below.split('/').filter(|name| *name != ".") {
            let Some(next) = enter(&here, name, absent).map_err(failed)? else { return Ok(None) };
            here = next;
        }
        Ok(Some(here))
    }

    fn error(&self, at: &str, errno: Errno) -> SecretPlaceError {
        SecretPlaceError::at(&self.path.join(at), errno)
    }

    fn io(&self, at: &str, source: std::io::Error) -> SecretPlaceError {
        SecretPlaceError::of(&self.path.join(at), source)
    }
}

/// Whether to make a directory that is not there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    Leave,
    Make,
}

/// A directory's own directory, through no link; made for root alone.
fn enter(here: &OwnedFd, name: &str, absent: Absent) -> Result<Option<OwnedFd>, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(here, name, flags, Mode::empty()) {
        Err(Errno::NOENT) if absent == Absent::Make => {}
        Err(Errno::NOENT) => return Ok(None),
        other => return other.map(Some),
    }
    match mkdirat(here, name, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => openat(here, name, flags, Mode::empty()).map(Some),
        Err(errno) => Err(errno),
    }
}

/// Puts a file whole in its predecessor's place. It is made where no container looks.
fn put(
    drafts: &OwnedFd,
    directory: &OwnedFd,
    file: &MemoryFile<'_>,
    root: ContainerRoot,
) -> std::io::Result<()> {
    gone(unlinkat(drafts, DRAFT, AtFlags::empty()))?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let draft = openat(drafts, DRAFT, flags, Mode::RUSR | Mode::WUSR)?;
    let mut draft = File::from(draft);
    draft.write_all(file.content)?;
    let (user, group) = (root.uid.saturating_add(file.user), root.gid.saturating_add(file.group));
    fchown(draft.as_fd(), Some(Uid::from_raw(user)), Some(Gid::from_raw(group)))?;
    fchmod(draft.as_fd(), Mode::from_raw_mode(file.mode & 0o777))?;
    Ok(renameat(drafts, DRAFT, directory, file.name)?)
}

fn read(directory: &OwnedFd, name: &str) -> std::io::Result<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut content = Vec::new();
    File::from(openat(directory, name, flags, Mode::empty())?)
        .take(MOST_NOTE_BYTES)
        .read_to_end(&mut content)?;
    Ok(content)
}

/// A file, a link, or a directory with all that is in it; one level of files is all there is.
fn remove(directory: &OwnedFd, name: &str) -> Result<(), Errno> {
    let stat = match statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => return Ok(()),
        other => other?,
    };
    if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
        return gone(unlinkat(directory, name, AtFlags::empty()));
    }
    if let Some(inner) = enter(directory, name, Absent::Leave)? {
        for file in names(&inner)? {
            gone(unlinkat(&inner, file.as_str(), AtFlags::empty()))?;
        }
    }
    gone(unlinkat(directory, name, AtFlags::REMOVEDIR))
}

fn names(directory: &OwnedFd) -> Result<Vec<String>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !matches!(name.as_str(), "." | "..") {
            names.push(name);
        }
    }
    Ok(names)
}

/// What is not there any more need not be removed.
fn gone(removed: Result<(), Errno>) -> Result<(), Errno> {
    removed.or_else(|errno| if errno == Errno::NOENT { Ok(()) } else { Err(errno) })
}

#[cfg(test)]
mod tests;

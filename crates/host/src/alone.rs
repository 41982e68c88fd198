//! "Root's alone": a path whose every component only root (or wharf's own account) can change.
//!
//! The walk goes by descriptors from `/`, so what was judged is what is opened; nothing is looked up twice. A link is
//! followed only where it is itself root's alone, and what it names is judged in turn. POSIX access lists that grant
//! writing show as the group's bits and are refused with them.

use crate::kind::{FileKind, quoted, shown};
use crate::owner::Owner;
use crate::reading::ReadError;
use crate::regular;
use crate::standing::Standing;
use rustix::fs::readlinkat;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use thiserror::Error;

/// Links followed on one path; more is a mistake or a loop.
const MOST_LINKS: usize = 16;

/// Why a path is not root's alone.
#[derive(Debug, Error)]
pub enum NotAlone {
    /// It does not begin with `/`.
    #[error("`{}` is not an absolute path; write it from `/`", shown(path))]
    Relative {
        /// As given.
        path: PathBuf,
    },
    /// A component is not there.
    #[error("`{}` does not exist", shown(component))]
    Missing {
        /// The first one that is not.
        component: PathBuf,
    },
    /// A component that should lead on is not a directory.
    #[error("`{}` is {kind}, not a directory", shown(component))]
    NotADirectory {
        /// Which.
        component: PathBuf,
        /// What it is instead.
        kind: FileKind,
    },
    /// Links lead to links without end.
    #[error("`{}` goes through more than 16 links; name the file directly", shown(path))]
    TooManyLinks {
        /// As given.
        path: PathBuf,
    },
    /// Somebody else's.
    #[error(
        "`{}` belongs to user {owner} (mode {mode:04o}), who could replace what is below it",
        shown(component)
    )]
    ForeignOwner {
        /// Which component.
        component: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// Its permissions.
        mode: u32,
        /// Who may own it.
        wanted: Owner,
    },
    /// Its group or everyone can write to it.
    #[error("`{}` (owner {owner}, mode {mode:04o}) is writable by its group or by others", shown(component))]
    Writable {
        /// Which component.
        component: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// Its permissions.
        mode: u32,
    },
    /// The system refused to look.
    #[error("cannot look at `{}`", shown(component))]
    Io {
        /// Where.
        component: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Why a file that must be root's alone could not be read.
#[derive(Debug, Error)]
pub enum TrustedError {
    /// It, or a directory above it, could be changed by somebody else, or is not there.
    #[error(transparent)]
    NotAlone(#[from] NotAlone),
    /// It is no regular file, too large, or unreadable.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl NotAlone {
    /// The command that mends it, where one does.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::ForeignOwner { component, wanted: Owner::Root, .. } => {
                Some(format!("chown -h root: {}", quoted(component)))
            }
            Self::ForeignOwner { component, wanted: Owner::RootOr(uid), .. } => {
                Some(format!("chown -h {uid}: {}", quoted(component)))
            }
            Self::Writable { component, .. } => Some(format!("chmod go-w {}", quoted(component))),
            _ => None,
        }
    }

    /// Whether the path simply is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    pub(crate) fn at(component: &Path, errno: Errno) -> Self {
        let component = component.to_owned();
        match errno {
            Errno::NOENT => Self::Missing { component },
            other => Self::Io { component, source: other.into() },
        }
    }
}

impl TrustedError {
    /// Whether the file simply is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::NotAlone(reason) if reason.is_missing())
    }

    /// The command that mends it, where one does.
    pub fn mend(&self) -> Option<String> {
        match self {
            Self::NotAlone(reason) => reason.mend(),
            Self::Read(_) => None,
        }
    }
}

/// Checks that `path` and everything above it is `owner`'s alone. The path without links is returned.
///
/// # Errors
/// Names the first component that somebody else could change, or that is not there.
pub fn check_alone(path: &Path, owner: Owner) -> Result<PathBuf, NotAlone> {
    walk(path, owner).map(|end| end.path)
}

/// Reads a regular file of at most `limit` bytes that is `owner`'s alone, from the very descriptor that was judged.
///
/// # Errors
/// When the path is not alone, or its end is no regular file, too large or unreadable.
pub fn read_trusted(path: &Path, owner: Owner, limit: u64) -> Result<Vec<u8>, TrustedError> {
    let end = walk(path, owner)?;
    regular::read(&end, limit).map_err(|obstacle| ReadError::of(path, obstacle, limit).into())
}

/// Walks from `/` to the end of `path`, judging every component, and holds the end.
pub(crate) fn walk(path: &Path, owner: Owner) -> Result<Standing, NotAlone> {
    if !path.is_absolute() {
        return Err(NotAlone::Relative { path: path.to_owned() });
    }
    let mut here = root()?;
    let mut above: Vec<Standing> = Vec::new();
    let mut ahead: VecDeque<OsString> = names(path).collect();
    let mut links = 0;
    while let Some(name) = ahead.pop_front() {
        if name == ".." {
            // The parent of a directory reached without links is the one it was reached from.
            here.check_alone(owner, None)?;
            here = above.pop().map_or_else(root, Ok)?;
            continue;
        }
        let next = step(&here, &name, owner)?;
        if next.kind() == FileKind::Link {
            links += 1;
            if links > MOST_LINKS {
                return Err(NotAlone::TooManyLinks { path: path.to_owned() });
            }
            let target = target(&next)?;
            if target.is_absolute() {
                here = root()?;
                above.clear();
            }
            ahead = names(&target).chain(ahead).collect();
        } else {
            above.push(std::mem::replace(&mut here, next));
        }
    }
    here.check_alone(owner, None)?;
    Ok(here)
}

fn root() -> Result<Standing, NotAlone> {
    Standing::root().map_err(|errno| NotAlone::at(Path::new("/"), errno))
}

fn step(here: &Standing, name: &OsStr, owner: Owner) -> Result<Standing, NotAlone> {
    if here.kind() != FileKind::Directory {
        return Err(NotAlone::NotADirectory { component: here.path().to_owned(), kind: here.kind() });
    }
    let next = match here.entry(name) {
        Ok(next) => next,
        Err(errno) => {
            // What is missing in a directory that others can write to must not be reported as merely missing.
            here.check_alone(owner, None)
                .or_else(|reason| if is_sticky(here) { Ok(()) } else { Err(reason) })?;
            return Err(NotAlone::at(&here.path().join(name), errno));
        }
    };
    here.check_alone(owner, Some(&next))?;
    if next.kind() == FileKind::Link {
        next.check_alone(owner, None)?;
    }
    Ok(next)
}

fn is_sticky(place: &Standing) -> bool {
    place.mode() & 0o1000 != 0
}

fn target(link: &Standing) -> Result<PathBuf, NotAlone> {
    let text = readlinkat(&link.fd, "", Vec::new()).map_err(|errno| NotAlone::at(link.path(), errno))?;
    Ok(PathBuf::from(OsStr::from_bytes(text.as_bytes())))
}

/// The names to walk, `..` kept and `.` dropped.
fn names(path: &Path) -> impl Iterator<Item = OsString> + use<> {
    let names: Vec<OsString> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect();
    names.into_iter()
}

#[cfg(test)]
mod tests;

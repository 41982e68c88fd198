//! What `wharf doctor` says about pods' directories. Looks at the mount root's entries and no deeper; changes nothing.

use super::SourceError;
use crate::kind::{FileKind, quoted};
use crate::owner::Owner;
use crate::standing::Standing;
use rustix::fs::{Dir, Mode, OFlags, openat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// A pod's directory that weakens the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakPlace {
    /// Which.
    pub path: PathBuf,
    /// Its owner's number.
    pub owner: u32,
    /// Its permissions.
    pub mode: u32,
    /// What is wrong.
    pub weakness: Weakness,
}

/// What is wrong with a pod's directory, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    /// It is not a directory, so no pod of that name can mount.
    NotADirectory(
        /// What it is.
        FileKind,
    ),
    /// It is not root's (or wharf's account's): pods of that name are refused.
    ForeignOwner(
        /// Who may own it.
        Owner,
    ),
    /// Its group or others can write to it: pods of that name are refused.
    WritableByOthers,
    /// Others can enter it: a set-uid file that a container leaves there can be run by local users, unless the file
    /// system is mounted `nosuid`.
    OpenToOthers,
}

impl WeakPlace {
    /// The command that mends it, where one does.
    pub fn mend(&self) -> Option<String> {
        let path = quoted(&self.path);
        match self.weakness {
            Weakness::NotADirectory(_) => None,
            Weakness::ForeignOwner(Owner::Root) => Some(format!("chown root: {path}")),
            Weakness::ForeignOwner(Owner::RootOr(uid)) => Some(format!("chown {uid}: {path}")),
            Weakness::WritableByOthers => Some(format!("chmod go-w {path}")),
            Weakness::OpenToOthers => Some(format!("chmod go-rwx {path}")),
        }
    }
}

pub(super) fn places(root: &Standing, owner: Owner, most: usize) -> Result<Vec<WeakPlace>, SourceError> {
    let at = |errno| SourceError::at(root.path(), errno);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let listing = openat(&root.fd, ".", flags, Mode::empty()).and_then(Dir::new).map_err(at)?;
    let mut found = Vec::new();
    for entry in listing {
        if found.len() >= most {
            break;
        }
        let entry = entry.map_err(at)?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        // What no pod can be named is no pod's: `.`, `..`, `lost+found`.
        if name.to_str().is_none_or(|name| name.parse::<wharf_model::PodName>().is_err()) {
            continue;
        }
        match root.entry(name) {
            Ok(place) => found.extend(judge(place, owner)),
            // Removed since it was listed.
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(SourceError::at(&root.path().join(name), errno)),
        }
    }
    found.sort_by(|a, b| (a.weakness, &a.path).cmp(&(b.weakness, &b.path)));
    Ok(found)
}

fn judge(place: Standing, owner: Owner) -> Option<WeakPlace> {
    let weakness = match (place.kind(), place.mode()) {
        (FileKind::Directory, _) if !owner.includes(place.stat.st_uid) => Weakness::ForeignOwner(owner),
        (FileKind::Directory, mode) if mode & 0o022 != 0 => Weakness::WritableByOthers,
        (FileKind::Directory, mode) if mode & 0o011 != 0 => Weakness::OpenToOthers,
        (FileKind::Directory, _) => return None,
        (kind, _) => Weakness::NotADirectory(kind),
    };
    Some(WeakPlace { owner: place.stat.st_uid, mode: place.mode(), path: place.path, weakness })
}

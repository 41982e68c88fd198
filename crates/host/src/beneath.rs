//! The directories that pods mount: made and resolved below the mount root, never outside it.
//!
//! The engine is given a path and looks it up again, as root. So a path leaves this file only when nobody but root can
//! change what it means: every component above the mounted one is root's alone, and none is a link. What lies *below* a
//! mounted directory is its container's to change; that no source lies inside another is for the policy to refuse.

mod error;
mod weak;

pub use error::SourceError;
pub use weak::{WeakPlace, Weakness};

use crate::alone::{NotAlone, walk};
use crate::kind::FileKind;
use crate::owner::Owner;
use crate::regular;
use crate::standing::{BENEATH, Standing};
use rustix::fs::{Gid, Mode, OFlags, Uid, fchmod, fchown, fstat, mkdirat, openat2};
use rustix::io::Errno;
use std::path::{Path, PathBuf};
use wharf_model::{ContainerRoot, MountSource, PodName, TenantId};

/// Of a pod's directory: a set-uid file that a container leaves there can then be run by no local user.
const POD_MODE: u32 = 0o700;
/// Of a mount's source: containers run as any user.
const SOURCE_MODE: u32 = 0o755;
/// A file in each directory that was made for a tenant's pods: a pod of the machine's own may have had that name before.
const MARK: &str = ".tenant";
/// Tries to make a directory that somebody keeps removing.
const MOST_TRIES: usize = 16;

/// The directory below which every pod has its own, held open.
#[derive(Debug)]
pub struct MountRoot {
    place: Standing,
    owner: Owner,
}

/// Whether a mount's source is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceState {
    /// It exists, at this path.
    Present(PathBuf),
    /// It will be made, at this path.
    Missing(PathBuf),
}

/// Whether to make a directory that is not there, and with which permissions.
#[derive(Clone, Copy)]
enum Absent {
    Leave,
    Make(u32),
    /// As `Make`, and given to the container's root.
    Give(u32, ContainerRoot),
}

impl Absent {
    /// For the directories above: root's alone.
    fn above(self) -> Self {
        match self {
            Self::Give(mode, _) => Self::Make(mode),
            other => other,
        }
    }
}

impl MountRoot {
    /// Holds the mount root, which must exist, be a directory, and be `owner`'s alone with everything above it.
    ///
    /// # Errors
    /// Names the first component that is not.
    pub fn open(path: &Path, owner: Owner) -> Result<Self, NotAlone> {
        let place = walk(path, owner)?;
        match place.kind() {
            FileKind::Directory => Ok(Self { place, owner }),
            kind => Err(NotAlone::NotADirectory { component: place.path().to_owned(), kind }),
        }
    }

    /// The mount root of one tenant's pods, a directory of that name in this one; made, for root only, when it is
    /// missing.
    ///
    /// # Errors
    /// When it is a link, no directory, somebody else's, or writable by others; or has things in it that are not the
    /// tenant's.
    pub fn of_tenant(&self, tenant: &TenantId) -> Result<Self, SourceError> {
        let name = tenant.to_string();
        let vanished = || SourceError::Changed { path: self.path().join(&name) };
        let place = self.own_dir(&name, Absent::Make(POD_MODE))?.ok_or_else(vanished)?;
        let root = Self { place, owner: self.owner };
        root.mark()?;
        Ok(root)
    }

    /// Sees that this is a tenant's own. What is empty becomes so: there is nobody's in it.
    fn mark(&self) -> Result<(), SourceError> {
        let path = self.path().join(MARK);
        let at = |errno| SourceError::at(&path, errno);
        match self.place.beneath(MARK) {
            Ok(mark) if mark.kind() == FileKind::Regular && mark.stat.st_uid == self.place.stat.st_uid => {
                Ok(())
            }
            Err(Errno::NOENT) if self.place.is_empty().map_err(at)? => {
                let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
                openat2(&self.place.fd, MARK, flags, Mode::RUSR, BENEATH).map_err(at).map(drop)
            }
            Ok(_) | Err(Errno::NOENT) => Err(SourceError::NotTheTenants { path: self.path().to_owned() }),
            Err(errno) => Err(at(errno)),
        }
    }

    /// Where it is, without links.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// The pod's own directory; made, for root only, when it is missing. An existing one keeps its owner and mode.
    ///
    /// # Errors
    /// When it is a link, no directory, somebody else's, or writable by others.
    pub fn ensure_pod_dir(&self, pod: &PodName) -> Result<PathBuf, SourceError> {
        self.pod_dir(pod, Absent::Make(POD_MODE))?.map(|place| place.path).ok_or_else(|| self.vanished(pod))
    }

    /// The path to give the engine for a mount's source; missing directories are made. The last of them becomes
    /// `owner`'s, who is root in the container; those above stay root's alone.
    ///
    /// # Errors
    /// When a component is a link, a component above the source could be changed by others, or the source is neither a
    /// directory nor a regular file.
    pub fn ensure_source(
        &self,
        pod: &PodName,
        source: &MountSource,
        owner: Option<ContainerRoot>,
    ) -> Result<PathBuf, SourceError> {
        let no_source = owner.map_or(Absent::Make(SOURCE_MODE), |owner| Absent::Give(SOURCE_MODE, owner));
        let made = self.descend(pod, source, Absent::Make(POD_MODE), no_source)?;
        let place = made.ok_or_else(|| self.vanished(pod))?;
        self.check_path_still_means(&place, pod, source)?;
        Ok(place.path)
    }

    /// The same questions as [`Self::ensure_source`], making nothing.
    ///
    /// # Errors
    /// As [`Self::ensure_source`].
    pub fn check_source(&self, pod: &PodName, source: &MountSource) -> Result<SourceState, SourceError> {
        let path = || self.path().join(pod.as_str()).join(source.as_str());
        let found = self.descend(pod, source, Absent::Leave, Absent::Leave)?;
        Ok(found.map_or_else(|| SourceState::Missing(path()), |place| SourceState::Present(place.path)))
    }

    /// Reads a regular file of at most `limit` bytes below the pod's directory, with this process's own rights.
    ///
    /// The file may lie in a directory that a container writes to, so no link is followed, and a file with a second name
    /// is refused: with `fs.protected_hardlinks` off, a local user may link another's file where his own is expected.
    ///
    /// # Errors
    /// When it is missing, a link, no regular file, has a second name, or is too large.
    pub fn read_file(&self, pod: &PodName, source: &MountSource, limit: u64) -> Result<Vec<u8>, SourceError> {
        let path = self.path().join(pod.as_str()).join(source.as_str());
        let missing = || SourceError::Missing { path: path.clone() };
        let pod_dir = self.pod_dir(pod, Absent::Leave)?.ok_or_else(missing)?;
        let place = pod_dir.beneath(source.as_str()).map_err(|errno| SourceError::at(&path, errno))?;
        if place.kind() == FileKind::Regular && place.links() != 1 {
            return Err(SourceError::HardLinked { path, links: place.links() });
        }
        regular::read(&place, limit).map_err(|obstacle| SourceError::of(&path, obstacle, limit))
    }

    /// Pods' directories that weaken this host, for the administrator to look at; at most `most` of them.
    ///
    /// # Errors
    /// When the mount root cannot be listed.
    pub fn weak_places(&self, most: usize) -> Result<Vec<WeakPlace>, SourceError> {
        weak::places(&self.place, self.owner, most)
    }

    fn pod_dir(&self, pod: &PodName, absent: Absent) -> Result<Option<Standing>, SourceError> {
        self.own_dir(pod.as_str(), absent)
    }

    fn own_dir(&self, name: &str, absent: Absent) -> Result<Option<Standing>, SourceError> {
        let Some(place) = component(&self.place, name, absent)? else { return Ok(None) };
        check_directory(&place)?;
        self.place.check_alone(self.owner, Some(&place))?;
        place.check_alone(self.owner, None)?;
        Ok(Some(place))
    }

    fn descend(
        &self,
        pod: &PodName,
        source: &MountSource,
        no_pod: Absent,
        no_source: Absent,
    ) -> Result<Option<Standing>, SourceError> {
        let Some(mut here) = self.pod_dir(pod, no_pod)? else { return Ok(None) };
        let mut names = source.components().peekable();
        while let Some(name) = names.next() {
            check_directory(&here)?;
            let absent = if names.peek().is_some() { no_source.above() } else { no_source };
            let mut there = component(&here, name, Absent::Leave)?;
            if there.is_none() {
                // Before anything is made where a container could move it about.
                here.check_alone(self.owner, None)?;
                there = component(&here, name, absent)?;
            }
            let Some(next) = there else { return Ok(None) };
            here.check_alone(self.owner, Some(&next))?;
            here = next;
        }
        check_mountable(&here)?;
        Ok(Some(here))
    }

    /// One last look at the whole path, as the engine will look it up.
    fn check_path_still_means(
        &self,
        place: &Standing,
        pod: &PodName,
        source: &MountSource,
    ) -> Result<(), SourceError> {
        let again = self.place.beneath(&format!("{pod}/{source}"));
        match again.map_err(|errno| SourceError::at(place.path(), errno))? {
            found if found.is_same_object(place) => Ok(()),
            _ => Err(SourceError::Changed { path: place.path().to_owned() }),
        }
    }

    fn vanished(&self, pod: &PodName) -> SourceError {
        SourceError::Changed { path: self.path().join(pod.as_str()) }
    }
}

/// The entry `name` of `parent`, made when it is missing and that is wished.
fn component(parent: &Standing, name: &str, absent: Absent) -> Result<Option<Standing>, SourceError> {
    let path = parent.path().join(name);
    for _ in 0..MOST_TRIES {
        match (parent.beneath(name), absent) {
            (Ok(place), _) => return Ok(Some(place)),
            (Err(Errno::NOENT), Absent::Leave) => return Ok(None),
            (Err(Errno::NOENT), Absent::Make(mode)) => {
                make(parent, name, mode, None).map_err(|errno| SourceError::at(&path, errno))?;
            }
            (Err(Errno::NOENT), Absent::Give(mode, owner)) => {
                make(parent, name, mode, Some(owner)).map_err(|errno| SourceError::at(&path, errno))?;
            }
            (Err(errno), _) => return Err(SourceError::at(&path, errno)),
        }
    }
    Err(SourceError::Changed { path })
}

/// Makes a directory with exactly this mode, whatever the umask; one that another run made meanwhile is left as it is.
fn make(parent: &Standing, name: &str, mode: u32, owner: Option<ContainerRoot>) -> Result<(), Errno> {
    match mkdirat(&parent.fd, name, Mode::from_raw_mode(POD_MODE)) {
        Ok(()) => {}
        Err(Errno::EXIST) => return Ok(()),
        Err(errno) => return Err(errno),
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let made = match openat2(&parent.fd, name, flags, Mode::empty(), BENEATH) {
        Ok(made) => made,
        // Gone or replaced already: the caller looks again, and judges what is there.
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::AGAIN) => return Ok(()),
        Err(errno) => return Err(errno),
    };
    if let Some(owner) = owner {
        fchown(&made, Some(Uid::from_raw(owner.uid)), Some(Gid::from_raw(owner.gid)))?;
    }
    // A set-group-id bit, inherited from the parent, stays.
    fchmod(&made, Mode::from_raw_mode((fstat(&made)?.st_mode & 0o7777) | mode))
}

fn check_directory(place: &Standing) -> Result<(), SourceError> {
    let path = place.path().to_owned();
    match place.kind() {
        FileKind::Directory => Ok(()),
        FileKind::Link => Err(SourceError::Link { path }),
        kind => Err(SourceError::NotADirectory { path, kind }),
    }
}

fn check_mountable(place: &Standing) -> Result<(), SourceError> {
    let path = place.path().to_owned();
    match place.kind() {
        FileKind::Directory | FileKind::Regular => Ok(()),
        FileKind::Link => Err(SourceError::Link { path }),
        kind => Err(SourceError::NotMountable { path, kind }),
    }
}

#[cfg(test)]
mod tests;

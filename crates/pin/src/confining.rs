//! Directories of the engine's, counted as a tenant's by the file system itself: a project (in the words of quotas) for each
//! tenant, and one limit for all that is in it.
//!
//! Who asks is believed in nothing but whose a directory is: it must be a layer or a volume below the engine's own data root,
//! reached through no link. Files keep their project wherever they go: a container whose users are mapped can neither change
//! it nor take a file out of it.

mod quota;
mod tree;

use quota::Quota;
use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, fstat, openat2};
use rustix::io::Errno;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use thiserror::Error;
use wharf_model::TenantId;

/// Tenants' projects are counted from here. The engine counts its own from 1, or from above the largest that it finds on
/// the directories in `overlay2` and `volumes`; tenants' are on directories in those.
pub const PROJECTS: u32 = 2_000_000_000;

const DIRECTORY: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
const NO_LINKS: ResolveFlags = ResolveFlags::NO_SYMLINKS.union(ResolveFlags::NO_MAGICLINKS);

/// How the engine's data root is learnt: who asks for a directory in it does not say where it is.
pub type DataRoot = Box<dyn Fn() -> Result<PathBuf, String> + Send + Sync>;
/// Which of all tenants one is, counted from 1, so that no other ever has its number.
pub type Numbers = Box<dyn Fn(&TenantId) -> Result<u32, String> + Send + Sync>;

/// What counts and limits.
pub struct Confining {
    data_root: DataRoot,
    numbers: Numbers,
    /// As it was learnt last.
    known: Mutex<Option<PathBuf>>,
}

/// Why something is not counted, or not limited.
#[derive(Debug, Error)]
pub enum ConfiningError {
    /// The engine does not say where it keeps what it has, or the tenant is none.
    #[error("{0}")]
    Unknown(String),
    /// No directory that could be a tenant's.
    #[error("`{}` is no layer and no volume of the engine in `{}`", path.display(), root.display())]
    Elsewhere {
        /// As asked.
        path: PathBuf,
        /// The engine's data root.
        root: PathBuf,
    },
    /// The system's answer.
    #[error("cannot count what is in `{}`: {source}", path.display())]
    Io {
        /// As asked.
        path: PathBuf,
        /// What the system said.
        source: Errno,
    },
    /// The limits' file system.
    #[error("cannot limit what is on the file system of `{}`: {source}", path.display())]
    Limit {
        /// The engine's data root.
        path: PathBuf,
        /// What the system said.
        source: Errno,
    },
}

impl fmt::Debug for Confining {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Confining").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Confining {
    /// Knows nothing yet.
    pub fn new(data_root: DataRoot, numbers: Numbers) -> Self {
        Self { data_root, numbers, known: Mutex::new(None) }
    }

    /// Limits what each of these tenants has, in bytes. Gives why nothing is limited where the file system has no quotas
    /// of projects, or does not hold them.
    ///
    /// # Errors
    /// When a tenant is not known, or the system refuses.
    pub fn limit(&self, rooms: &[(TenantId, u64)]) -> Result<Option<String>, ConfiningError> {
        // Asked anew: the engine may have been started with another one.
        let path = self.learn()?;
        let root = open_root(&path).map_err(|source| ConfiningError::Io { path: path.clone(), source })?;
        if let Some(why) = quota::why_not(&root) {
            return Ok(Some(format!("the file system of `{}` {why}", path.display())));
        }
        for name in ["overlay2", "volumes"] {
            if let Err(errno) = open_below(&root, Path::new(name)) {
                let why = "what tenants have is not on the file system of the data root";
                return Ok(Some(format!("`{}`: {errno}; {why}", path.join(name).display())));
            }
        }
        for (tenant, bytes) in rooms {
            let project = self.project(tenant)?;
            quota::limit(&root, project, Quota::of(*bytes))
                .map_err(|source| ConfiningError::Limit { path: path.clone(), source })?;
        }
        Ok(None)
    }

    /// Counts all that is in these directories, and will be, as the tenant's.
    ///
    /// # Errors
    /// When it is no directory of the engine's for such things, or the system refuses.
    pub fn confine(&self, tenant: &TenantId, paths: &[PathBuf]) -> Result<(), ConfiningError> {
        let project = self.project(tenant)?;
        self.each(paths, |directory| tree::confine(directory, project))
    }

    /// Whether what comes into these directories is counted as this tenant's.
    ///
    /// # Errors
    /// When it is not.
    pub fn is_counted(&self, tenant: &TenantId, paths: &[PathBuf]) -> Result<(), ConfiningError> {
        let project = self.project(tenant)?;
        self.each(
            paths,
            |directory| if tree::project(directory)? == project { Ok(()) } else { Err(Errno::SRCH) },
        )
    }

    fn each(
        &self,
        paths: &[PathBuf],
        act: impl Fn(&OwnedFd) -> Result<(), Errno>,
    ) -> Result<(), ConfiningError> {
        let root = match self.known() {
            Some(root) => root,
            None => self.learn()?,
        };
        for path in paths {
            let below = below(&root, path)
                .ok_or_else(|| ConfiningError::Elsewhere { path: path.clone(), root: root.clone() })?;
            let directory = open_root(&root).and_then(|root| open_below(&root, below));
            let acted = directory.and_then(|directory| act(&directory));
            acted.map_err(|source| ConfiningError::Io { path: path.clone(), source })?;
        }
        Ok(())
    }

    fn known(&self) -> Option<PathBuf> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self) -> Result<PathBuf, ConfiningError> {
        let root = (self.data_root)().map_err(ConfiningError::Unknown)?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(root.clone());
        Ok(root)
    }

    fn project(&self, tenant: &TenantId) -> Result<u32, ConfiningError> {
        let number = (self.numbers)(tenant).map_err(ConfiningError::Unknown)?;
        let project = PROJECTS.checked_add(number).filter(|project| *project != u32::MAX && number > 0);
        project.ok_or_else(|| ConfiningError::Unknown(format!("`{tenant}` has no number")))
    }
}

/// The rest of the path when it is `overlay2/<layer>/diff`, `overlay2/<layer>/work` or `volumes/<name>/_data`: never those
/// directories themselves, by whose projects the engine counts its own.
fn below<'p>(root: &Path, path: &'p Path) -> Option<&'p Path> {
    let rest = path.strip_prefix(root).ok().filter(|_| root.is_absolute())?;
    let names: Option<Vec<&str>> = rest
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    match names?.as_slice() {
        ["overlay2", layer, "diff" | "work"] if *layer != "l" => Some(rest),
        ["volumes", _, "_data"] => Some(rest),
        _ => None,
    }
}

fn open_root(path: &Path) -> Result<OwnedFd, Errno> {
    openat2(CWD, path, DIRECTORY, Mode::empty(), NO_LINKS)
}

/// On the data root's own file system: a volume of an administrator's may be mounted there.
fn open_below(root: &OwnedFd, path: &Path) -> Result<OwnedFd, Errno> {
    let fd = openat2(root, path, DIRECTORY, Mode::empty(), NO_LINKS | ResolveFlags::BENEATH)?;
    if fstat(&fd)?.st_dev == fstat(root)?.st_dev { Ok(fd) } else { Err(Errno::XDEV) }
}

#[cfg(test)]
mod tests;

//! Where a repository's parts lie.

use crate::error::RepositoryError;
use crate::format;
use crate::objects::Objects;
use gix_hash::Kind;
use rustix::fs::{CWD, Mode, OFlags, openat};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A repository: its work tree, and the directories in which git keeps what it knows.
#[derive(Debug, Clone)]
pub struct Repository {
    top: PathBuf,
    /// Of this work tree: `HEAD`, `index`.
    pub(crate) git_dir: PathBuf,
    /// Of all its work trees: objects and refs.
    pub(crate) common_dir: PathBuf,
    pub(crate) hash: Kind,
}

/// A file that names another, or a ref, is no longer.
const MOST_POINTER: u64 = 4096;

impl Repository {
    /// The repository in whose work tree a directory lies, if it lies in one.
    pub fn discover(from: &Path) -> Result<Option<Self>, RepositoryError> {
        let from = from.canonicalize().map_err(|error| RepositoryError::io(from, error))?;
        for top in from.ancestors() {
            let dot_git = top.join(".git");
            // A link is not followed: git itself makes none.
            let Ok(metadata) = dot_git.symlink_metadata() else { continue };
            if metadata.is_dir() && dot_git.join("HEAD").symlink_metadata().is_ok() {
                return Self::at(top, dot_git).map(Some);
            }
            if metadata.is_file() {
                return Self::at(top, pointed(top, &dot_git)?).map(Some);
            }
        }
        Ok(None)
    }

    fn at(top: &Path, git_dir: PathBuf) -> Result<Self, RepositoryError> {
        let common_dir = match read_small(&git_dir.join("commondir"), MOST_POINTER)? {
            Some(bytes) => git_dir.join(String::from_utf8_lossy(&bytes).trim()),
            None => git_dir.clone(),
        };
        let hash = format::hash_of(&common_dir)?;
        Ok(Self { top: top.to_owned(), git_dir, common_dir, hash })
    }

    /// The work tree's top.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Where hooks lie by default, for all its work trees.
    pub fn hooks(&self) -> PathBuf {
        self.common_dir.join("hooks")
    }

    /// Where its configuration says that hooks lie, if that is elsewhere: to be told, and never to be gone to.
    pub fn hooks_elsewhere(&self) -> Result<Option<String>, RepositoryError> {
        let mut said = format::hooks_path(&self.common_dir.join("config"))?;
        if let Some(own) = format::hooks_path(&self.git_dir.join("config.worktree"))? {
            said = Some(own);
        }
        Ok(said.filter(|path| self.top.join(path) != self.hooks()))
    }

    /// A reader of its objects; each thread has its own.
    pub fn objects(&self) -> Result<Objects, RepositoryError> {
        Objects::open(&self.common_dir.join("objects"), self.hash)
    }

    /// Whether it borrows objects from another repository, which is not followed.
    pub fn borrows_objects(&self) -> bool {
        let info = self.common_dir.join("objects/info");
        ["alternates", "http-alternates"].iter().any(|name| info.join(name).symlink_metadata().is_ok())
    }
}

/// What `.git` says where it is a file: in further work trees and in submodules.
fn pointed(top: &Path, dot_git: &Path) -> Result<PathBuf, RepositoryError> {
    let bytes = read_small(dot_git, MOST_POINTER)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let Some(named) = text.strip_prefix("gitdir:") else {
        return Err(RepositoryError::damaged(dot_git, "it names no git directory"));
    };
    let git_dir = top.join(named.trim());
    if !git_dir.join("HEAD").is_file() {
        return Err(RepositoryError::damaged(dot_git, "what it names is no git directory"));
    }
    Ok(git_dir)
}

/// A small regular file whole, or `None` where there is none. Waits for nobody: a pipe is no file.
pub(crate) fn read_small(path: &Path, most: u64) -> Result<Option<Vec<u8>>, RepositoryError> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOFOLLOW;
    let file = match openat(CWD, path, flags, Mode::empty()) {
        Ok(fd) => std::fs::File::from(fd),
        Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => return Ok(None),
        Err(error) => return Err(RepositoryError::io(path, error.into())),
    };
    let metadata = file.metadata().map_err(|error| RepositoryError::io(path, error))?;
    if !metadata.is_file() {
        return Err(RepositoryError::damaged(path, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| RepositoryError::io(path, error))?;
    if bytes.len() as u64 > most {
        return Err(RepositoryError::TooLarge { path: path.to_owned(), most });
    }
    Ok(Some(bytes))
}

//! Paths from the top, and how many of them are held at once: a few bytes of a repository can name gigabytes of them.

use crate::error::RepositoryError;
use std::path::{Path, PathBuf};

/// Longer paths are somebody's joke.
pub(crate) const MOST_PATH: usize = 8192;
/// What paths may take together: some four million, as people name files.
const MOST_BYTES: usize = 1 << 30;
/// What is held beside a path: an id in two places, and what lists and sets take for themselves.
const BESIDE: usize = 200;

/// What the paths that are held take.
pub(crate) struct Paths {
    /// Whose they are.
    of: PathBuf,
    bytes: usize,
}

impl Paths {
    pub(crate) fn of(repository: &Path) -> Self {
        Self { of: repository.to_owned(), bytes: 0 }
    }

    /// One more.
    pub(crate) fn keep(&mut self, path: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), RepositoryError> {
        self.bytes = self.bytes.saturating_add(path.as_ref().len() + BESIDE);
        if self.bytes <= MOST_BYTES {
            return Ok(());
        }
        Err(RepositoryError::TooMany { path: self.of.clone(), most: MOST_BYTES as u64 })
    }

    /// One less.
    pub(crate) fn forget(&mut self, path: &str) {
        self.bytes = self.bytes.saturating_sub(path.len() + BESIDE);
    }
}

/// A name in a folder; the top has none.
pub(crate) fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        return name.to_owned();
    }
    // As long as it is and no longer, which `format!` would not make it: there may be very many.
    let mut path = String::with_capacity(folder.len() + 1 + name.len());
    path.push_str(folder);
    path.push('/');
    path.push_str(name);
    path
}

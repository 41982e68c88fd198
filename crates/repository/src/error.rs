//! Why a repository, or one of its objects, cannot be read.

use std::path::PathBuf;

/// Why a repository cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// A file of it cannot be read.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of it is not what it should be.
    #[error("`{}` is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Something that this reader does not know.
    #[error("the repository uses {what}, which is not read here; {instead}")]
    Unsupported {
        /// The feature.
        what: String,
        /// What to do.
        instead: &'static str,
    },
    /// More than is looked at.
    #[error("`{}` has more than {most} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        most: u64,
    },
    /// More files than are looked at.
    #[error("the names of files in `{}` are longer than {most} bytes together; look at a folder of it, or at a part of its history", path.display())]
    TooMany {
        /// The repository, or the folder.
        path: PathBuf,
        /// The limit, in bytes.
        most: u64,
    },
}

/// Why an object cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// It is not there: a partial clone, borrowed from another repository, or lost.
    #[error("it is not in this repository")]
    Missing,
    /// It is larger than what is looked at.
    #[error("it is too large to be looked at")]
    TooLarge,
    /// It makes no sense.
    #[error("it is damaged")]
    Damaged,
}

impl RepositoryError {
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &std::path::Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }
}

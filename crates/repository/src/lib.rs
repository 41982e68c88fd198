//! Git repositories read as data: what is staged, what ever was committed, what lies in the work tree. No git is run in
//! them, and nothing that their configuration names is.
//!
//! Of a repository's configuration three facts are read, by a reader that knows nothing else: how ids are made, how refs
//! are kept, and whether hooks lie elsewhere, which is told and not heeded. Objects borrowed from elsewhere (`alternates`) are not followed, neither are links, nor other repositories
//! within the work tree. Every read is limited in size.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod error;
mod format;
mod history;
mod ignored;
mod index;
mod objects;
mod paths;
mod refs;
mod repository;
mod work_tree;

pub use error::{ObjectError, RepositoryError};
pub use history::{Blob, History};
pub use objects::{MOST_BLOB_BYTES, Objects};
pub use repository::Repository;
pub use work_tree::{Listing, MOST_FILE_BYTES, WorkTree};

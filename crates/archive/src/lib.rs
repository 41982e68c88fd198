//! Archives of images, as `docker load` reads and `docker save` writes them, judged and rewritten while they stream
//! through in bounded memory.
//!
//! [`Load`] makes an archive of its own of what a tenant sends: entries numbered by us, and a `manifest.json` of ours
//! that comes last. [`Save`] puts a tenant's names into what the engine sends. No file, socket, process, clock or
//! environment is touched, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod digest;
mod error;
mod gunzip;
mod load;
mod save;
mod tar;

pub use error::ArchiveError;
pub use load::{Load, Loaded, LoadedImage};
pub use save::Save;

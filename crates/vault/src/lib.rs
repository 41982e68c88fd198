//! Secrets: sealed to their readers, in files that are safe to commit, and opened again. No disk.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics. Random numbers are the system's.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod envelope;
mod foreign;
mod identity;
mod open;
mod parse;
mod print;
mod reader;
mod sealed_file;
mod signature;
mod value;

pub use foreign::open_age_file;
pub use identity::{Identity, IdentityError};
pub use open::{Expected, OpenError, Opened, Which};
pub use parse::MAX_BYTES;
pub use reader::{Reader, ReaderKey, ReaderKeyError, ReaderName, ReaderNameError};
pub use sealed_file::{MAX_READERS, MAX_SECRETS, Previous, ReadersError, SealError, SealedFile};
pub use signature::{NAMESPACE, SignError, SignatureError, SignerKey, SignerKeyError, SigningKey};
pub use value::{MAX_VALUE_BYTES, Value, ValueError};

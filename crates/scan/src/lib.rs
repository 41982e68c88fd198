//! Finds secrets that stand in clear in text: known shapes of tokens, private keys, values of keys whose names say `secret`.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics. Time is linear in the text, memory
//! is bounded by the number of finds, which is bounded, too.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod address;
mod assignment;
mod baseline;
mod finding;
mod kind;
mod masks;
mod private_key;
mod scanner;
mod text;
mod tokens;
mod value;

pub use baseline::{Baseline, BaselineError, Entry, FINGERPRINT_BITS, SALT_BYTES};
pub use finding::Finding;
pub use scanner::{MOST_FINDINGS, Scanner};

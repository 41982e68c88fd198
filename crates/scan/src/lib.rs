//! Finds secrets that stand in clear in text: known shapes of tokens, private keys, what is random where a secret is kept.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

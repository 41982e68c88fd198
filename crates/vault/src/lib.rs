//! Secrets: sealed to their readers, in files that are safe to commit, and opened again. No disk.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics. Random numbers are the system's.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

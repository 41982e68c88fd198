//! Secrets as other programs keep them, read: SOPS files, Ansible Vault, dotenv, Docker's secrets.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

//! Host configuration: what the administrator of this machine decides.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod host_config;
mod parse;
mod schema;

pub use host_config::{CertificateFiles, HostConfig};
pub use parse::{parse, parse_bytes};
pub use schema::schema;

//! Secrets as other programs keep them, read: SOPS files, Ansible Vault, dotenv, Docker's secrets.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics. Nothing is written in these
//! formats, no variable is replaced in a value, and no error shows a piece of one.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod ansible;
mod ansible_inline;
mod dotenv;
mod error;
mod flatten;
mod format;
mod found;
mod json;
mod limits;
mod name;
mod sops;
mod tree;

pub use ansible::VaultPassword;
pub use error::{ImportError, Position};
pub use format::{Format, UnknownFormat};
pub use found::{ClearValue, Found, Imported, LeftOut, Remark, WhyLeftOut};
pub use limits::{MAX_FILE_BYTES, MAX_SECRETS, MAX_VALUE_BYTES};
pub use name::{NameError, named};

/// What opens files of other programs.
pub struct Keys<'a> {
    /// Opens what is encrypted with age (ASCII armour), when one of the caller's keys does.
    pub open_age: &'a dyn Fn(&str) -> Option<zeroize::Zeroizing<Vec<u8>>>,
    /// Tried in turn; those with a file's own vault id first.
    pub vault_passwords: &'a [VaultPassword],
}

/// Reads a file of the given format. `stem` is what a value is called that has no name inside its file.
pub fn read(bytes: &[u8], format: Format, stem: &str, keys: &Keys<'_>) -> Result<Imported, ImportError> {
    limits::check_size(bytes)?;
    match format {
        Format::SopsYaml | Format::SopsJson | Format::SopsDotenv => sops::read(bytes, format, keys),
        Format::AnsibleFile => ansible::read_file(bytes, stem, keys),
        Format::AnsibleInline => ansible_inline::read(bytes, keys),
        Format::Dotenv => dotenv::read(bytes),
    }
}

//! How much is read of a file.

use crate::ImportError;
use wharf_document::Limits;

/// Bytes of a file.
pub const MAX_FILE_BYTES: usize = 16 << 20;

/// Bytes of a value: what a sealed one may have.
pub const MAX_VALUE_BYTES: usize = 512 << 10;

/// Values of a file. Each inline value of Ansible Vault costs 10,000 rounds of a digest.
pub const MAX_SECRETS: usize = 1000;

/// YAML of other programs. A value in base64 is a third longer than it is.
pub(crate) const YAML: Limits =
    Limits { bytes: MAX_FILE_BYTES, depth: 64, nodes: 1 << 16, scalar_bytes: MAX_FILE_BYTES };

pub(crate) fn check_size(bytes: &[u8]) -> Result<(), ImportError> {
    if bytes.len() > MAX_FILE_BYTES { Err(ImportError::FileTooLarge) } else { Ok(()) }
}

//! Ansible Vault: a text that is a header, `$ANSIBLE_VAULT;1.1;AES256`, and hexadecimal lines; 1.2 has a vault id, too.
//!
//! Whole files are read here, values within YAML in `ansible_inline.rs`. What a file holds is a mapping of names to values
//! when it is YAML with a mapping; otherwise all of it is one value.

mod cipher;
mod envelope;

use crate::error::Position;
use crate::flatten::flatten;
use crate::found::{ClearValue, Found, Imported};
use crate::tree::Tree;
use crate::{ImportError, Keys, MAX_VALUE_BYTES};
use envelope::Envelope;
use zeroize::Zeroizing;

pub(crate) use envelope::BEGIN;

/// A password, and the vault id that it is for.
#[derive(Clone)]
pub struct VaultPassword {
    id: Option<String>,
    password: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for VaultPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultPassword").field("id", &self.id).finish_non_exhaustive()
    }
}

impl VaultPassword {
    /// A password as it is typed or stands in a file; spaces and ends of lines around it do not belong to it, for
    /// Ansible. `None` when nothing is left.
    pub fn new(id: Option<String>, text: &[u8]) -> Option<Self> {
        let password = text.trim_ascii();
        (!password.is_empty()).then(|| Self { id, password: Zeroizing::new(password.to_vec()) })
    }
}

pub(crate) fn read_file(bytes: &[u8], stem: &str, keys: &Keys<'_>) -> Result<Imported, ImportError> {
    let clear = open(bytes, keys.vault_passwords, &Position::default())?;
    if let Some(imported) = names(&clear) {
        return imported;
    }
    if clear.is_empty() {
        return Err(ImportError::NoNames);
    }
    if clear.len() > MAX_VALUE_BYTES {
        return Err(ImportError::ValueTooLarge(Position::default()));
    }
    let found = Found { path: vec![stem.to_owned()], line: 0, value: ClearValue::new(clear), remark: None };
    Ok(Imported { secrets: vec![found], left_out: Vec::new() })
}

/// The names and values of a YAML mapping; `None` when the text is none. A mapping with a mistake in it is no mapping, and
/// so is taken whole, which the person sees by its one name.
fn names(clear: &[u8]) -> Option<Result<Imported, ImportError>> {
    let text = std::str::from_utf8(clear).ok()?;
    let tree = Tree::of_yaml(text, &["!unsafe"], true).ok()?;
    tree.map().filter(|entries| !entries.is_empty())?;
    Some(flatten(&tree))
}

/// Deciphers, after the code over the ciphertext was checked.
pub(crate) fn open(
    text: &[u8],
    passwords: &[VaultPassword],
    place: &Position,
) -> Result<Zeroizing<Vec<u8>>, ImportError> {
    let envelope = Envelope::read(text).map_err(|what| ImportError::Vault { place: place.clone(), what })?;
    if passwords.is_empty() {
        return Err(ImportError::NoVaultPassword(place.clone()));
    }
    let is_meant = |password: &&VaultPassword| password.id.is_some() && password.id == envelope.label;
    let first = passwords.iter().filter(is_meant);
    let others = passwords.iter().filter(|password| !is_meant(password));
    for password in first.chain(others) {
        if let Some(opened) = cipher::open(&envelope, &password.password) {
            return opened.map_err(|what| ImportError::Vault { place: place.clone(), what });
        }
    }
    let label = envelope.label.as_deref().map(crate::error::harmless).unwrap_or_default();
    Err(ImportError::VaultPassword { place: place.clone(), label })
}

//! What a SOPS file says about itself: to whom its key is encrypted, when it was changed, its MAC.

use super::value::DataKey;
use crate::error::harmless;
use crate::tree::Tree;
use crate::{ImportError, Keys};

/// Recipients that are tried. Each costs a key agreement for each of the caller's keys.
const MAX_RECIPIENTS: usize = 256;

/// Of others' metadata just what is needed to open the file.
pub(super) struct Metadata {
    recipients: Vec<Recipient>,
    pub(super) mac: String,
    pub(super) last_modified: String,
    pub(super) mac_only_encrypted: bool,
}

struct Recipient {
    name: String,
    /// The data key, in an age file with ASCII armour.
    sealed: String,
}

/// Ways to encrypt the data key other than age, as they are called in the metadata.
const OTHERS: &[&str] = &["pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms"];

impl Metadata {
    pub(super) fn of(tree: &Tree) -> Result<Self, ImportError> {
        if tree.map().is_none() {
            return Err(ImportError::SopsMetadata("is no mapping"));
        }
        if items(tree.key("key_groups")).len() > 1 {
            return Err(ImportError::KeyGroups);
        }
        let text = |name: &str| tree.key(name).and_then(Tree::text).unwrap_or_default().to_owned();
        let (mac, last_modified) = (text("mac"), text("lastmodified"));
        if mac.is_empty() {
            return Err(ImportError::SopsMetadata("has no `mac`: what was changed could not be noticed"));
        }
        if last_modified.is_empty() {
            return Err(ImportError::SopsMetadata("has no `lastmodified`, which belongs to the MAC"));
        }
        let group = items(tree.key("key_groups")).first();
        let recipients = group.map_or_else(|| recipients(tree), recipients)?;
        if recipients.is_empty() {
            let place = group.unwrap_or(tree);
            let is_used = |name: &&&str| !items(place.key(name)).is_empty();
            let others: Vec<&str> = OTHERS.iter().filter(is_used).copied().collect();
            return Err(if others.is_empty() {
                ImportError::SopsMetadata("names nobody to whom the file is encrypted")
            } else {
                ImportError::NotAge(others.join(", "))
            });
        }
        let mac_only_encrypted = text("mac_only_encrypted") == "true";
        Ok(Self { recipients, mac, last_modified, mac_only_encrypted })
    }

    pub(super) fn data_key(&self, keys: &Keys<'_>) -> Result<DataKey, ImportError> {
        let opened = self.recipients.iter().find_map(|recipient| (keys.open_age)(&recipient.sealed));
        let Some(bytes) = opened else {
            let names: Vec<&str> = self.recipients.iter().map(|one| one.name.as_str()).take(8).collect();
            return Err(ImportError::NoAgeKey(names.join(", ")));
        };
        DataKey::new(&bytes).ok_or(ImportError::DataKey)
    }
}

fn items(tree: Option<&Tree>) -> &[Tree] {
    match tree {
        Some(Tree::List(items)) => items,
        _ => &[],
    }
}

fn recipients(place: &Tree) -> Result<Vec<Recipient>, ImportError> {
    let list = items(place.key("age"));
    if list.len() > MAX_RECIPIENTS {
        return Err(ImportError::SopsMetadata("has more than 256 age recipients"));
    }
    let recipient = |tree: &Tree| {
        let name = tree.key("recipient").and_then(Tree::text).unwrap_or("somebody unnamed");
        let sealed = tree.key("enc").and_then(Tree::text)?.to_owned();
        Some(Recipient { name: harmless(name), sealed })
    };
    let all: Option<Vec<Recipient>> = list.iter().map(recipient).collect();
    all.ok_or(ImportError::SopsMetadata("has an age recipient without `enc`"))
}

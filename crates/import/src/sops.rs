//! SOPS files with age recipients: YAML, JSON, dotenv.
//!
//! Values are AES-256-GCM under the file's data key, each with its path as additional data; the MAC, a SHA-512 over the
//! clear values in the order of the file, is encrypted in the same way. The format is that of `sops` 3.
//!
//! Only what is encrypted is taken. A value that stands in clear is no secret; and with `mac_only_encrypted` the MAC does
//! not cover it, so that anybody may have put it there.

mod flat;
mod mac;
mod metadata;
mod value;

use crate::error::Position;
use crate::found::{Imported, WhyLeftOut};
use crate::tree::{Leaf, MAX_LEAVES, Tree};
use crate::{Format, ImportError, Keys, json};
use mac::Mac;
use metadata::Metadata;
use value::DataKey;

/// The key of the metadata.
const SOPS: &str = "sops";

pub(crate) fn read(bytes: &[u8], format: Format, keys: &Keys<'_>) -> Result<Imported, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText(Position::default()))?;
    let tree = match format {
        Format::SopsDotenv => flat::read(text)?,
        Format::SopsJson => json::read(text)?,
        _ => Tree::of_yaml(text, &[], false)?,
    };
    let (data, metadata) = split(tree)?;
    let key = metadata.data_key(keys)?;
    let mut mac = Mac::new(metadata.mac_only_encrypted);
    let mut imported = Imported::default();
    data.walk(MAX_LEAVES, &mut |leaf| take(leaf, &key, &mut mac, &mut imported))?;
    mac.check(&metadata, &key)?;
    Ok(imported)
}

fn split(tree: Tree) -> Result<(Tree, Metadata), ImportError> {
    let Tree::Map(mut entries) = tree else { return Err(ImportError::NoNames) };
    let at = entries.iter().position(|(key, _)| key == SOPS);
    let Some(at) = at else { return Err(ImportError::SopsMetadata("is missing")) };
    let (_, metadata) = entries.remove(at);
    Ok((Tree::Map(entries), Metadata::of(&metadata)?))
}

fn take(leaf: &Leaf<'_>, key: &DataKey, mac: &mut Mac, imported: &mut Imported) -> Result<(), ImportError> {
    let Some(scalar) = leaf.scalar else {
        imported.leave_out(leaf, WhyLeftOut::Empty);
        return Ok(());
    };
    if value::is_encrypted(scalar) {
        let opened = value::open(&scalar.text, key, &value::additional_data(leaf.keys), &leaf.place())?;
        mac.add_encrypted(opened.in_mac());
        return imported.take(leaf, opened.into_value());
    }
    mac.add_clear(scalar, leaf)?;
    let why = if scalar.text.is_empty() { WhyLeftOut::Empty } else { WhyLeftOut::InClear };
    imported.leave_out(leaf, why);
    Ok(())
}

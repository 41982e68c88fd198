//! YAML with values of Ansible Vault: `password: !vault |`.

use crate::ansible::{self, BEGIN};
use crate::error::Position;
use crate::found::{ClearValue, Imported, WhyLeftOut};
use crate::tree::{Leaf, MAX_LEAVES, Tree};
use crate::{ImportError, Keys};

/// Tags that Ansible gives a meaning to.
const TAGS: &[&str] = &["!vault", "!vault-encrypted", "!unsafe"];

pub(crate) fn read(bytes: &[u8], keys: &Keys<'_>) -> Result<Imported, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText(Position::default()))?;
    let tree = Tree::of_yaml(text, TAGS, true)?;
    tree.map().ok_or(ImportError::NoNames)?;
    let mut imported = Imported::default();
    tree.walk(MAX_LEAVES, &mut |leaf| take(leaf, keys, &mut imported))?;
    Ok(imported)
}

fn take(leaf: &Leaf<'_>, keys: &Keys<'_>, imported: &mut Imported) -> Result<(), ImportError> {
    match leaf.scalar {
        Some(scalar) if scalar.text.starts_with(BEGIN) => {
            imported.check_room()?;
            let clear = ansible::open(scalar.text.as_bytes(), keys.vault_passwords, &leaf.place())?;
            imported.take(leaf, ClearValue::new(clear))
        }
        Some(scalar) if !scalar.text.is_empty() => {
            imported.leave_out(leaf, WhyLeftOut::InClear);
            Ok(())
        }
        Some(_) | None => {
            imported.leave_out(leaf, WhyLeftOut::Empty);
            Ok(())
        }
    }
}

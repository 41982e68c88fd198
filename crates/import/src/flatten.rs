//! A tree of clear values as a list of them.

use crate::found::{ClearValue, Found, Imported, LeftOut, WhyLeftOut};
use crate::tree::{Leaf, MAX_LEAVES, Tree};
use crate::{ImportError, MAX_SECRETS, MAX_VALUE_BYTES};

/// Each value as it is written, numbers and truth values too.
pub(crate) fn flatten(tree: &Tree) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    tree.walk(MAX_LEAVES, &mut |leaf| {
        let value =
            leaf.scalar.map_or_else(|| ClearValue::of_text(""), |scalar| ClearValue::of_text(&scalar.text));
        imported.take(leaf, value)
    })?;
    Ok(imported)
}

impl Imported {
    /// Keeps a value, or says that there is none.
    pub(crate) fn take(&mut self, leaf: &Leaf<'_>, value: ClearValue) -> Result<(), ImportError> {
        if value.bytes().is_empty() {
            self.leave_out(leaf, WhyLeftOut::Empty);
            return Ok(());
        }
        if value.bytes().len() > MAX_VALUE_BYTES {
            return Err(ImportError::ValueTooLarge(leaf.place()));
        }
        self.check_room()?;
        let line = leaf.scalar.map_or(0, |scalar| scalar.line);
        self.secrets.push(Found { path: leaf.path.to_vec(), line, value, remark: None });
        Ok(())
    }

    /// Whether one more is taken; to be asked before work is done for it.
    pub(crate) fn check_room(&self) -> Result<(), ImportError> {
        if self.secrets.len() >= MAX_SECRETS { Err(ImportError::TooMany) } else { Ok(()) }
    }

    pub(crate) fn leave_out(&mut self, leaf: &Leaf<'_>, why: WhyLeftOut) {
        self.left_out.push(LeftOut { path: leaf.path.to_vec(), why });
    }
}

//! SOPS's dotenv: a line is a comment or `NAME=value`, with `\n` for a line's end, and metadata under `sops_…`.

use super::SOPS;
use crate::ImportError;
use crate::error::Position;
use crate::tree::{Kind, Scalar, Tree};
use std::collections::{BTreeMap, HashMap};
use zeroize::Zeroizing;

/// The file as the tree that YAML would have.
pub(super) fn read(text: &str) -> Result<Tree, ImportError> {
    let mut data = Vec::new();
    let mut flat = BTreeMap::new();
    let mut seen = HashMap::new();
    for (line, written) in (1..).zip(text.split('\n')) {
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let Some((key, value)) = written.split_once('=') else {
            return Err(ImportError::NotDotenv {
                place: Position::line(line),
                what: "neither `NAME=value` nor a comment",
            });
        };
        if let Some(first) = seen.insert(key, line) {
            return Err(ImportError::Twice { second: Position::of(key, line), first });
        }
        let value = value.replace("\\n", "\n");
        match key.strip_prefix("sops_") {
            Some(key) => drop(flat.insert(key, value)),
            None => data.push((key.to_owned(), scalar(value, line))),
        }
    }
    if flat.is_empty() {
        return Err(ImportError::SopsMetadata("is missing"));
    }
    data.push((SOPS.to_owned(), metadata(&flat)));
    Ok(Tree::Map(data))
}

fn scalar(text: String, line: usize) -> Tree {
    Tree::Scalar(Scalar { text: Zeroizing::new(text), kind: Kind::Text, line })
}

/// Entries of mappings, by their place in a list.
type Items = BTreeMap<u32, Vec<(String, Tree)>>;

/// Of flat names (`age__list_0__map_enc`) just those that are read: recipients and plain texts.
fn metadata(flat: &BTreeMap<&str, String>) -> Tree {
    let mut plain = Vec::new();
    let mut lists: BTreeMap<&str, Items> = BTreeMap::new();
    for (name, value) in flat {
        match item(name) {
            Some((list, index, key)) => {
                let entry = (key.to_owned(), scalar(value.clone(), 0));
                lists.entry(list).or_default().entry(index).or_default().push(entry);
            }
            None => plain.push(((*name).to_owned(), scalar(value.clone(), 0))),
        }
    }
    for (name, items) in lists {
        plain.push((name.to_owned(), Tree::List(items.into_values().map(Tree::Map).collect())));
    }
    Tree::Map(plain)
}

/// `age__list_0__map_enc` as `age`, 0, `enc`; and `key_groups__list_1__map_age…` as its group's.
fn item(name: &str) -> Option<(&str, u32, &str)> {
    let (list, rest) = name.split_once("__list_")?;
    let (index, key) = rest.split_once("__map_")?;
    Some((list, index.parse().ok()?, key))
}

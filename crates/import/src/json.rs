//! JSON as a tree that keeps the order of keys, refuses a key given twice, and has a bounded number of values.

use crate::ImportError;
use crate::error::Position;
use crate::limits;
use crate::tree::{Kind, Scalar, Tree};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use zeroize::Zeroizing;

/// Reads a text that is one JSON object. The reader below this one bounds the depth (128 levels).
pub(crate) fn read(text: &str) -> Result<Tree, ImportError> {
    let left = Cell::new(limits::YAML.nodes);
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Seed { left: &left }.deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    match tree {
        Ok(tree @ Tree::Map(_)) => Ok(tree),
        Ok(_) => Err(ImportError::NotJson(Position::line(1))),
        // The reader's own message may show a piece of the text.
        Err(error) => Err(ImportError::NotJson(Position::line(error.line()))),
    }
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    left: &'a Cell<usize>,
}

impl Seed<'_> {
    fn count<E: Error>(self) -> Result<(), E> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| E::custom("too many values"))?;
        self.left.set(left);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Tree, D::Error> {
        self.count()?;
        from.deserialize_any(self)
    }
}

fn scalar(text: String, kind: Kind) -> Tree {
    Tree::Scalar(Scalar { text: Zeroizing::new(text), kind, line: 0 })
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(scalar(flag.to_string(), Kind::Flag))
    }

    // SOPS reads every number of JSON as a float, and this is how it writes one. Rust and Go write the same digits.
    #[expect(
        clippy::cast_precision_loss,
        reason = "SOPS loses the same digits, and the MAC is over what is left"
    )]
    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(scalar((number as f64).to_string(), Kind::Float))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "SOPS loses the same digits, and the MAC is over what is left"
    )]
    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(scalar((number as f64).to_string(), Kind::Float))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(scalar(number.to_string(), Kind::Float))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(scalar(text.to_owned(), Kind::Text))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(scalar(text, Kind::Text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            self.count()?;
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom("a key is given twice"));
            }
            map.push((key, entries.next_value_seed(self)?));
        }
        Ok(Tree::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_are_given_once() {
        let tree = read(r#"{"b": 1, "a": [true, null, "x"], "c": 1e3}"#).unwrap();
        let keys: Vec<&str> = tree.map().unwrap().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "c"]);
        assert_eq!(tree.key("c").and_then(Tree::text), Some("1000"));
        for bad in [r#"{"a": 1, "a": 2}"#, "[1]", "1", "{", r#"{"a": 1} x"#, ""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        assert!(read(&format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000))).is_err());
        assert!(read(&format!("{{\"a\":[{}0]}}", "0,".repeat(70_000))).is_err());
    }

    #[test]
    fn errors_show_nothing_of_the_text() {
        let error = read("{\"a\": hunter2}").err().unwrap();
        assert_eq!(error, ImportError::NotJson(Position::line(1)));
    }
}

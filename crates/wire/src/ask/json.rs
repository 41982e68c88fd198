//! JSON, read more strictly than the engine reads it: whatever two readers could take differently is refused. Nothing
//! here knows what a document is about.

use crate::ask::Refusal;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A document. Objects keep the order and the spelling of their keys, and no key occurs twice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number without fraction or exponent, within Go's `int64`.
    Int(i64),
    /// Any other number; it fits nowhere, and its only use is to be seen to be zero.
    Other(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Deeper than any request of any client; the engine itself has no limit that matters.
const DEEPEST: usize = 32;

impl Json {
    /// Reads a whole document. An empty one is [`Json::Null`], as the engine takes it.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.is_empty() {
            return Ok(Self::Null);
        }
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        let read = Strict { depth: 0 }.deserialize(&mut deserializer);
        // Go's decoder stops after the first value, and passes over what follows (V6): we do not.
        let whole = read.and_then(|value| deserializer.end().map(|()| value));
        whole.map_err(|error| Refusal::malformed(format!("the body is not JSON that can be read: {error}")))
    }

    /// Whether Go would leave a field as it is, or set it to its zero value.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Int(number) => *number == 0,
            Self::Other(number) => *number == 0.0,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }
}

/// Go matches keys with fields by simple case folding: beside ASCII, `ſ` is an `s` and the Kelvin sign a `k` (V3).
pub(crate) fn folds_to(key: &str, field: &str) -> bool {
    key.chars().map(folded).eq(field.chars().map(folded))
}

fn folded(c: char) -> char {
    match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    }
}

/// The reader of one value at a depth.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= DEEPEST {
            return Err(E::custom(format_args!("it is nested deeper than {DEEPEST} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Int(value))
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "such a number fits nowhere; it is only known not to be zero"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Other(value as f64), Json::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Other(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Json, E> {
        // No argument, path, name or environment variable can hold one; the kernel would cut the text there.
        if value.contains('\0') {
            return Err(E::custom("a text contains NUL"));
        }
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key.contains('\0') {
                return Err(A::Error::custom("a key contains NUL"));
            }
            members.push((key, map.next_value_seed(inner)?));
        }
        // Go merges what is said twice (V4, V5).
        match twice(&members) {
            Some(key) => Err(A::Error::custom(format_args!("the key `{key}` occurs twice"))),
            None => Ok(Json::Object(members)),
        }
    }
}

fn twice(members: &[(String, Json)]) -> Option<&str> {
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    keys.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}

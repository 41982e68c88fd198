//! An object of the engine's of which most is passed as it came: only what is looked at is read. A container's inspection
//! has some 200 values, of which a dozen are shown otherwise.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// An object: its fields in the order in which they came.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    fields: Vec<(Name<'a>, Part<'a>)>,
}

/// A field's name.
#[derive(Debug, serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A field, as far as anybody has looked at it.
#[derive(Debug)]
enum Part<'a> {
    AsItCame(&'a RawValue),
    Read(Value),
    Opened(Document<'a>),
}

/// More fields than most objects have.
const MANY: usize = 64;

impl<'a> Document<'a> {
    /// Reads an object's outermost level.
    pub(crate) fn read(bytes: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }

    /// A field's value, whatever it is.
    pub(crate) fn value(&mut self, field: &str) -> Option<&mut Value> {
        let part = self.part(field)?;
        match part {
            // What cannot be read is not shown: it was asked for because something in it is not to be.
            Part::AsItCame(raw) => *part = Part::Read(serde_json::from_str(raw.get()).unwrap_or_default()),
            Part::Opened(document) => *part = Part::Read(serde_json::to_value(document).ok()?),
            Part::Read(_) => {}
        }
        match part {
            Part::Read(value) => Some(value),
            _ => None,
        }
    }

    /// A field that is an object, of which only some fields matter. `None` when it is something else.
    pub(crate) fn open(&mut self, field: &str) -> Option<&mut Document<'a>> {
        let part = self.part(field)?;
        if let Part::AsItCame(raw) = part {
            *part = Part::Opened(serde_json::from_str(raw.get()).ok()?);
        }
        match part {
            Part::Opened(document) => Some(document),
            _ => None,
        }
    }

    /// Puts a value in the place of one that is there; that one is not even read.
    pub(crate) fn replace(&mut self, field: &str, value: impl Into<Value>) {
        if let Some(part) = self.part(field) {
            *part = Part::Read(value.into());
        }
    }

    /// Puts a value there, whether or not there is one.
    pub(crate) fn set(&mut self, field: &'static str, value: impl Into<Value>) {
        self.remove(field);
        self.fields.push((Name(Cow::Borrowed(field)), Part::Read(value.into())));
    }

    /// Takes a field away.
    pub(crate) fn remove(&mut self, field: &str) {
        self.fields.retain(|(name, _)| name.0 != field);
    }

    /// As it is now, in JSON.
    pub(crate) fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    fn part(&mut self, field: &str) -> Option<&mut Part<'a>> {
        self.fields.iter_mut().find(|(name, _)| name.0 == field).map(|(_, part)| part)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Document<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Document<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::with_capacity(MANY);
                while let Some((name, raw)) = map.next_entry()? {
                    fields.push((name, Part::AsItCame(raw)));
                }
                Ok(Document { fields })
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, part) in &self.fields {
            match part {
                Part::AsItCame(raw) => map.serialize_entry(&name.0, raw)?,
                Part::Read(value) => map.serialize_entry(&name.0, value)?,
                Part::Opened(document) => map.serialize_entry(&name.0, document)?,
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_looks_at_stays_as_it_came() {
        let text = r#"{"b":  1e2,"a":{"deep":{"x" : "\u0041"},"y":null},"quo\"te":[1, 2],"gone":0,"n":12345678901234567890123}"#;
        let mut document = Document::read(text.as_bytes()).unwrap();
        assert!(document.open("b").is_none() && document.open("none").is_none());
        document.open("a").unwrap().replace("y", "z");
        document.open("a").unwrap().replace("absent", "z");
        document.remove("gone");
        let told = String::from_utf8(document.bytes().unwrap()).unwrap();
        assert_eq!(
            told,
            r#"{"b":1e2,"a":{"deep":{"x" : "\u0041"},"y":"z"},"quo\"te":[1, 2],"n":12345678901234567890123}"#
        );
        *document.value("a").unwrap().pointer_mut("/deep/x").unwrap() = "B".into();
        assert_eq!(document.value("a").unwrap(), &serde_json::json!({"deep": {"x": "B"}, "y": "z"}));
    }

    #[test]
    fn what_is_no_object_is_no_document() {
        for text in ["[]", "null", "{", r#"{"a"}"#, r#"{"a":}"#, r#"{"a":1}x"#] {
            assert!(Document::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}

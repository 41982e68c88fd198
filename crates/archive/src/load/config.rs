//! Which layers an image's configuration names. Its bytes go to the engine as they are, since they are the image's id;
//! so what Go would read otherwise than we do is refused.

use super::few::Few;
use crate::digest::Digest;
use crate::error::printable;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An engine takes at most 127.
pub(super) const LAYERS_MOST: usize = 256;

/// The `diff_ids` of a configuration, in order.
pub(super) fn diff_ids(config: &[u8]) -> Result<Vec<Digest>, String> {
    let mut reader = serde_json::Deserializer::from_slice(config);
    let read = Member::<Rootfs>::named("rootfs").deserialize(&mut reader);
    // Cut: an error quotes what it found, and many files may be found wanting.
    let cut = |error: serde_json::Error| printable(error.to_string().as_bytes());
    let rootfs = read.and_then(|rootfs| reader.end().map(|()| rootfs)).map_err(cut)?;
    let Rootfs(names) = rootfs.ok_or("it has no `rootfs`")?;
    let digest = |name: &String| Digest::parse(name).ok_or("a `diff_id` is no sha256 digest");
    Ok(names.iter().map(digest).collect::<Result<_, _>>()?)
}

struct Rootfs(Vec<String>);

impl<'de> Deserialize<'de> for Rootfs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let member =
            Member::<Option<Few<String, LAYERS_MOST>>>::named("diff_ids").deserialize(deserializer)?;
        Ok(Self(member.flatten().unwrap_or_default().0))
    }
}

/// Reads one member of an object and passes over the others; `None` where it is absent. A second one, also in a
/// spelling that Go takes for the same, is an error.
struct Member<T> {
    name: &'static str,
    is: PhantomData<T>,
}

impl<T> Member<T> {
    fn named(name: &'static str) -> Self {
        Self { name, is: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Member<T> {
    type Value = Option<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Member<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if !folds_to(&key, self.name) {
                map.next_value::<IgnoredAny>()?;
            } else if key != self.name || found.is_some() {
                return Err(A::Error::custom(format_args!(
                    "`{}` is there twice, or written otherwise",
                    self.name
                )));
            } else {
                found = Some(map.next_value()?);
            }
        }
        Ok(found)
    }
}

/// Go matches keys with fields by simple case folding: beside ASCII, `ſ` is an `s` and the Kelvin sign a `k`.
fn folds_to(key: &str, field: &str) -> bool {
    let folded = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    };
    key.chars().map(folded).eq(field.chars())
}

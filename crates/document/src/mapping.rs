//! Mappings whose keys are known: one declaration gives the value, its reader and its schema.

use crate::{Entry, Errors, Node, Shape, Value, did_you_mean, quoted, refuse};
use serde_json::{Map, json};

/// One known key.
#[derive(Debug, Clone)]
pub struct KeySpec {
    /// As it is written.
    pub name: &'static str,
    /// It must be there.
    pub is_required: bool,
    /// What people are told.
    pub description: String,
    /// What its value looks like.
    pub shape: Shape,
}

/// The entries of one mapping, while they are read.
#[derive(Debug)]
pub struct Keys<'a>(&'a [Entry]);

impl<'a> Keys<'a> {
    /// Checks that the node is a mapping that has every required key and no unknown one. `required` and `optional`
    /// are the known keys; `refused` are keys that people try, with what to do instead.
    pub fn open(
        node: &'a Node,
        required: &[&str],
        optional: &[&str],
        refused: &[(&str, &str)],
        errors: &mut Errors,
    ) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            let keys =
                required.iter().chain(optional).take(4).map(|key| format!("`{key}`")).collect::<Vec<_>>();
            let help =
                format!("its keys are {}{}", keys.join(", "), if keys.len() > 3 { ", \u{2026}" } else { "" });
            return refuse(node, errors, "a mapping", Some(&help));
        };
        let known = || required.iter().chain(optional).copied();
        for Entry { key, .. } in entries {
            if known().any(|name| name == key.text) {
                continue;
            }
            if errors.is_full() {
                errors.push(key.span, "unknown key", None);
                continue;
            }
            let help = refused.iter().find(|(name, _)| *name == key.text).map(|(_, help)| (*help).to_owned());
            let help = help.or_else(|| did_you_mean(&key.text, known())).unwrap_or_else(|| all_keys(known()));
            errors.under_key(&key.text, key.span, |errors| {
                errors.push(key.span, format!("there is no key {} here", quoted(&key.text)), Some(help));
            });
        }
        let owner = errors.owner().unwrap_or(node.span);
        for name in required.iter().filter(|name| !entries.iter().any(|entry| entry.key.text == **name)) {
            errors.push(
                owner,
                format!("the key `{name}` is missing"),
                Some(format!("add `{name}:` with a value")),
            );
        }
        Some(Self(entries))
    }

    /// The entry of a key, when it is there.
    pub fn find(&self, name: &str) -> Option<&'a Entry> {
        self.0.iter().find(|entry| entry.key.text == name)
    }
}

fn all_keys<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    names.sort_unstable();
    format!("the keys are {}", names.join(", "))
}

/// The schema of a mapping with these keys and no others.
pub fn mapping_shape(description: &str, keys: &[KeySpec]) -> Shape {
    let required: Vec<&str> = keys.iter().filter(|key| key.is_required).map(|key| key.name).collect();
    let properties: Map<String, serde_json::Value> = keys
        .iter()
        .map(|key| (key.name.to_owned(), key.shape.clone().described(&key.description).into_json()))
        .collect();
    let shape =
        Shape::of(json!({ "type": "object", "properties": properties, "additionalProperties": false }));
    let shape = if required.is_empty() { shape } else { shape.with("required", json!(required)) };
    shape.described(description)
}

/// Lines of a documentation comment as one text.
#[doc(hidden)]
pub fn doc_text(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Declares a mapping: a struct with a field for each key, its reader, and its schema. The documentation comments are
/// the schema's descriptions.
///
/// ```
/// use wharf_document::{Flag, Text, mapping};
/// mapping! {
///     /// A host directory in a container.
///     pub struct RawMount {
///         /// Below the pod's directory.
///         required "source" source: Text,
///         /// The container cannot write.
///         optional "readonly" readonly: Flag,
///     }
///     refused {
///         "type" => "every mount is a host directory",
///     }
/// }
/// ```
///
/// Every field is an `Option<Spanned<_>>`: a required key that is missing has left an error.
#[macro_export]
macro_rules! mapping {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $key_doc:literal])*
                $presence:ident $key:literal $field:ident : $reader:ty
            ),* $(,)?
        }
        $( refused { $( $bad:literal => $help:literal ),* $(,)? } )?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug)]
        $vis struct $name {
            $(
                $(#[doc = $key_doc])*
                $vis $field: ::core::option::Option<$crate::Spanned<<$reader as $crate::Read>::Value>>,
            )*
        }

        impl $crate::Read for $name {
            type Value = Self;

            fn shape() -> $crate::Shape {
                let keys = vec![
                    $(
                        $crate::KeySpec {
                            name: $key,
                            is_required: $crate::mapping!(@is_required $presence),
                            description: $crate::macro_support::doc_text(&[$($key_doc),*]),
                            shape: <$reader as $crate::Read>::shape(),
                        },
                    )*
                ];
                $crate::mapping_shape(&$crate::macro_support::doc_text(&[$($doc),*]), &keys)
            }

            fn read(node: &$crate::Node, errors: &mut $crate::Errors) -> ::core::option::Option<Self> {
                let known: &[(bool, &str)] = &[$(($crate::mapping!(@is_required $presence), $key)),*];
                let pick = |wanted: bool| {
                    let picked = known.iter().filter(move |(is_required, _)| *is_required == wanted);
                    picked.map(|(_, key)| *key).collect::<::std::vec::Vec<&str>>()
                };
                let refused: &[(&str, &str)] = &[$($(($bad, $help)),*)?];
                let keys = $crate::Keys::open(node, &pick(true), &pick(false), refused, errors)?;
                ::core::option::Option::Some(Self {
                    $(
                        $field: keys.find($key).and_then(|entry| {
                            errors.under_key(&entry.key.text, entry.key.span, |errors| {
                                <$reader as $crate::Read>::read_spanned(&entry.value, errors)
                            })
                        }),
                    )*
                })
            }
        }
    };
    (@is_required required) => { true };
    (@is_required optional) => { false };
}

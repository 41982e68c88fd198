//! The tree: scalars, lists and mappings, each with its place in the text; aliases already expanded.

use crate::{Meaning, Span};

/// One value of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it is written; for an alias, where it is used.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// The three kinds of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, number, truth value, or nothing.
    Scalar(Scalar),
    /// Items in order.
    List(Vec<Node>),
    /// Entries in order, keys unique, merge keys already applied.
    Map(Vec<Entry>),
}

/// A scalar as it is written, and what YAML makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// Quotes and escapes resolved.
    pub text: String,
    /// Always [`Meaning::Text`] for what is quoted.
    pub meaning: Meaning,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// Its value.
    pub value: Node,
}

/// A key; always a scalar, and always taken as the text it is written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Quotes and escapes resolved.
    pub text: String,
    /// Where it is written.
    pub span: Span,
}

impl Node {
    /// What this is, for messages: "a list", "the number `42`".
    pub fn described(&self) -> String {
        match &self.value {
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
            Value::Scalar(scalar) => scalar.described(),
        }
    }

    /// The scalar, when it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => None,
        }
    }
}

impl Scalar {
    fn described(&self) -> String {
        let kind = match self.meaning {
            Meaning::Nothing => return "nothing".to_owned(),
            Meaning::Flag(_) => "the truth value",
            Meaning::Integer | Meaning::Float => "the number",
            Meaning::Text => "the text",
        };
        format!("{kind} {}", crate::quoted(&self.text))
    }
}

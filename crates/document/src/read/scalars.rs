//! Readers of single values: texts, words, truth values, whole numbers, and texts with a grammar of their own.

use crate::{Errors, Meaning, Node, Read, Scalar, Shape, quoted, refuse};
use serde_json::json;
use std::marker::PhantomData;

/// A text, and nothing that YAML takes for something else: `yes` and `42` need quotes.
#[derive(Debug)]
pub struct Text;

/// A text, or a number taken as it is written: a word of a command.
#[derive(Debug)]
pub struct Word;

/// A truth value, without quotes.
#[derive(Debug)]
pub struct Flag;

/// A whole number from `MIN` to `MAX`, in plain decimal digits.
#[derive(Debug)]
pub struct Integer<const MIN: i64, const MAX: i64>;

/// A text or number that fits the grammar `G`.
#[derive(Debug)]
pub struct Parsed<G>(PhantomData<G>);

/// Why a text does not fit a grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// What is wrong.
    pub message: String,
    /// What is allowed, when the message does not say it.
    pub help: Option<String>,
}

/// The grammar of a scalar.
pub trait Grammar {
    /// What fitting texts become.
    type Value;

    /// What a value is called in messages, with its article: "an image reference".
    const WHAT: &'static str;

    /// Which texts and numbers may fit. It may allow more than `parse` does, never less.
    fn shape() -> Shape;

    /// Whether this scalar may be read at all; by default texts and numbers may.
    fn accepts(meaning: Meaning) -> bool {
        matches!(meaning, Meaning::Text | Meaning::Integer | Meaning::Float)
    }

    /// The value.
    fn parse(text: &str) -> Result<Self::Value, Misfit>;
}

/// A grammar for keys.
pub trait ReadKey {
    /// What fitting keys become.
    type Key: Ord + Clone;

    /// Which keys fit, as the schema of a property's name.
    fn key_shape() -> Shape;

    /// The key.
    fn read_key(text: &str) -> Result<Self::Key, Misfit>;
}

impl Misfit {
    /// Says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Says what is allowed, too.
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl Read for Text {
    type Value = String;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "string" }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<String> {
        match node.scalar() {
            Some(Scalar { meaning: Meaning::Text, text }) => without_nul(text, node, errors),
            _ => refuse(node, errors, "a text", how_to_quote(node).as_deref()),
        }
    }
}

/// What makes a text of a scalar that is none.
fn how_to_quote(node: &Node) -> Option<String> {
    node.scalar().map(|scalar| match scalar.meaning {
        Meaning::Nothing => "give a value; an empty text is written `''`".to_owned(),
        _ => format!("quote it: {}", quoted(&format!("'{}'", scalar.text))),
    })
}

impl Read for Word {
    type Value = String;

    fn shape() -> Shape {
        Shape::of(json!({ "type": ["string", "number"] }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<String> {
        match node.scalar() {
            Some(Scalar { meaning: Meaning::Integer | Meaning::Float, text }) => {
                without_nul(text, node, errors)
            }
            _ => Text::read(node, errors),
        }
    }
}

/// Nothing that an engine or a kernel is told can hold a NUL.
fn without_nul(text: &str, node: &Node, errors: &mut Errors) -> Option<String> {
    if text.contains('\0') {
        errors.push(node.span, "a text cannot hold a NUL character", Some("remove the `\\0`".to_owned()));
        return None;
    }
    Some(text.to_owned())
}

impl Read for Flag {
    type Value = bool;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "boolean" }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<bool> {
        let help = match node.scalar() {
            Some(Scalar { meaning: Meaning::Flag(value), .. }) => return Some(*value),
            Some(Scalar { meaning: Meaning::Text, text })
                if matches!(Meaning::of_plain(text), Meaning::Flag(_)) =>
            {
                "remove the quotes"
            }
            _ => "`true` and `false` are allowed",
        };
        refuse(node, errors, "a truth value", Some(help))
    }
}

impl<const MIN: i64, const MAX: i64> Read for Integer<MIN, MAX> {
    type Value = i64;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "integer", "minimum": MIN, "maximum": MAX }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<i64> {
        let expected = format!("a whole number from {MIN} to {MAX}");
        let Some(scalar) = node.scalar() else { return refuse(node, errors, &expected, None) };
        let help = match decimal(&scalar.text) {
            Some(number) if scalar.meaning == Meaning::Integer => {
                if (MIN..=MAX).contains(&number) {
                    return Some(number);
                }
                None
            }
            Some(_) if scalar.meaning == Meaning::Text => Some("remove the quotes"),
            None if scalar.meaning == Meaning::Integer => Some("write it in plain decimal digits"),
            _ => None,
        };
        refuse(node, errors, &expected, help)
    }
}

/// `-?(0|[1-9][0-9]*)`: what both versions of YAML, and JSON, take for the same number.
fn decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
    if canonical { text.parse().ok() } else { None }
}

impl<G: Grammar> Read for Parsed<G> {
    type Value = G::Value;

    fn shape() -> Shape {
        G::shape()
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<G::Value> {
        let Some(scalar) = node.scalar().filter(|scalar| G::accepts(scalar.meaning)) else {
            return refuse(node, errors, G::WHAT, how_to_quote(node).as_deref());
        };
        match G::parse(&without_nul(&scalar.text, node, errors)?) {
            Ok(value) => Some(value),
            Err(misfit) => {
                errors.push(node.span, misfit.message, misfit.help);
                None
            }
        }
    }
}

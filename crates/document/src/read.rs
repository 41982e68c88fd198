//! Readers: each says what shape a value has, and reads values of that shape; so schema and reader are one thing.

mod choice;
mod collections;
mod scalars;

use crate::{Errors, Node, Shape, Spanned};

pub use choice::{Choice, Choices};
pub use collections::{List, Map};
pub use scalars::{Flag, Grammar, Integer, Misfit, Parsed, ReadKey, Text, Word};

/// A kind of value. The type is only a name; what is read is a [`Read::Value`].
pub trait Read {
    /// What comes out.
    type Value;

    /// What such a value may look like.
    fn shape() -> Shape;

    /// The value, or `None` after at least one error was recorded.
    fn read(node: &Node, errors: &mut Errors) -> Option<Self::Value>;

    /// The value with its place.
    fn read_spanned(node: &Node, errors: &mut Errors) -> Option<Spanned<Self::Value>> {
        let place = errors.place(node.span);
        Self::read(node, errors).map(|value| Spanned { value, place })
    }
}

/// Records that a value is of another kind than `expected` ("a list of ports").
pub fn refuse<T>(node: &Node, errors: &mut Errors, expected: &str, help: Option<&str>) -> Option<T> {
    let message = format!("expected {expected}, found {}", node.described());
    errors.push(node.span, message, help.map(str::to_owned));
    None
}

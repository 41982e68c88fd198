//! YAML text as a tree whose every value knows its place, and readers that report all errors at once; and YAML printed.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod diagnostic;
mod errors;
mod json;
mod limits;
mod mapping;
mod meaning;
mod node;
mod quote;
mod read;
mod shape;
mod source;
mod tree;
mod yaml;

pub use diagnostic::{Diagnostic, Span};
pub use errors::{Errors, Place, Spanned};
pub use limits::{Limits, MAX_DIAGNOSTICS};
pub use mapping::{KeySpec, Keys, mapping_shape};
pub use meaning::Meaning;
pub use node::{Entry, Key, Node, Scalar, Value};
pub use quote::{did_you_mean, quoted};
pub use read::{
    Choice, Choices, Flag, Grammar, Integer, List, Map, Misfit, Parsed, Read, ReadKey, Text, Word, refuse,
};
pub use shape::Shape;
pub use source::utf8;
pub use tree::{parse, parse_tagged};
pub use yaml::Yaml;

/// What the [`mapping!`] macro needs from elsewhere, so that its users need not depend on it.
#[doc(hidden)]
pub mod macro_support {
    pub use crate::mapping::doc_text;
}

//! One find: which rule, where, and what may be shown of it.

use std::fmt;

/// A secret in clear, or what looks like one.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule, as it is called in the baseline.
    pub rule: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1: where the value begins.
    pub column: usize,
    /// The name under which the value stands, where there is one that says nothing about the value.
    pub key: Option<String>,
    /// What was found. Never shown; kept for the baseline's fingerprint.
    value: Vec<u8>,
}

/// What stands in place of a value, whatever its length.
const HIDDEN: &str = "********";

impl Finding {
    pub(crate) fn new(rule: &str, place: (usize, usize), key: Option<String>, value: &[u8]) -> Self {
        Self { rule: rule.to_owned(), line: place.0, column: place.1, key, value: value.to_vec() }
    }

    /// What may be shown: the key, and that there is a value. Nothing else of the line, which may hold other secrets.
    pub fn excerpt(&self) -> String {
        match &self.key {
            Some(key) => format!("{key} = {HIDDEN}"),
            None => HIDDEN.to_owned(),
        }
    }

    pub(crate) fn value(&self) -> &[u8] {
        &self.value
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finding({} at {}:{}, {})", self.rule, self.line, self.column, self.excerpt())
    }
}

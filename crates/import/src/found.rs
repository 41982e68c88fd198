//! What was found in a file: clear values with the names that they had, and what was left out.

use std::fmt;
use zeroize::Zeroizing;

/// A value in clear. It is wiped when it is dropped, and shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ClearValue(Zeroizing<Vec<u8>>);

/// A value with the name that it has in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Keys from the outermost to the value's own: `["db", "password"]`. A list's items are counted from 0.
    pub path: Vec<String>,
    /// Its line, from 1; 0 where lines mean nothing.
    pub line: usize,
    /// The value.
    pub value: ClearValue,
    /// What the person should know of it.
    pub remark: Option<Remark>,
}

/// What the person should know of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// It has `$NAME` or `${NAME}`, which other programs replace; here it stays as it is written.
    Interpolation,
}

/// A place in a file of which nothing is taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// As in [`Found`].
    pub path: Vec<String>,
    /// Why.
    pub why: WhyLeftOut,
}

/// Why nothing is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// There is no value, or an empty one.
    Empty,
    /// It stands in clear among encrypted ones: so it is no secret, or was added by somebody without the key.
    InClear,
    /// In a directory: a link, a directory, or hidden.
    NoFile,
}

/// All of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// In the order of the file.
    pub secrets: Vec<Found>,
    /// In the order of the file.
    pub left_out: Vec<LeftOut>,
}

impl ClearValue {
    /// Takes the bytes.
    pub fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn of_text(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }

    /// The bytes, for whoever seals them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for ClearValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearValue(..)")
    }
}

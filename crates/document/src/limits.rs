//! How much of a document is read at all. Every bound is checked before the work that it bounds.

/// Errors that are kept; what comes after them is only counted.
pub const MAX_DIAGNOSTICS: usize = 100;

/// The bounds of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text; a longer text is refused before any of it is parsed.
    pub bytes: usize,
    /// Levels of nesting, aliases expanded.
    pub depth: usize,
    /// Values and keys in the tree, aliases expanded.
    pub nodes: usize,
    /// Bytes of all scalars in the tree, aliases expanded.
    pub scalar_bytes: usize,
}

impl Limits {
    /// What a file that a person wrote stays far below.
    pub const FILE: Self = Self { bytes: 1 << 20, depth: 64, nodes: 1 << 16, scalar_bytes: 4 << 20 };
}

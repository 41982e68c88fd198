//! What is wrong with a document, as data: the binary decides how (and whether) to show it.

/// A piece of the text, in bytes, and where it begins for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte; at least `start`.
    pub end: usize,
    /// First line is 1.
    pub line: usize,
    /// First column is 1; counted in characters.
    pub column: usize,
}

/// One error. A document has as many as it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// Where in the tree, such as `containers.web.image`; empty when the text is not YAML at all.
    pub path: String,
    /// What is wrong. Quotes nothing of the text but keys and short scalars, in backticks.
    pub message: String,
    /// What is allowed, or what was probably meant.
    pub help: Option<String>,
}

impl Diagnostic {
    /// The error without anything that the text itself says: for a caller who may not read the file.
    pub fn without_content(&self) -> String {
        format!("line {}, column {}: something is not allowed here", self.span.line, self.span.column)
    }
}

//! All errors of one document, each with its place in the text and in the tree.

use crate::limits::MAX_DIAGNOSTICS;
use crate::quote::{harmless, shortened};
use crate::{Diagnostic, Span};

/// The errors so far, and where in the tree the reader is.
#[derive(Debug, Default)]
pub struct Errors {
    list: Vec<Diagnostic>,
    uncounted: usize,
    path: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    text: String,
    span: Span,
}

/// Where a value stands, for errors that are found after reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In the text.
    pub span: Span,
    /// In the tree, such as `containers.web.image`.
    pub path: String,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

impl Errors {
    /// No errors yet, at the root of the tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing was wrong so far.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether further errors would only be counted.
    pub fn is_full(&self) -> bool {
        self.list.len() >= MAX_DIAGNOSTICS
    }

    /// Records an error at `span`, in the part of the tree that is being read.
    pub fn push(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        self.push_at(&self.place(span), message, help);
    }

    /// Records an error at a place met earlier.
    pub fn push_at(&mut self, place: &Place, message: impl Into<String>, help: Option<String>) {
        if self.is_full() {
            self.uncounted = self.uncounted.saturating_add(1);
            return;
        }
        self.list.push(Diagnostic {
            span: place.span,
            path: place.path.clone(),
            message: harmless(&message.into()),
            help: help.map(|help| harmless(&help)),
        });
    }

    /// Reads below the key `key`, written at `span`.
    pub fn under_key<R>(&mut self, key: &str, span: Span, read: impl FnOnce(&mut Self) -> R) -> R {
        let plain =
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        let text = if plain { shortened(key) } else { format!("\"{}\"", shortened(key)) };
        let dot = if self.path.is_empty() { "" } else { "." };
        self.under(Step { text: format!("{dot}{text}"), span }, read)
    }

    /// Reads the item number `index` (from 0) of a list.
    pub fn under_index<R>(&mut self, index: usize, span: Span, read: impl FnOnce(&mut Self) -> R) -> R {
        self.under(Step { text: format!("[{index}]"), span }, read)
    }

    fn under<R>(&mut self, step: Step, read: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        result
    }

    /// The part of the tree that is being read, with `span` as its place in the text.
    pub fn place(&self, span: Span) -> Place {
        Place { span, path: self.path.iter().map(|step| step.text.as_str()).collect() }
    }

    /// Where the part that is being read was announced: its key, or its first character in a list.
    pub fn owner(&self) -> Option<Span> {
        self.path.last().map(|step| step.span)
    }

    /// The value when nothing was wrong; otherwise every error, in the order of the text.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        self.list.sort_by_key(|error| error.span.start);
        match (value, self.list.last()) {
            (Some(value), None) => Ok(value),
            (None, None) => Err(vec![Diagnostic {
                span: Span { start: 0, end: 0, line: 1, column: 1 },
                path: String::new(),
                message: "the document cannot be read".to_owned(),
                help: None,
            }]),
            (_, Some(last)) => {
                if self.uncounted > 0 {
                    let more = Diagnostic {
                        span: last.span,
                        path: String::new(),
                        message: format!("{} more errors are not shown", self.uncounted),
                        help: Some("correct these first".to_owned()),
                    };
                    self.list.push(more);
                }
                Err(self.list)
            }
        }
    }
}

impl<T> Spanned<T> {
    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), place: self.place }
    }
}

impl Place {
    /// The line, for errors that point at two places.
    pub fn line(&self) -> usize {
        self.span.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Span = Span { start: 3, end: 4, line: 1, column: 4 };

    #[test]
    fn errors_know_their_path() {
        let mut errors = Errors::new();
        errors.under_key("containers", HERE, |errors| {
            errors.under_key("a b", HERE, |errors| {
                errors.under_index(2, HERE, |errors| errors.push(HERE, "wrong", None));
            });
        });
        let expected = Diagnostic {
            span: HERE,
            path: "containers.\"a b\"[2]".into(),
            message: "wrong".into(),
            help: None,
        };
        assert_eq!(errors.finish(Some(())), Err(vec![expected]));
    }

    #[test]
    fn errors_beyond_the_bound_are_counted_and_not_kept() {
        let mut errors = Errors::new();
        for _ in 0..1_000_000 {
            errors.push(HERE, "wrong", None);
        }
        let list = errors.finish(Some(())).unwrap_err();
        assert_eq!(list.len(), MAX_DIAGNOSTICS + 1);
        assert_eq!(list.last().map(|last| last.message.as_str()), Some("999900 more errors are not shown"));
    }
}

//! The text itself: what is refused before any parsing, and where a character stands.

use crate::{Diagnostic, Limits, Span};
use saphyr_parser::Marker;

/// Characters between two remembered byte offsets.
const STRIDE: usize = 64;

/// A text that passed the checks, with what is needed to turn the parser's character counts into bytes.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    text: &'a str,
    /// The byte at which every `STRIDE`th character begins.
    offsets: Vec<usize>,
}

/// Bytes as text, when they are text.
pub fn utf8(bytes: &[u8]) -> Result<&str, Diagnostic> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok());
        let span = end_of(good.unwrap_or_default(), 1);
        refusal(span, "the file is not UTF-8 text".to_owned(), "save it as UTF-8")
    })
}

impl<'a> Source<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Result<Self, Diagnostic> {
        if text.len() > limits.bytes {
            let start = Span { start: 0, end: 0, line: 1, column: 1 };
            let message = format!("the file has {} bytes, and at most {} are read", text.len(), limits.bytes);
            return Err(refusal(start, message, "split it, or move large values into files"));
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_printable(*c)) {
            let span = end_of(text.get(..at).unwrap_or_default(), c.len_utf8());
            let message = format!("the character U+{:04X} is not allowed in a text file", u32::from(c));
            return Err(refusal(
                span,
                message,
                "in double quotes it can be written as an escape, such as `\\x1b`",
            ));
        }
        let offsets = text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect();
        Ok(Self { text, offsets })
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The place from one of the parser's marks to another.
    pub(crate) fn span(&self, from: Marker, to: Marker) -> Span {
        let start = self.byte(from.index());
        let end = self.byte(to.index()).max(start);
        let written = self.text.get(start..end).unwrap_or_default();
        Span { start, end: start + written.trim_end().len(), line: from.line(), column: from.col() + 1 }
    }

    /// The span, or, when it is empty, the word that begins there: something to underline.
    pub(crate) fn at_least_a_word(&self, span: Span) -> Span {
        if span.start < span.end {
            return span;
        }
        let rest = self.text.get(span.start..).unwrap_or_default();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Span { end: span.start + end, ..span }
    }

    fn byte(&self, character: usize) -> usize {
        let Some(base) = self.offsets.get(character / STRIDE).copied() else { return self.text.len() };
        let rest = self.text.get(base..).unwrap_or_default();
        rest.char_indices().nth(character % STRIDE).map_or(self.text.len(), |(at, _)| base + at)
    }
}

fn refusal(span: Span, message: String, help: &str) -> Diagnostic {
    Diagnostic { span, path: String::new(), message, help: Some(help.to_owned()) }
}

/// The place just after `before`, `length` bytes long.
fn end_of(before: &str, length: usize) -> Span {
    let line = 1 + before.bytes().filter(|b| *b == b'\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    Span { start: before.len(), end: before.len() + length, line, column }
}

/// `c-printable` of YAML 1.2, without the separators U+0085, U+2028 and U+2029: 1.1 takes them for line breaks, 1.2
/// does not, and nobody sees them.
fn is_printable(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_refused_with_its_place() {
        let error = utf8(b"a: b\nc: \xff").unwrap_err();
        assert_eq!((error.span.line, error.span.column), (2, 4));
        let error = Source::new("a: \u{e9}\0", &Limits::FILE).unwrap_err();
        assert_eq!(error.message, "the character U+0000 is not allowed in a text file");
        assert_eq!((error.span.start, error.span.line, error.span.column), (5, 1, 5));
        assert!(Source::new("a\u{2028}b", &Limits::FILE).is_err());
        let small = Limits { bytes: 3, ..Limits::FILE };
        assert!(Source::new("abc", &small).is_ok());
        assert_eq!(
            Source::new("abcd", &small).unwrap_err().message,
            "the file has 4 bytes, and at most 3 are read"
        );
    }

    #[test]
    fn characters_are_found_again_as_bytes() {
        let text = "\u{e9}".repeat(1000);
        let source = Source::new(&text, &Limits::FILE).unwrap();
        for character in [0, 1, 63, 64, 65, 999] {
            assert_eq!(source.byte(character), 2 * character);
        }
        assert_eq!(source.byte(1000), 2000);
        assert_eq!(source.byte(5000), 2000);
    }
}

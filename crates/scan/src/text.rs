//! Bytes as text: what is no text is told apart, other encodings are brought to UTF-8, offsets become lines and columns.

use std::borrow::Cow;

/// How much is looked at to tell text from other things, as git does it.
const HEAD: usize = 8000;

/// The text of a file in an encoding whose ASCII is ASCII, or `None` for what is no text.
pub(crate) fn decoded(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Some(Cow::Owned(utf16(rest, u16::from_le_bytes))),
        [0xfe, 0xff, rest @ ..] => Some(Cow::Owned(utf16(rest, u16::from_be_bytes))),
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(Cow::Borrowed(rest)),
        _ if bytes.iter().take(HEAD).any(|byte| *byte == 0) => None,
        _ => Some(Cow::Borrowed(bytes)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.into_bytes()
}

/// Where lines begin.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a [u8]) -> Self {
        let after = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line, from 0, in which an offset lies.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Line and column, from 1. Columns are characters; of very long lines they are counted from where counting is affordable.
    pub(crate) fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.line_of(offset);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = if before.len() > HEAD {
            before.len()
        } else {
            before.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
        };
        (line + 1, column + 1)
    }

    /// A line's bytes, from 0, without what ends it.
    pub(crate) fn line(&self, line: usize) -> &'a [u8] {
        let Some(start) = self.starts.get(line).copied() else { return &[] };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end).unwrap_or_default().trim_ascii_end()
    }

    /// Where a line ends, for an offset within it: before its newline.
    pub(crate) fn end_of(&self, offset: usize) -> usize {
        self.starts.get(self.line_of(offset) + 1).map_or(self.text.len(), |next| next - 1)
    }

    /// Where a line begins, for an offset within it.
    pub(crate) fn start_of(&self, offset: usize) -> usize {
        self.starts.get(self.line_of(offset)).copied().unwrap_or_default()
    }
}

/// Whether a text contains another.
pub(crate) fn contains(text: &[u8], wanted: &[u8]) -> bool {
    wanted.len() <= text.len() && text.windows(wanted.len().max(1)).any(|window| window == wanted)
}

//! `.env` files, as Docker Compose and its like read them, but for one thing: no variable is replaced.
//!
//! `NAME=value`, with `export` before it or not. Without quotes a value ends before ` #` or at the line's end; in single
//! quotes it is taken as it is; in double quotes `\n`, `\r`, `\t`, `\"`, `\\` and `\$` are what they stand for. In quotes
//! it may have many lines.

use crate::error::Position;
use crate::found::{ClearValue, Found, Imported, LeftOut, Remark, WhyLeftOut};
use crate::{ImportError, MAX_SECRETS, MAX_VALUE_BYTES};
use std::collections::HashMap;
use zeroize::Zeroizing;

pub(crate) fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ImportError::NotText(Position::default()))?;
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let mut imported = Imported::default();
    let mut seen = HashMap::new();
    while let Some(start) = reader.begin_line() {
        let name = reader.name(start)?;
        let place = Position::of(name, start);
        if let Some(first) = seen.insert(name, start) {
            return Err(ImportError::Twice { second: place, first });
        }
        let path = vec![name.to_owned()];
        let value = reader.value(&place)?;
        if value.text.is_empty() {
            imported.left_out.push(LeftOut { path, why: WhyLeftOut::Empty });
            continue;
        }
        if value.text.len() > MAX_VALUE_BYTES {
            return Err(ImportError::ValueTooLarge(place));
        }
        if imported.secrets.len() >= MAX_SECRETS {
            return Err(ImportError::TooMany);
        }
        let remark = value.has_variable.then_some(Remark::Interpolation);
        let value = ClearValue::of_text(&value.text);
        imported.secrets.push(Found { path, line: start, value, remark });
    }
    Ok(imported)
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

struct RawValue {
    text: Zeroizing<String>,
    /// Where other programs would replace something.
    has_variable: bool,
}

impl<'a> Reader<'a> {
    /// Goes to the next line with a name; gives its number.
    fn begin_line(&mut self) -> Option<usize> {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with(['#', '\n']) {
                return Some(self.line);
            }
            self.skip_line();
        }
    }

    fn skip_line(&mut self) {
        self.rest = self.rest.split_once('\n').map_or("", |(_, after)| after);
        self.line += 1;
    }

    fn name(&mut self, line: usize) -> Result<&'a str, ImportError> {
        if let Some(after) = self.rest.strip_prefix("export").filter(|after| after.starts_with([' ', '\t'])) {
            self.rest = after.trim_start_matches([' ', '\t']);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            let what = "a name is letters, digits, `_`, `.` and `-`, and begins with a letter or `_`";
            return Err(ImportError::NotDotenv { place: Position::line(line), what });
        }
        self.rest = after.trim_start_matches([' ', '\t']);
        Ok(name)
    }

    /// What follows a name, to the end of its last line.
    fn value(&mut self, place: &Position) -> Result<RawValue, ImportError> {
        let Some(after) = self.rest.strip_prefix('=') else {
            // What looks like a name may be a line of a value that lacks its quotes, and is not shown.
            let what = "neither `NAME=value` nor a comment";
            return Err(ImportError::NotDotenv { place: Position::line(place.line), what });
        };
        self.rest = after.trim_start_matches([' ', '\t']);
        if let Some(after) = self.rest.strip_prefix('\'') {
            self.rest = after;
            return self.in_single_quotes(place);
        }
        if let Some(after) = self.rest.strip_prefix('"') {
            self.rest = after;
            return self.in_double_quotes(place);
        }
        Ok(self.without_quotes(after))
    }

    /// `written` begins right after the `=`: a `#` there belongs to the value, after a space it does not.
    fn without_quotes(&mut self, written: &str) -> RawValue {
        let line = written.split('\n').next().unwrap_or_default();
        let mut before = '\0';
        let comment = line.char_indices().find(|(_, c)| {
            let begins = *c == '#' && matches!(before, ' ' | '\t');
            before = *c;
            begins
        });
        let value = comment.and_then(|(at, _)| line.get(..at)).unwrap_or(line);
        let text = Zeroizing::new(value.trim().to_owned());
        self.skip_line();
        RawValue { has_variable: has_variable(&text), text }
    }

    fn in_single_quotes(&mut self, place: &Position) -> Result<RawValue, ImportError> {
        let Some((value, after)) = self.rest.split_once('\'') else { return Err(unclosed(place)) };
        let text = Zeroizing::new(value.replace("\r\n", "\n"));
        self.pass(value, after);
        self.end_line(place, "something follows the closing quote")?;
        Ok(RawValue { text, has_variable: false })
    }

    fn in_double_quotes(&mut self, place: &Position) -> Result<RawValue, ImportError> {
        let mut text = Zeroizing::new(String::with_capacity(64));
        let mut has_variable = false;
        let mut characters = self.rest.char_indices();
        let end = loop {
            let Some((at, c)) = characters.next() else { return Err(unclosed(place)) };
            match c {
                '"' => break at,
                '\\' => match characters.next() {
                    None => return Err(unclosed(place)),
                    Some((_, escaped)) => push_escaped(&mut text, escaped),
                },
                '\r' if self.rest.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) => {}
                c => {
                    has_variable |=
                        c == '$' && characters.clone().next().is_some_and(|(_, c)| begins_variable(c));
                    text.push(c);
                }
            }
        };
        let (value, after) = self.rest.split_at_checked(end).unwrap_or_default();
        self.pass(value, after.get(1..).unwrap_or_default());
        self.end_line(place, "something follows the closing quote")?;
        Ok(RawValue { text, has_variable })
    }

    fn pass(&mut self, value: &str, after: &'a str) {
        self.line += value.matches('\n').count();
        self.rest = after;
    }

    /// Nothing but a comment is left in the line.
    fn end_line(&mut self, place: &Position, what: &'static str) -> Result<(), ImportError> {
        let line = self.rest.split('\n').next().unwrap_or_default().trim();
        if !line.is_empty() && !line.starts_with('#') {
            return Err(ImportError::NotDotenv { place: place.clone(), what });
        }
        self.skip_line();
        Ok(())
    }
}

/// What no program knows stays as it is written.
fn push_escaped(text: &mut String, escaped: char) {
    match escaped {
        'n' => text.push('\n'),
        'r' => text.push('\r'),
        't' => text.push('\t'),
        '"' | '\\' | '$' => text.push(escaped),
        other => {
            text.push('\\');
            text.push(other);
        }
    }
}

fn begins_variable(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '{')
}

fn has_variable(text: &str) -> bool {
    text.split('$').skip(1).any(|after| after.starts_with(begins_variable))
}

fn unclosed(place: &Position) -> ImportError {
    ImportError::NotDotenv { place: place.clone(), what: "its quote is not closed" }
}

#[cfg(test)]
mod tests;

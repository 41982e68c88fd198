//! The literal that is given to a name, in the many ways in which that is written.

use crate::kind::Kind;
use crate::text::Lines;
use std::ops::Range;

/// A value as it is written.
pub(crate) struct Literal {
    pub(crate) range: Range<usize>,
    pub(crate) is_quoted: bool,
    /// In an assignment of a shell, or an option of a command.
    pub(crate) is_shell: bool,
}

/// A longer value is none that anybody would type.
const MOST: usize = 1024;

/// What is given to the name that stands here.
pub(crate) fn after(
    kind: Kind,
    path: &str,
    text: &[u8],
    lines: &Lines<'_>,
    key: &Range<usize>,
) -> Option<Literal> {
    let end = lines.end_of(key.end).min(key.end + MOST);
    let mut cursor = Cursor { text, at: key.end, end };
    let was_quoted = cursor.skip(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\')) > 0;
    let opened_by = key.start.checked_sub(1).and_then(|at| text.get(at)).copied();
    if let Some(pair) = paired(text, lines, key, &cursor) {
        return pair;
    }
    let is_option = text.get(key.start..key.end)?.starts_with(b"--");
    let spaces = cursor.skip(is_blank);
    match cursor.peek()? {
        b'>' if opened_by == Some(b'<') => {
            cursor.at += 1;
            return cursor.until(|byte| byte == b'<', Some(true));
        }
        b':' | b'=' | b'?' | b'+' | b'|' | b'!' => {
            if !cursor.operator() {
                return None;
            }
        }
        b',' | b'(' if was_quoted || cursor.peek() == Some(b'(') => {
            cursor.at += 1;
            cursor.skip(is_blank);
            return matches!(cursor.peek()?, b'"' | b'\'').then(|| cursor.quoted()).flatten();
        }
        _ if spaces > 0 && (is_option || is_spaced(path, text, lines, key)) => {
            let quoted = matches!(cursor.peek()?, b'"' | b'\'');
            let read =
                if quoted { cursor.quoted() } else { cursor.until(|byte| byte.is_ascii_whitespace(), None) };
            return read.map(|literal| Literal { is_shell: true, ..literal });
        }
        _ => return None,
    }
    cursor.skip(is_blank);
    let is_shell = is_option || is_environment(text, lines, key);
    let read = cursor.value(kind, lines)?;
    Some(Literal { is_shell: is_shell || read.is_shell, ..read })
}

/// `name: KEY` and `value: …` on the next line, or `"name": "KEY", "value": "…"`.
#[allow(clippy::option_option, reason = "whether it is a pair, and whether that has a value")]
fn paired(
    text: &[u8],
    lines: &Lines<'_>,
    key: &Range<usize>,
    cursor: &Cursor<'_>,
) -> Option<Option<Literal>> {
    let before = text.get(lines.start_of(key.start)..key.start)?.trim_ascii_end();
    let before = before.strip_suffix(b"\"").or(before.strip_suffix(b"'")).unwrap_or(before).trim_ascii_end();
    let before = before.strip_suffix(b":").or(before.strip_suffix(b"="))?;
    let before = before.strip_suffix(b"\"").unwrap_or(before);
    let is_name = [b"name".as_slice(), b"key", b"Name", b"Key"].iter().any(|word| before.ends_with(word));
    if !is_name {
        return None;
    }
    let mut cursor = Cursor { text, at: cursor.at, end: text.len().min(cursor.at + MOST) };
    cursor.skip(|byte| matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\''));
    let rest = text.get(cursor.at..cursor.end)?;
    if !rest.get(..5)?.eq_ignore_ascii_case(b"value") {
        return None;
    }
    cursor.at += 5;
    cursor.end = lines.end_of(cursor.at).max(cursor.at);
    cursor.skip(|byte| matches!(byte, b'"' | b'\''));
    cursor.skip(is_blank);
    if !cursor.operator() {
        return Some(None);
    }
    cursor.skip(is_blank);
    Some(cursor.value(Kind::Config, lines))
}

/// Files and lines in which a name and its value stand side by side.
fn is_spaced(path: &str, text: &[u8], lines: &Lines<'_>, key: &Range<usize>) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let line = text.get(lines.start_of(key.start)..key.start).unwrap_or_default().trim_ascii();
    name.contains("netrc")
        || name == ".authinfo"
        || (name.contains("dockerfile") && (line == b"ENV" || line == b"ARG"))
        || (name.rsplit('.').next() == Some("conf") && line.is_empty())
}

/// `KEY=value` at a line's beginning, or after words of a shell, a list's mark, or an option that sets a variable.
fn is_environment(text: &[u8], lines: &Lines<'_>, key: &Range<usize>) -> bool {
    let before = text.get(lines.start_of(key.start)..key.start).unwrap_or_default().trim_ascii();
    let last = before.rsplit(|byte| is_blank(*byte)).next().unwrap_or_default();
    let is_assigned = text.get(key.end) == Some(&b'=');
    let name = text.get(key.clone()).unwrap_or_default();
    let is_variable =
        name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    is_assigned
        && is_variable
        && matches!(
            last,
            b"" | b"export"
                | b"-"
                | b"-e"
                | b"--env"
                | b"ENV"
                | b"ARG"
                | b"set"
                | b"env"
                | b"$"
                | b"Environment="
        )
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        if self.at < self.end { self.text.get(self.at).copied() } else { None }
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> usize {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.at - start
    }

    /// `=`, `:`, `:=`, `=>`, `?=`, `+=`, `||=`, and comparisons, which tell a value as well.
    fn operator(&mut self) -> bool {
        let start = self.at;
        let count = self.skip(|byte| matches!(byte, b'=' | b':' | b'?' | b'+' | b'|' | b'!' | b'>'));
        let signs = self.text.get(start..self.at).unwrap_or_default();
        count <= 3 && (signs.contains(&b'=') || signs == b":")
    }

    fn value(&mut self, kind: Kind, lines: &Lines<'_>) -> Option<Literal> {
        self.skip(|byte| byte == b'\\');
        // Prefixes of strings: b"…", r"…", f"…", @"…", L"…".
        if matches!(self.peek(), Some(b'b' | b'r' | b'u' | b'f' | b'@' | b'L' | b'B' | b'R'))
            && matches!(self.text.get(self.at + 1), Some(b'"' | b'\''))
        {
            self.at += 1;
        }
        match self.peek() {
            Some(b'"' | b'\'' | b'`') => self.quoted(),
            Some(b'|' | b'>') if kind.has_bare_values() => self.block(lines),
            Some(_) => self.bare(kind),
            None => None,
        }
    }

    fn quoted(&mut self) -> Option<Literal> {
        let quote = self.peek()?;
        let escaped = self.text.get(self.at.checked_sub(1)?) == Some(&b'\\');
        self.at += 1;
        let start = self.at;
        let mut is_escape = false;
        while let Some(byte) = self.peek() {
            if byte == quote && (!is_escape || escaped) {
                let end = if escaped && is_escape { self.at - 1 } else { self.at };
                return (end > start).then_some(Literal {
                    range: start..end,
                    is_quoted: true,
                    is_shell: false,
                });
            }
            is_escape = byte == b'\\' && !is_escape;
            self.at += 1;
        }
        None
    }

    /// The first line of a block of YAML.
    fn block(&mut self, lines: &Lines<'_>) -> Option<Literal> {
        let next = lines.line_of(self.at) + 1;
        let text = lines.line(next);
        let indent = text.iter().take_while(|byte| is_blank(**byte)).count();
        let start = lines.end_of(self.at) + 1 + indent;
        let length = text.len().checked_sub(indent)?;
        (length > 0 && indent > 0).then_some(Literal {
            range: start..start + length,
            is_quoted: true,
            is_shell: false,
        })
    }

    fn bare(&mut self, kind: Kind) -> Option<Literal> {
        if kind.has_bare_values() {
            let rest = self.text.get(self.at..self.end)?;
            let comment = rest.windows(2).position(|pair| matches!(pair, [b' ' | b'\t', b'#']));
            let rest = rest.get(..comment.unwrap_or(rest.len()))?.trim_ascii_end();
            let rest = rest.strip_suffix(b",").unwrap_or(rest);
            // Within `{a: b, c: d}` and `["A=b", "C=d"]` a value ends sooner.
            let line_is_flow = rest.iter().any(|byte| matches!(byte, b'}' | b']' | b'"' | b'\''));
            let length = if line_is_flow {
                rest.iter()
                    .position(|byte| matches!(byte, b'}' | b']' | b'"' | b'\'' | b',' | b' '))
                    .unwrap_or(rest.len())
            } else {
                rest.len()
            };
            return (length > 0).then_some(Literal {
                range: self.at..self.at + length,
                is_quoted: false,
                is_shell: false,
            });
        }
        let start = self.at;
        let read = self.until(
            |byte| {
                byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b';' | b',' | b')' | b'<')
            },
            None,
        )?;
        // `password: str = "…"`, `let token: &str = "…"`: what stood there was a type.
        self.skip(is_blank);
        if self.peek() == Some(b'=')
            && self.text.get(start..self.at).is_some_and(|word| !word.contains(&b'='))
            && self.operator()
        {
            self.skip(is_blank);
            if matches!(self.peek(), Some(b'"' | b'\'')) {
                return self.quoted();
            }
        }
        Some(read)
    }

    fn until(&mut self, is_end: impl Fn(u8) -> bool, quoted: Option<bool>) -> Option<Literal> {
        let start = self.at;
        self.skip(|byte| !is_end(byte));
        let is_quoted = quoted.unwrap_or_default();
        (self.at > start).then_some(Literal { range: start..self.at, is_quoted, is_shell: false })
    }
}

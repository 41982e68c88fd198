//! A little YAML, written so that every reader of it agrees: texts that could be taken for something else are quoted.

use std::fmt::{self, Display, Write};

/// What is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Yaml {
    /// A text; quoted when it needs to be.
    Text(String),
    /// A number or truth value.
    Bare(String),
    /// Items, each on its lines.
    List(Vec<Yaml>),
    /// Entries in this order.
    Map(Vec<(String, Yaml)>),
}

/// A longer key needs YAML's `? ` form (its 7.4.2).
const LONGEST_SIMPLE_KEY: usize = 1000;

impl Yaml {
    /// A text.
    pub fn text<T: Display + ?Sized>(value: &T) -> Self {
        Self::Text(value.to_string())
    }

    /// A number or truth value.
    pub fn bare(value: impl Display) -> Self {
        Self::Bare(value.to_string())
    }

    /// Whether it is a list without items, or a mapping without entries.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(_) | Self::Bare(_) => false,
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }

    /// Writes what stands after `key:` or `-`, up to and including the end of its last line.
    fn write_below(&self, f: &mut fmt::Formatter<'_>, indent: usize, after_dash: bool) -> fmt::Result {
        match self {
            Self::Text(text) => writeln!(f, " {}", scalar(text)),
            Self::Bare(text) => writeln!(f, " {text}"),
            Self::List(items) if items.is_empty() => f.write_str(" []\n"),
            Self::Map(entries) if entries.is_empty() => f.write_str(" {}\n"),
            _ if after_dash => {
                f.write_char(' ')?;
                self.write_lines(f, indent, true)
            }
            _ => {
                f.write_char('\n')?;
                self.write_lines(f, indent, false)
            }
        }
    }

    /// Writes a list or mapping at `indent`; `begun` when the first line's indentation is there already.
    fn write_lines(&self, f: &mut fmt::Formatter<'_>, indent: usize, begun: bool) -> fmt::Result {
        let mut margin = if begun { 0 } else { indent };
        match self {
            Self::Text(_) | Self::Bare(_) => return self.write_below(f, indent, false),
            Self::List(items) => {
                for item in items {
                    write!(f, "{:margin$}-", "")?;
                    item.write_below(f, indent + 2, true)?;
                    margin = indent;
                }
            }
            Self::Map(entries) => {
                for (key, value) in entries {
                    let key = scalar(key);
                    if key.len() > LONGEST_SIMPLE_KEY {
                        writeln!(f, "{:margin$}? {key}", "")?;
                        write!(f, "{:indent$}:", "")?;
                    } else {
                        write!(f, "{:margin$}{key}:", "")?;
                    }
                    value.write_below(f, indent + 2, false)?;
                    margin = indent;
                }
            }
        }
        Ok(())
    }
}

impl Display for Yaml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_lines(f, 0, false)
    }
}

/// Without quotes only what no version of YAML takes for anything but a text.
fn scalar(text: &str) -> String {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'/');
    let rest = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/'));
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null"
    );
    if first && rest && !is_word && text.len() <= 200 { text.to_owned() } else { double_quoted(text) }
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            ' '..='~' | '\u{a1}'..='\u{2027}' | '\u{2030}'..='\u{d7ff}' => quoted.push(c),
            _ => push_escape(&mut quoted, u32::from(c)),
        }
    }
    quoted.push('"');
    quoted
}

fn push_escape(quoted: &mut String, code: u32) {
    let escape = match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    quoted.push_str(&escape);
}

//! Values of keys whose names say `secret`: `KEY=value`, `key: value`, `"key": "value"`, `--key value`, `<key>value</key>`,
//! `name: KEY` with `value:` after it.

mod key;
mod literal;

use crate::kind::{Kind, is_for_trying};
use crate::text::Lines;
use crate::value::{is_chosen, is_never_secret, is_placeholder, is_random};
use key::Weight;
use literal::Literal;
use std::ops::Range;

pub(crate) use key::KEYWORDS;
pub(crate) use key::is_shown;

/// A value that stands under a key.
pub(crate) struct Assigned {
    /// Which rule it is.
    pub(crate) rule: &'static str,
    pub(crate) key: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// The assignment whose key contains the keyword at `hit`, if its value is a secret in a file of this kind.
pub(crate) fn at(path: &str, kind: Kind, text: &[u8], lines: &Lines<'_>, hit: usize) -> Option<Assigned> {
    let line = lines.start_of(hit)..lines.end_of(hit);
    let key = key::around(text, &line, hit)?;
    let weight = key::weight(text.get(key.clone())?)?;
    let literal = literal::after(kind, path, text, lines, &key)?;
    let value = text.get(literal.range.clone())?;
    if weight == Weight::RegistryLogin {
        let found = is_login(value);
        return found.then_some(Assigned { rule: "registry-login", key, value: literal.range });
    }
    if is_never_secret(value) || is_placeholder(value) || says_its_key(value, text.get(key.clone())?) {
        return None;
    }
    let rule = judge(path, kind, weight, &literal, value)?;
    Some(Assigned { rule, key, value: literal.range })
}

/// How much a value must look like a secret depends on where it stands.
fn judge(path: &str, kind: Kind, weight: Weight, literal: &Literal, value: &[u8]) -> Option<&'static str> {
    let is_number =
        value.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b','));
    let in_use = kind == Kind::Deployment && !is_for_trying(path);
    let is_password = weight == Weight::Password;
    let few_spaces = value.split(|byte| *byte == b' ').count() - 1 <= if literal.is_quoted { 8 } else { 0 };
    if in_use && few_spaces && value.len() >= 6 && (is_password || !is_number) {
        return Some(if is_random(value) { "random-value" } else { "literal-value" });
    }
    if is_random(value) && (kind.has_bare_values() || literal.is_quoted || literal.is_shell) {
        return Some("random-value");
    }
    let trusts_chosen = kind != Kind::Prose && !is_for_trying(path);
    let stands_well = literal.is_quoted || literal.is_shell || kind.has_bare_values();
    (is_password && trusts_chosen && stands_well && is_chosen(value)).then_some("literal-value")
}

/// `password: password1`, `token = "token"`.
fn says_its_key(value: &[u8], key: &[u8]) -> bool {
    let plain = |bytes: &[u8]| -> Vec<u8> {
        bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect()
    };
    let (value, key) = (plain(value), plain(key));
    value.len() >= 3 && (key.ends_with(&value) || value == key)
}

/// `user:password` in base64, as docker's and npm's configuration have it.
fn is_login(value: &[u8]) -> bool {
    let Some(decoded) = base64(value) else { return false };
    let Some(colon) = decoded.iter().position(|byte| *byte == b':') else { return false };
    colon > 0 && decoded.len() > colon + 3 && decoded.iter().all(u8::is_ascii_graphic)
}

fn base64(value: &[u8]) -> Option<Vec<u8>> {
    let value = value.trim_ascii_end();
    let mut bits = 0_u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for byte in value.iter().filter(|byte| **byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    (value.len() >= 8).then_some(bytes)
}

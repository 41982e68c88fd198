//! What is sealed or meant to be seen, and looks random all the same: ciphertext, signatures, certificates, public keys.

use crate::text::Lines;
use std::ops::Range;

/// Stretches of a text in which nothing is found.
#[derive(Default)]
pub(crate) struct Masks(Vec<Range<usize>>);

/// How far an armoured block may reach; longer ones are masked to here.
const MOST_BLOCK: usize = 4 << 20;

impl Masks {
    /// `hits` are the offsets of `-----begin`, `$ansible_vault` and `enc[`, ascending.
    pub(crate) fn of(text: &[u8], lines: &Lines<'_>, hits: &[usize]) -> Self {
        let mut masks: Vec<Range<usize>> = Vec::new();
        for hit in hits {
            if masks.last().is_some_and(|last| last.contains(hit)) {
                continue;
            }
            let rest = text.get(*hit..).unwrap_or_default();
            if let Some(length) = sealed_length(rest, lines, *hit) {
                masks.push(*hit..hit + length);
            }
        }
        Self(masks)
    }

    /// Whether any of these bytes is masked.
    pub(crate) fn cover(&self, range: &Range<usize>) -> bool {
        let next = self.0.partition_point(|mask| mask.end <= range.start);
        self.0.get(next).is_some_and(|mask| mask.start < range.end)
    }
}

fn sealed_length(rest: &[u8], lines: &Lines<'_>, at: usize) -> Option<usize> {
    if rest.starts_with(b"-----") {
        return block_length(rest);
    }
    if rest.starts_with(b"$") {
        return Some(vault_length(rest, lines, at));
    }
    // SOPS and eyaml: one value, in brackets.
    let end = rest.iter().take(MOST_BLOCK).position(|byte| matches!(byte, b']' | b'\n'))?;
    Some(end + 1)
}

/// An armoured block that holds no private key, to its end line, or to the next one's beginning.
fn block_length(rest: &[u8]) -> Option<usize> {
    let head = rest.get(..rest.len().min(120))?;
    let head = head.split(|byte| matches!(byte, b'\n' | b'\r' | b'\\')).next().unwrap_or_default();
    if head.to_ascii_uppercase().windows(11).any(|window| window == b"PRIVATE KEY") {
        return None;
    }
    let body = rest.get(11..rest.len().min(MOST_BLOCK))?;
    let end = body.windows(8).position(|window| window == b"-----END")?;
    // Two beginnings before one end: the first was mentioned, not begun.
    if body.get(..end)?.windows(10).any(|window| window == b"-----BEGIN") {
        return None;
    }
    Some(11 + end + 8)
}

/// The head of Ansible Vault and the lines of hexadecimal digits after it.
fn vault_length(rest: &[u8], lines: &Lines<'_>, at: usize) -> usize {
    let mut line = lines.line_of(at) + 1;
    let mut length = lines.end_of(at) - at;
    loop {
        let text = lines.line(line).trim_ascii();
        let is_hex = !text.is_empty() && text.iter().all(u8::is_ascii_hexdigit);
        if !is_hex || length >= rest.len() {
            return length.min(rest.len());
        }
        length += lines.line(line).len() + 1;
        line += 1;
    }
}

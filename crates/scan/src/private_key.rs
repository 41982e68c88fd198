//! Private keys: PEM, OpenSSH, PGP, PuTTY, also within one line of JSON or an environment.

use std::ops::Range;

/// The beginning that is looked for.
pub(crate) const PEM: &[u8] = b"-----begin";
/// The same, of PuTTY's files.
pub(crate) const PUTTY: &[u8] = b"putty-user-key-file-";
/// Fewer characters of a body are an example.
const LEAST_BODY: usize = 40;
/// A body is looked at so far.
const MOST_BODY: usize = 4096;

/// A private key that begins here, if one does: the stretch from its head into its body.
pub(crate) fn at(text: &[u8], offset: usize) -> Option<Range<usize>> {
    let rest = text.get(offset..(offset + MOST_BODY).min(text.len()))?;
    if rest.get(..PUTTY.len())?.eq_ignore_ascii_case(PUTTY) {
        let lines = position(rest, b"Private-Lines:")?;
        let body = body_of(rest.get(lines + 14..)?);
        return (body.len() >= LEAST_BODY).then(|| offset..offset + rest.len());
    }
    let head_end = position(rest.get(11..200.min(rest.len()))?, b"-----")? + 11;
    let head = rest.get(11..head_end)?;
    if position(head, b"PRIVATE KEY").is_none() || head.contains(&b'\n') {
        return None;
    }
    let body = rest.get(head_end + 5..)?;
    // A head in quotes of its own is looked for by a program, as here.
    if matches!(body.first(), Some(b'"' | b'\'' | b'`' | b')')) {
        return None;
    }
    let body_end = position(body, b"-----").unwrap_or(body.len());
    let characters = body_of(body.get(..body_end)?);
    let is_body = characters.len() >= LEAST_BODY && kinds(&characters) >= 10;
    is_body.then(|| offset..offset + head_end + 5 + body_end)
}

/// Base64 of a body: without line ends, also written out as `\n`, and without the headers of old forms.
fn body_of(body: &[u8]) -> Vec<u8> {
    let mut characters = Vec::new();
    for line in body.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = line.trim_ascii();
        if line.contains(&b':') && !line.contains(&b'\\') {
            continue;
        }
        let mut escaped = false;
        for byte in line {
            let is_escape = std::mem::replace(&mut escaped, *byte == b'\\');
            if !is_escape && (byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) {
                characters.push(*byte);
            } else if matches!(byte, b'.' | b'<' | b'{' | b'$' | b'*') {
                // `...` and placeholders: somebody shows where a key would stand.
                return characters;
            }
        }
    }
    characters
}

/// How many different characters there are.
fn kinds(characters: &[u8]) -> usize {
    let mut seen = [false; 256];
    for byte in characters {
        if let Some(slot) = seen.get_mut(usize::from(*byte)) {
            *slot = true;
        }
    }
    seen.iter().filter(|slot| **slot).count()
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

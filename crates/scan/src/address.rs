//! Passwords in addresses: `postgres://blog:value@db/blog`.

use crate::kind::{Kind, is_for_trying};
use crate::value::{is_chosen, is_never_secret, is_placeholder, is_random};
use std::ops::Range;

/// What every address contains.
pub(crate) const KEYWORD: &str = "://";
/// User and password together are no longer.
const MOST: usize = 512;

/// The password of the address whose `://` stands at `hit`.
pub(crate) fn at(path: &str, kind: Kind, text: &[u8], hit: usize) -> Option<Range<usize>> {
    let start = hit + KEYWORD.len();
    let rest = text.get(start..text.len().min(start + MOST))?;
    // A password may contain `/` or `@` where somebody forgot to escape it; the last `@` before the host counts.
    let end = rest.iter().position(|byte| {
        byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b',' | b')' | b']')
    })?;
    let rest = rest.get(..end)?;
    let at = rest.iter().position(|byte| *byte == b'@')?;
    let login = rest.get(..at)?;
    let colon = login.iter().position(|byte| *byte == b':')?;
    if login.get(..colon)?.iter().any(|byte| matches!(byte, b'/' | b'?' | b'#')) {
        return None;
    }
    let value = login.get(colon + 1..)?;
    let host = rest.get(at + 1..)?;
    if is_placeholder(value) || is_never_secret(value) || is_example(host) {
        return None;
    }
    let in_use = kind == Kind::Deployment && !is_for_trying(path) && value.len() >= 4;
    let looks = is_random(value) || (is_chosen(value) && !is_for_trying(path) && kind != Kind::Prose);
    (in_use || looks).then(|| start + colon + 1..start + at)
}

fn is_example(host: &[u8]) -> bool {
    let host =
        String::from_utf8_lossy(host.get(..host.len().min(100)).unwrap_or_default()).to_ascii_lowercase();
    let name = host.split(['/', ':', '?']).next().unwrap_or_default();
    name.is_empty()
        || ["example", "test", "invalid"].contains(&name)
        || [".example", ".test", ".invalid", "example.com", "example.org", "example.net"]
            .iter()
            .any(|end| name.ends_with(end))
}

//! A request's target, in its one canonical spelling: whatever the engine would clean, decode twice or redirect is
//! refused (V21).

use crate::ask::Refusal;

/// Path and query, apart and decoded.
#[derive(Debug, PartialEq)]
pub(crate) struct Target<'a> {
    /// The path's segments as they came, for fixed words, and decoded, for names.
    pub(crate) segments: Vec<(&'a str, String)>,
    /// The query's pairs, decoded.
    pub(crate) pairs: Vec<(String, String)>,
}

/// More than any client sends: a list's filters may name many labels.
const LONGEST: usize = 64 * 1024;

impl<'a> Target<'a> {
    pub(crate) fn parse(target: &'a str) -> Result<Self, Refusal> {
        if target.len() > LONGEST {
            return Err(Refusal::malformed("the request's target is too long"));
        }
        if !target.starts_with('/') {
            return Err(not_canonical("it must begin with `/`"));
        }
        if !target.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(not_canonical("it must be plain ASCII"));
        }
        if target.contains(['#', ';']) {
            return Err(not_canonical("`#` and `;` must be escaped"));
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = match path {
            "/" => Vec::new(),
            path => path.split('/').skip(1).map(segment).collect::<Result<_, _>>()?,
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect::<Result<_, _>>()?;
        Ok(Self { segments, pairs })
    }
}

fn not_canonical(why: &str) -> Refusal {
    Refusal::malformed(format!("the request's target cannot be read: {why}"))
}

fn segment(raw: &str) -> Result<(&str, String), Refusal> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@%[]".contains(&b);
    if !raw.bytes().all(plain) {
        return Err(not_canonical("a character in its path must be escaped"));
    }
    let decoded = decode(raw, false)?;
    let fits = |b: u8| b.is_ascii_graphic() && !matches!(b, b'/' | b'\\');
    if matches!(decoded.as_str(), "" | "." | "..") {
        return Err(not_canonical("no part of its path may be empty, `.` or `..`"));
    }
    if !decoded.bytes().all(fits) {
        return Err(not_canonical("no part of its path may contain `/`, `\\`, or what is not plain ASCII"));
    }
    Ok((raw, decoded))
}

fn pair(raw: &str) -> Result<(String, String), Refusal> {
    let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
    Ok((decode(name, true)?, decode(value, true)?))
}

/// Undoes percent-encoding once; in a query `+` is a space.
fn decode(raw: &str, query: bool) -> Result<String, Refusal> {
    let mut bytes = raw.bytes();
    let mut decoded = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let (high, low) = (bytes.next().and_then(hex), bytes.next().and_then(hex));
                let (Some(high), Some(low)) = (high, low) else {
                    return Err(not_canonical("`%` must be followed by two hexadecimal digits"));
                };
                high * 16 + low
            }
            b'+' if query => b' ',
            other => other,
        });
    }
    if decoded.contains(&0) {
        return Err(not_canonical("it must not contain NUL"));
    }
    String::from_utf8(decoded).map_err(|_| not_canonical("it must be UTF-8"))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

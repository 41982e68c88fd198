//! Finds that somebody has looked at and allowed: `.wharf-secrets-allowed`, committed beside what it speaks of.
//!
//! Whoever reads the repository reads this file, too, and it outlives the values: after a history was rewritten it must not
//! help to guess what was taken out. So an entry says file and rule, and of the value only [`FINGERPRINT_BITS`] bits of a
//! digest that is salted for the file and slow to compute. All that guessing can gain is that many bits; and another value
//! in the same place passes unnoticed once in 65,536 times.

use crate::finding::Finding;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How much an entry says of a value.
pub const FINGERPRINT_BITS: u32 = 16;
/// How long the salt is.
pub const SALT_BYTES: usize = 16;
/// Rounds of PBKDF2 for each fingerprint: some milliseconds.
const ROUNDS: u32 = 20_000;
/// More is refused.
const MOST_ENTRIES: usize = 10_000;

/// What is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    salt: [u8; SALT_BYTES],
    entries: BTreeSet<Entry>,
}

/// One allowed find.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The file, from the repository's top.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// Bits of the value's digest.
    fingerprint: u16,
}

/// Why a file of allowed finds cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// No salt, or not before the entries.
    #[error(
        "line {0}: the first line that counts is `salt` and 32 hexadecimal digits; a file that is not there is made anew"
    )]
    NoSalt(usize),
    /// A line that is none of ours.
    #[error("line {0}: not `FINGERPRINT RULE PATH`")]
    NoEntry(usize),
    /// Too many.
    #[error("more than {MOST_ENTRIES} entries: leave out whole folders with .gitignore instead")]
    TooMany,
    /// Not text.
    #[error("it is not text in UTF-8")]
    NoText,
}

const HEAD: &str = "# Finds of `wharf secret scan` that are no secrets. `wharf secret scan --baseline-add` adds to it.\n\
                    # Each line: a few bits of a salted, slow digest (they help nobody to guess a value), rule, file.\n";

impl Baseline {
    /// One that allows nothing.
    pub fn empty(salt: [u8; SALT_BYTES]) -> Self {
        Self { salt, entries: BTreeSet::new() }
    }

    /// Reads it.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, BaselineError> {
        let text = std::str::from_utf8(bytes).map_err(|_| BaselineError::NoText)?;
        let mut baseline: Option<Self> = None;
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match &mut baseline {
                None => baseline = Some(Self::empty(salt_of(line).ok_or(BaselineError::NoSalt(at + 1))?)),
                Some(baseline) => {
                    baseline.entries.insert(Entry::of_line(line).ok_or(BaselineError::NoEntry(at + 1))?);
                    if baseline.entries.len() > MOST_ENTRIES {
                        return Err(BaselineError::TooMany);
                    }
                }
            }
        }
        baseline.ok_or(BaselineError::NoSalt(1))
    }

    /// As it is written: parsing what was printed gives the same.
    pub fn print(&self) -> String {
        let mut text = format!("{HEAD}salt ");
        self.salt.iter().for_each(|byte| {
            let _infallible = write!(text, "{byte:02x}");
        });
        text.push('\n');
        for entry in &self.entries {
            let _infallible =
                writeln!(text, "{:04x} {} {}", entry.fingerprint, entry.rule, escaped(&entry.path));
        }
        text
    }

    /// Whether a find in this file is allowed. The slow digest is computed only where file and rule agree.
    pub fn allows(&self, path: &str, finding: &Finding) -> bool {
        let is_near = self.entries.iter().any(|entry| entry.path == path && entry.rule == finding.rule);
        is_near && self.entries.contains(&self.entry(path, finding))
    }

    /// What would allow a find.
    pub fn entry(&self, path: &str, finding: &Finding) -> Entry {
        Entry { path: path.to_owned(), rule: finding.rule.clone(), fingerprint: self.fingerprint(finding) }
    }

    /// Allows a find from now on.
    pub fn add(&mut self, entry: Entry) {
        self.entries.insert(entry);
    }

    /// The same salt, and nothing allowed.
    pub fn emptied(&self) -> Self {
        Self::empty(self.salt)
    }

    /// How many finds are allowed.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is allowed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Of the value and the file's salt alone: a value that is allowed in many places has one fingerprint in all of them,
    /// which says no more than one.
    fn fingerprint(&self, finding: &Finding) -> u16 {
        u16::from_be_bytes(pbkdf2::pbkdf2_hmac_array::<Sha256, 2>(finding.value(), &self.salt, ROUNDS))
    }
}

impl Entry {
    fn of_line(line: &str) -> Option<Self> {
        let mut words = line.splitn(3, ' ');
        let fingerprint = words.next().filter(|word| word.len() == 4)?;
        let fingerprint = u16::from_str_radix(fingerprint, 16).ok()?;
        let rule = words.next().filter(|word| !word.is_empty())?.to_owned();
        let path = unescaped(words.next().filter(|word| !word.is_empty())?)?;
        Some(Self { path, rule, fingerprint })
    }
}

fn salt_of(line: &str) -> Option<[u8; SALT_BYTES]> {
    let digits = line.strip_prefix("salt ")?.as_bytes();
    let mut salt = [0; SALT_BYTES];
    if digits.len() != SALT_BYTES * 2 {
        return None;
    }
    for (byte, pair) in salt.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(salt)
}

/// Paths may hold anything but NUL; a line holds one.
fn escaped(path: &str) -> String {
    path.chars()
        .map(|c| {
            if c.is_control() || c == '%' || c == ' ' {
                format!("%{:02x}", u32::from(c))
            } else {
                c.to_string()
            }
        })
        .collect()
}

fn unescaped(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut path = parts.next()?.to_owned();
    for part in parts {
        let digits = part.get(..2)?;
        path.push(char::from(u8::from_str_radix(digits, 16).ok()?));
        path.push_str(part.get(2..)?);
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::{Baseline, BaselineError};
    use crate::Finding;

    fn finding(value: &[u8]) -> Finding {
        Finding::new("random-value", (3, 4), Some("token".into()), value)
    }

    #[test]
    fn what_is_printed_is_read_again_whatever_the_path() {
        let mut baseline = Baseline::empty([7; 16]);
        for path in ["a b/%41.env", "x\ny", "ü/é", "plain"] {
            baseline.add(baseline.entry(path, &finding(b"value")));
        }
        assert_eq!(Baseline::parse_bytes(baseline.print().as_bytes()), Ok(baseline));
    }

    #[test]
    fn another_value_file_or_rule_is_not_allowed() {
        let mut baseline = Baseline::empty([7; 16]);
        baseline.add(baseline.entry("a.env", &finding(b"value")));
        assert!(baseline.allows("a.env", &finding(b"value")));
        assert!(!baseline.allows("a.env", &finding(b"other")));
        assert!(!baseline.allows("b.env", &finding(b"value")));
        let other_rule = Finding::new("private-key", (3, 4), None, b"value");
        assert!(!baseline.allows("a.env", &other_rule));
    }

    #[test]
    fn an_entry_says_no_more_than_sixteen_bits_of_a_value() {
        let mut baseline = Baseline::empty([7; 16]);
        baseline.add(baseline.entry("a.env", &finding(b"hunter2hunter2")));
        let text = baseline.print();
        let last = text.lines().last().unwrap();
        let (fingerprint, rest) = last.split_once(' ').unwrap();
        assert_eq!((fingerprint.len(), rest), (4, "random-value a.env"));
        let salted = Baseline::empty([8; 16]).entry("a.env", &finding(b"hunter2hunter2"));
        assert_ne!(baseline.entry("a.env", &finding(b"hunter2hunter2")), salted);
        // Nor do many entries of one value.
        let elsewhere = baseline.entry("b.env", &finding(b"hunter2hunter2"));
        assert_eq!(elsewhere.fingerprint, baseline.entry("a.env", &finding(b"hunter2hunter2")).fingerprint);
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_line() {
        assert_eq!(Baseline::parse_bytes(b"# x\n0000 a b\n"), Err(BaselineError::NoSalt(2)));
        assert_eq!(Baseline::parse_bytes(b"salt 00\n"), Err(BaselineError::NoSalt(1)));
        let salt = "salt 00000000000000000000000000000000\n";
        assert_eq!(
            Baseline::parse_bytes(format!("{salt}zz a b\n").as_bytes()),
            Err(BaselineError::NoEntry(2))
        );
        assert_eq!(Baseline::parse_bytes(b"\xff"), Err(BaselineError::NoText));
        assert_eq!(Baseline::parse_bytes(b""), Err(BaselineError::NoSalt(1)));
    }
}

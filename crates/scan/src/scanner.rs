//! One pass over a text for every keyword, and a closer look where one stands.

use crate::assignment::{self, is_shown};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::masks::Masks;
use crate::text::{Lines, contains, decoded};
use crate::tokens::{self, Token};
use crate::{address, private_key};
use aho_corasick::AhoCorasick;
use std::collections::BTreeMap;
use std::ops::Range;

/// More finds than these in one text are not told.
pub const MOST_FINDINGS: usize = 1000;
/// What a line says whose finds are no secrets.
const ALLOWED: &[u8] = b"wharf:allow";

/// All rules, ready to be used on any number of texts.
pub struct Scanner {
    words: AhoCorasick,
    /// What each keyword leads to.
    leads: Vec<Lead>,
    tokens: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lead {
    PrivateKey,
    Sealed,
    Address,
    Name,
    Kubernetes,
    Tokens(Vec<usize>),
}

/// What was found, before it is told.
struct Found {
    rule: String,
    value: Range<usize>,
    key: Option<Range<usize>>,
    /// Rules that know more come first where several find the same.
    rank: u8,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// Takes about a millisecond: patterns are compiled when they are first needed.
    pub fn new() -> Self {
        let tokens = tokens::table();
        let mut leads: Vec<(String, Lead)> = vec![
            (String::from_utf8_lossy(private_key::PEM).into_owned(), Lead::PrivateKey),
            (String::from_utf8_lossy(private_key::PUTTY).into_owned(), Lead::PrivateKey),
            ("$ansible_vault".to_owned(), Lead::Sealed),
            ("enc[".to_owned(), Lead::Sealed),
            (address::KEYWORD.to_owned(), Lead::Address),
            ("kind:".to_owned(), Lead::Kubernetes),
        ];
        leads.extend(assignment::KEYWORDS.iter().map(|word| ((*word).to_owned(), Lead::Name)));
        let mut by_word: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, token) in tokens.iter().enumerate() {
            token.keywords.iter().for_each(|word| by_word.entry(word).or_default().push(at));
        }
        leads.extend(by_word.into_iter().map(|(word, tokens)| (word.to_owned(), Lead::Tokens(tokens))));
        let (words, leads): (Vec<String>, Vec<Lead>) = leads.into_iter().unzip();
        // Too many words is all that building can fail for; the table is ours, and a test builds it.
        let words = AhoCorasick::builder().ascii_case_insensitive(true).build(words);
        let words = words.or_else(|_| AhoCorasick::new([""; 0]));
        #[allow(clippy::expect_used, reason = "no words at all is a fixed, valid input")]
        let words = words.expect("an automaton of no words can be built");
        Self { words, leads, tokens }
    }

    /// Every secret in a file's bytes, in the order in which they stand. What is no text has none.
    pub fn scan(&self, path: &str, bytes: &[u8]) -> Vec<Finding> {
        let Some(text) = decoded(bytes) else { return Vec::new() };
        let text = text.as_ref();
        let mut look = Look::new(self, path, text);
        look.run();
        look.told()
    }
}

/// One text being looked at.
struct Look<'a> {
    scanner: &'a Scanner,
    path: &'a str,
    text: &'a [u8],
    kind: Kind,
    lines: Lines<'a>,
    found: Vec<Found>,
    sealed: Vec<usize>,
    /// How far each rule has looked, so that a line full of keywords is looked at once.
    looked: BTreeMap<usize, usize>,
    named_until: usize,
}

impl<'a> Look<'a> {
    fn new(scanner: &'a Scanner, path: &'a str, text: &'a [u8]) -> Self {
        Self {
            scanner,
            path,
            text,
            kind: Kind::of(path, text),
            lines: Lines::of(text),
            found: Vec::new(),
            sealed: Vec::new(),
            looked: BTreeMap::new(),
            named_until: 0,
        }
    }

    fn run(&mut self) {
        let scanner = self.scanner;
        let mut is_kubernetes = false;
        for hit in scanner.words.find_overlapping_iter(self.text) {
            // A text of nothing but secrets need not be told whole.
            if self.found.len() > MOST_FINDINGS * 4 {
                break;
            }
            match scanner.leads.get(hit.pattern().as_usize()) {
                Some(Lead::PrivateKey) => {
                    self.sealed.push(hit.start());
                    self.private_key(hit.start());
                }
                Some(Lead::Sealed) => self.sealed.push(hit.start()),
                Some(Lead::Kubernetes) => is_kubernetes |= self.says_secret(hit.end()),
                Some(Lead::Address) if self.kind != Kind::Made => self.address(hit.start()),
                Some(Lead::Name) if self.kind != Kind::Made => self.name(hit.start()),
                Some(Lead::Tokens(tokens)) if self.kind != Kind::Made => {
                    for token in tokens {
                        self.token(*token, hit.start());
                    }
                }
                _ => {}
            }
        }
        if is_kubernetes {
            self.kubernetes();
        }
    }

    fn private_key(&mut self, hit: usize) {
        if let Some(range) = private_key::at(self.text, hit) {
            self.found.push(Found { rule: "private-key".into(), value: range, key: None, rank: 0 });
        }
    }

    fn address(&mut self, hit: usize) {
        if let Some(value) = address::at(self.path, self.kind, self.text, hit) {
            self.found.push(Found { rule: "password-in-address".into(), value, key: None, rank: 2 });
        }
    }

    fn name(&mut self, hit: usize) {
        if hit < self.named_until {
            return;
        }
        if let Some(found) = assignment::at(self.path, self.kind, self.text, &self.lines, hit) {
            self.named_until = found.key.end;
            self.found.push(Found {
                rule: found.rule.into(),
                value: found.value,
                key: Some(found.key),
                rank: 3,
            });
        }
    }

    fn token(&mut self, at: usize, hit: usize) {
        let Some(token) = self.scanner.tokens.get(at) else { return };
        let from = self.looked.get(&at).copied().unwrap_or_default();
        if hit < from || !token.is_for(self.path) {
            return;
        }
        let line = self.lines.start_of(hit)..self.lines.end_of(hit);
        let (values, until) = token.matches(self.text, &line, hit, from);
        self.looked.insert(at, until);
        for value in values {
            self.found.push(Found { rule: token.id.into(), value, key: None, rank: 1 });
        }
    }

    fn says_secret(&self, at: usize) -> bool {
        let line = self.text.get(at..self.lines.end_of(at)).unwrap_or_default();
        line.trim_ascii().trim_ascii_start().to_ascii_lowercase().trim_ascii() == b"secret"
    }

    /// Every value under `data:` and `stringData:` of a Kubernetes Secret.
    fn kubernetes(&mut self) {
        let mut is_data = false;
        let mut start = 0;
        while start < self.text.len() && self.found.len() <= MOST_FINDINGS * 4 {
            let end = self.lines.end_of(start);
            let line = self.text.get(start..end).unwrap_or_default();
            let trimmed = line.trim_ascii();
            if line.first().is_some_and(|byte| !byte.is_ascii_whitespace() && *byte != b'#') {
                is_data = matches!(trimmed, b"data:" | b"stringData:");
            } else if is_data && let Some(value) = entry_value(line) {
                let bytes = line.get(value.clone()).unwrap_or_default();
                if bytes.len() >= 4
                    && !crate::value::is_placeholder(bytes)
                    && !crate::value::is_never_secret(bytes)
                {
                    let value = start + value.start..start + value.end;
                    self.found.push(Found { rule: "kubernetes-secret".into(), value, key: None, rank: 4 });
                }
            }
            start = end + 1;
        }
    }

    /// In order, each stretch once, without what is sealed or allowed.
    fn told(mut self) -> Vec<Finding> {
        let masks = Masks::of(self.text, &self.lines, &self.sealed);
        self.found.retain(|found| !masks.cover(&found.value));
        self.found.sort_by_key(|found| (found.rank, found.value.start));
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        let mut kept: Vec<&Found> = Vec::new();
        for found in &self.found {
            let before = taken.range(..found.value.end).next_back();
            if before.is_none_or(|(_, end)| *end <= found.value.start) {
                taken.insert(found.value.start, found.value.end);
                kept.push(found);
            }
        }
        kept.sort_by_key(|found| found.value.start);
        kept.into_iter()
            .filter(|found| !self.is_allowed(found.value.start))
            .take(MOST_FINDINGS)
            .map(|found| self.tell(found))
            .collect()
    }

    fn tell(&self, found: &Found) -> Finding {
        let value = self.text.get(found.value.clone()).unwrap_or_default();
        let key = found.key.clone().or_else(|| self.key_before(found.value.start));
        let key = key.and_then(|key| self.text.get(key)).filter(|key| is_shown(key));
        let key = key.map(|key| String::from_utf8_lossy(key).into_owned());
        Finding::new(&found.rule, self.lines.place(found.value.start), key, value)
    }

    /// The name before a value that was found by its shape.
    fn key_before(&self, value: usize) -> Option<Range<usize>> {
        let before = self.text.get(self.lines.start_of(value).max(value.saturating_sub(200))..value)?;
        let signs = before
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b'"' | b'\'' | b' ' | b'\t' | b':' | b'='))
            .count();
        let rest = before.get(..before.len() - signs)?;
        let name = rest
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
            .count();
        let end = value - signs;
        (signs > 0 && name > 0).then_some(end - name..end)
    }

    /// `wharf:allow` on the line, or on a line of comment above it.
    fn is_allowed(&self, value: usize) -> bool {
        let line = self.lines.line_of(value);
        if contains(head(self.lines.line(line)), ALLOWED) {
            return true;
        }
        let Some(above) = line.checked_sub(1) else { return false };
        let above = head(self.lines.line(above)).trim_ascii_start();
        let is_comment =
            [b"#".as_slice(), b"//", b";", b"--", b"<!--", b"/*"].iter().any(|mark| above.starts_with(mark));
        is_comment && contains(above, ALLOWED)
    }
}

/// So much of a line is looked at for a remark.
fn head(line: &[u8]) -> &[u8] {
    line.get(..line.len().min(4096)).unwrap_or_default()
}

/// Where in `  name: value` the value stands.
fn entry_value(line: &[u8]) -> Option<Range<usize>> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let rest = line.get(colon + 1..)?;
    let start =
        colon + 1 + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'')).count();
    let value = line.get(start..)?.trim_ascii_end();
    let length = value.iter().rposition(|byte| !matches!(byte, b'"' | b'\'')).map(|last| last + 1)?;
    let is_block = matches!(value.first(), Some(b'|' | b'>'));
    (!is_block).then_some(start..start + length)
}

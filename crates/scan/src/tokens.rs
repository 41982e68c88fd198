//! Known shapes of tokens: gitleaks' rules (`rules/gitleaks.tsv`), tried only where their keywords stand.

use crate::value::{entropy, is_never_secret};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::OnceLock;

/// Shapes of tokens, as committed.
const TABLE: &str = include_str!("../rules/gitleaks.tsv");
/// How much of a line before and after a keyword a pattern gets to see.
const BEFORE: usize = 256;
const AFTER: usize = 2048;

/// One shape.
pub(crate) struct Token {
    /// What the rule is called.
    pub(crate) id: &'static str,
    /// In lower case; one of them stands in whatever the pattern matches.
    pub(crate) keywords: Vec<&'static str>,
    least_entropy: f64,
    path: Option<&'static str>,
    group: usize,
    pattern: &'static str,
    compiled: OnceLock<Option<Regex>>,
    path_compiled: OnceLock<Option<Regex>>,
}

/// All of them.
pub(crate) fn table() -> Vec<Token> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Token::of_line).collect()
}

impl Token {
    fn of_line(line: &'static str) -> Option<Self> {
        let mut fields = line.split('\t');
        Some(Self {
            id: fields.next()?,
            least_entropy: fields.next()?.parse().ok()?,
            keywords: fields.next()?.split(',').collect(),
            path: fields.next().filter(|path| *path != "-"),
            group: fields.next()?.parse().ok()?,
            pattern: fields.next()?,
            compiled: OnceLock::new(),
            path_compiled: OnceLock::new(),
        })
    }

    /// Compiled when first needed: most runs need few of them.
    fn regex(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(self.pattern)).as_ref()
    }

    /// Whether this rule is for such a file.
    pub(crate) fn is_for(&self, path: &str) -> bool {
        let Some(wanted) = self.path else { return true };
        let compiled = self.path_compiled.get_or_init(|| compile(wanted));
        compiled.as_ref().is_some_and(|regex| regex.is_match(path.as_bytes()))
    }

    /// Every match within the part of the line around a keyword; and how far was looked.
    pub(crate) fn matches(
        &self,
        text: &[u8],
        line: &Range<usize>,
        hit: usize,
        from: usize,
    ) -> (Vec<Range<usize>>, usize) {
        let start = line.start.max(hit.saturating_sub(BEFORE)).max(from);
        let end = line.end.min(hit + AFTER);
        let Some(regex) = self.regex() else { return (Vec::new(), end) };
        let Some(window) = text.get(..end) else { return (Vec::new(), end) };
        let mut found = Vec::new();
        let mut at = start;
        while let Some(captures) = regex.captures_at(window, at) {
            let Some(whole) = captures.get(0) else { break };
            let value = self.value_of(&captures).unwrap_or(whole.range());
            at = whole.end().max(at + 1);
            let bytes = text.get(value.clone()).unwrap_or_default();
            if entropy(bytes) >= self.least_entropy && !is_never_secret(bytes) {
                found.push(value);
            }
            if at >= end {
                break;
            }
        }
        (found, end)
    }

    /// As gitleaks: the group that is named, or the first that took part.
    fn value_of(&self, captures: &regex::bytes::Captures<'_>) -> Option<Range<usize>> {
        if self.group > 0 {
            return captures.get(self.group).map(|group| group.range());
        }
        captures.iter().skip(1).flatten().find(|group| !group.is_empty()).map(|group| group.range())
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).size_limit(8 << 20).dfa_size_limit(4 << 20).build().ok()
}

#[cfg(test)]
mod tests {
    use super::{compile, table};

    #[test]
    fn every_line_of_the_table_is_a_rule_that_compiles() {
        let lines = super::TABLE.lines().filter(|line| !line.starts_with('#')).count();
        let table = table();
        assert_eq!(table.len(), lines);
        for token in table {
            assert!(compile(token.pattern).is_some(), "{}", token.id);
            assert!(
                !token.keywords.is_empty() && token.keywords.iter().all(|word| word.len() >= 2),
                "{}",
                token.id
            );
        }
    }
}

//! One line of the audit trail: who asked for what, on what, and what became of it.
//!
//! A record never holds the value of an environment variable or of a secret; who makes one gives names only.

use crate::moment::Moment;
use serde::{Deserialize, Serialize};

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Allowed, and done as far as is known.
    Permitted,
    /// Refused by a rule.
    Denied,
    /// Allowed, and it went wrong.
    Failed,
}

/// What is recorded of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRecord {
    /// When, by the clock of the caller.
    pub time: Moment,
    /// Who asked: `administrator`, `pod blog (user bob)`.
    pub actor: String,
    /// What was asked: `container-create`.
    pub action: String,
    /// On what: a name, an id.
    pub object: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The rule that decided.
    pub rule: String,
    /// What else a reader needs; empty when nothing.
    pub detail: String,
}

const MOST_BYTES_OF_A_NAME: usize = 512;
const MOST_BYTES_OF_DETAIL: usize = 4096;
const CUT: &str = "\u{2026}";

impl AuditRecord {
    /// The record as one line of ASCII-safe JSON, its newline included; long fields are cut, and end in an ellipsis.
    pub(crate) fn line(&self) -> Result<String, serde_json::Error> {
        let name = |text: &str| cut(text, MOST_BYTES_OF_A_NAME);
        let bounded = Self {
            time: self.time,
            actor: name(&self.actor),
            action: name(&self.action),
            object: name(&self.object),
            outcome: self.outcome,
            rule: name(&self.rule),
            detail: cut(&self.detail, MOST_BYTES_OF_DETAIL),
        };
        let json = serde_json::to_string(&bounded)?;
        Ok(json.chars().map(escaped).chain(["\n".to_owned()]).collect())
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(most - CUT.len());
    format!("{}{CUT}", text.get(..end).unwrap_or_default())
}

/// JSON itself escapes only the first 32 control characters; what else steers a terminal, or turns the direction of
/// text, is escaped here. In JSON such characters stand inside strings only.
fn escaped(c: char) -> String {
    let steers = c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if steers { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn record(detail: &str) -> AuditRecord {
        AuditRecord {
            time: Moment::from_unix_millis(1_700_000_000_000),
            actor: "pod blog (user bob)".to_owned(),
            action: "container-create".to_owned(),
            object: "blog.web".to_owned(),
            outcome: Outcome::Denied,
            rule: "port-whitelist".to_owned(),
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn a_record_is_one_line_of_json() {
        let expected = "{\"time\":\"2023-11-14T22:13:20.000Z\",\"actor\":\"pod blog (user bob)\",\
            \"action\":\"container-create\",\"object\":\"blog.web\",\"outcome\":\"denied\",\
            \"rule\":\"port-whitelist\",\"detail\":\"port 80\"}\n";
        assert_eq!(record("port 80").line().unwrap(), expected);
    }

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_back() {
        let nasty = record("a\nb\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{2028}\"\\\0");
        let line = nasty.line().unwrap();
        assert!(line.trim_end().chars().all(|c| c.is_ascii_graphic() || c == ' '), "{line:?}");
        assert_eq!(serde_json::from_str::<AuditRecord>(&line).unwrap(), nasty);
    }

    #[test]
    fn a_record_has_an_end_whatever_it_is_given() {
        let mut huge = record(&"\u{1}".repeat(1 << 20));
        huge.object = "\u{e9}".repeat(1 << 20);
        let line = huge.line().unwrap();
        assert!(line.len() < 6 * (4 * MOST_BYTES_OF_A_NAME + MOST_BYTES_OF_DETAIL) + 512);
        let back: AuditRecord = serde_json::from_str(&line).unwrap();
        assert!(back.object.ends_with(CUT) && back.object.len() <= MOST_BYTES_OF_A_NAME);
        assert!(back.detail.ends_with(CUT) && back.detail.len() <= MOST_BYTES_OF_DETAIL);
    }
}

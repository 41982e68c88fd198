//! One line of the audit trail: who asked for what, on what, and what became of it.
//!
//! A record never holds the value of an environment variable, a credential or a secret; who makes one gives names only,
//! and what an engine or a rule said in its own words passes through [`crate::redact`] first.

use crate::moment::Moment;
use crate::redact::redacted;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt::Write as _;
use wharf_model::TenantName;

/// What became of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Allowed; written before it is done, so that a run that is killed in the middle has left its record.
    Permitted,
    /// Refused by a rule.
    Denied,
    /// Allowed, and it went wrong.
    Failed,
    /// Permitted in a line before this one, and now at its end: the line that can say how long it took.
    Done,
}

impl Outcome {
    /// As records write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permitted => "permitted",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::Done => "done",
        }
    }
}

/// What is recorded of one action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditRecord {
    /// When, by the clock of the caller.
    pub time: Moment,
    /// In which tenant; `None` for the administrator and for pods under sudo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantName>,
    /// Which account; `None` where none stands behind it, and in lines older than this field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Who asked: `administrator`, `pod blog (user bob)`.
    pub actor: String,
    /// What was asked: `container-create`.
    pub action: String,
    /// On what, by name, or by id where it has no name.
    pub object: String,
    /// The object's full id, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The rule that decided.
    pub rule: String,
    /// What else a reader needs; empty when nothing.
    pub detail: String,
    /// How long it took, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micros: Option<u64>,
}

const MOST_BYTES_OF_A_NAME: usize = 512;
const MOST_BYTES_OF_DETAIL: usize = 4096;
pub(crate) const CUT: &str = "\u{2026}";

impl AuditRecord {
    /// The record as one line of JSON, its newline included. Long fields are cut and end in an ellipsis, values are
    /// redacted, and nothing in it steers a terminal.
    ///
    /// # Errors
    /// None that is known; the serialiser's type has them.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        let json = serde_json::to_string(&self.bounded())?;
        // Most have nothing to escape.
        let mut line = if json.chars().any(steers) { escaped(&json) } else { json };
        line.push('\n');
        Ok(line)
    }

    /// The record as its line will hold it.
    pub(crate) fn bounded(&self) -> Self {
        Self {
            time: self.time,
            tenant: self.tenant.clone(),
            user: self.user.as_deref().map(name),
            actor: name(&self.actor),
            action: name(&self.action),
            object: name(&self.object),
            id: self.id.as_deref().map(name),
            outcome: self.outcome,
            rule: name(&self.rule),
            detail: cut(&self.detail, MOST_BYTES_OF_DETAIL),
            micros: self.micros,
        }
    }

    /// The account behind the record; lines older than the field name it in `actor`.
    pub fn account(&self) -> Option<&str> {
        let within = || self.actor.rsplit_once("(user ").and_then(|(_, rest)| rest.strip_suffix(')'));
        self.user.as_deref().or_else(within).or_else(|| self.actor.strip_prefix("user "))
    }
}

fn name(text: &str) -> String {
    cut(text, MOST_BYTES_OF_A_NAME)
}

fn cut(text: &str, most: usize) -> String {
    // Before cutting: of half a URL nobody could say that it holds a password.
    let text = redacted(text);
    if text.len() <= most {
        return text.into_owned();
    }
    let end = text.floor_char_boundary(most - CUT.len());
    format!("{}{CUT}", text.get(..end).unwrap_or_default())
}

/// JSON itself escapes only the first 32 control characters; what else steers a terminal, or turns the direction of
/// text, is escaped here. In JSON such characters stand inside strings only.
fn escaped(json: &str) -> String {
    let mut line = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if steers(c) {
            // Writing to a string cannot fail.
            let _written = write!(line, "\\u{:04x}", u32::from(c));
        } else {
            line.push(c);
        }
    }
    line
}

/// Text of somebody else's for a place where it is read as text: what steers is written as JSON would.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().any(steers) { Cow::Owned(escaped(text)) } else { Cow::Borrowed(text) }
}

fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;

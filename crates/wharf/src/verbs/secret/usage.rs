//! When each secret was opened or delivered last, and for whom, by the audit trail.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use serde_json::json;
use std::collections::BTreeMap;
use wharf_store::{AuditEntry, AuditReader, Moment};

/// The last use of one secret.
#[derive(Debug, Clone)]
pub(super) struct Usage {
    at: Moment,
    action: String,
    actor: String,
    detail: String,
}

impl Usage {
    /// By `pod/secret`.
    pub(super) fn all(setting: &Setting<'_>) -> Result<BTreeMap<String, Self>, Failure> {
        let failed = |error: wharf_store::AuditError| Failure::of(Exit::Failed, &error);
        let mut reader = AuditReader::open(&setting.trail()?, None).map_err(failed)?;
        let mut last = BTreeMap::new();
        while let Some(entry) = reader.advance().map_err(failed)? {
            let AuditEntry::Record(record) = entry else { continue };
            if matches!(record.action.as_str(), "open secret" | "deliver secret") {
                let (at, action, actor, detail) = (record.time, record.action, record.actor, record.detail);
                last.insert(record.object, Self { at, action, actor, detail });
            }
        }
        Ok(last)
    }

    pub(super) fn in_words(&self) -> String {
        let day: String =
            self.at.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect();
        let what = if self.action == "deliver secret" { "to" } else { "by" };
        let whom = if self.action == "deliver secret" { &self.detail } else { &self.actor };
        format!("{day} {what} {whom}")
    }

    pub(super) fn json(&self) -> serde_json::Value {
        json!({ "time": self.at, "action": self.action, "actor": self.actor, "detail": self.detail })
    }
}

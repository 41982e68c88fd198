//! Which records somebody wants to see.

use crate::audit_record::{AuditRecord, Outcome};
use crate::moment::Moment;
use wharf_model::TenantName;

/// Fewer digits of an id could be a name.
const LEAST_DIGITS: usize = 12;

/// What a record must have; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// This tenant.
    pub tenant: Option<TenantName>,
    /// This account, under sudo or in a tenant.
    pub user: Option<String>,
    /// This outcome.
    pub outcome: Option<Outcome>,
    /// This time or later.
    pub since: Option<Moment>,
    /// This object, by its name or its id (12 digits are enough); or a pod, and then its containers as well.
    pub object: Option<String>,
}

impl AuditFilter {
    /// Whether a record has it all.
    pub fn is_met_by(&self, record: &AuditRecord) -> bool {
        let AuditRecord { tenant, outcome, time, .. } = record;
        self.tenant.as_ref().is_none_or(|wanted| Some(wanted) == tenant.as_ref())
            && self.user.as_deref().is_none_or(|wanted| Some(wanted) == record.account())
            && self.outcome.is_none_or(|wanted| wanted == *outcome)
            && self.since.is_none_or(|since| *time >= since)
            && self.object.as_deref().is_none_or(|wanted| is_of(record, wanted))
    }
}

fn is_of(record: &AuditRecord, wanted: &str) -> bool {
    let in_pod = || record.object.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'));
    let by_id = || {
        let id = record.id.as_deref().unwrap_or(&record.object);
        wanted.len() >= LEAST_DIGITS && id.strip_prefix("sha256:").unwrap_or(id).starts_with(wanted)
    };
    record.object == wanted || record.id.as_deref() == Some(wanted) || in_pod() || by_id()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> AuditRecord {
        AuditRecord {
            time: Moment::from_unix_millis(1_700_000_000_000),
            tenant: Some("alice".parse().unwrap()),
            user: Some("bob".into()),
            actor: "tenant alice (user bob)".into(),
            action: "container-create".into(),
            object: "blog.web".into(),
            id: Some("4f5e4f5e4f5e4f5e".into()),
            outcome: Outcome::Denied,
            rule: "ports".into(),
            detail: String::new(),
            micros: None,
        }
    }

    #[test]
    fn a_record_is_wanted_when_it_has_all_that_is_asked_for() {
        let any = AuditFilter::default;
        let text = |text: &str| Some(text.to_owned());
        let at = |millis| Some(Moment::from_unix_millis(millis));
        for (filter, expected) in [
            (any(), true),
            (AuditFilter { tenant: "alice".parse().ok(), ..any() }, true),
            (AuditFilter { tenant: "al".parse().ok(), ..any() }, false),
            (AuditFilter { user: text("bob"), ..any() }, true),
            (AuditFilter { user: text("alice"), ..any() }, false),
            (AuditFilter { outcome: Some(Outcome::Denied), ..any() }, true),
            (AuditFilter { outcome: Some(Outcome::Failed), ..any() }, false),
            (AuditFilter { since: at(1_700_000_000_000), ..any() }, true),
            (AuditFilter { since: at(1_700_000_000_001), ..any() }, false),
            (AuditFilter { object: text("blog.web"), ..any() }, true),
            (AuditFilter { object: text("blog"), ..any() }, true),
            (AuditFilter { object: text("blo"), ..any() }, false),
            (AuditFilter { object: text("web"), ..any() }, false),
            (AuditFilter { object: text("4f5e4f5e4f5e"), ..any() }, true),
            (AuditFilter { object: text("4f5e4f5e4f5"), ..any() }, false),
            (AuditFilter { user: text("bob"), outcome: Some(Outcome::Failed), ..any() }, false),
        ] {
            assert_eq!(filter.is_met_by(&record()), expected, "{filter:?}");
        }
    }

    #[test]
    fn an_object_named_by_its_id_is_found_by_its_first_digits() {
        let record = AuditRecord { object: "sha256:4f5e4f5e4f5e4f5e".into(), id: None, ..record() };
        assert!(
            AuditFilter { object: Some("4f5e4f5e4f5e".into()), ..AuditFilter::default() }.is_met_by(&record)
        );
    }
}

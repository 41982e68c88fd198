//! What wharf does by itself, asked by nobody: judged as the administrator's, recorded before and after.

use crate::fault::Fault;
use crate::gateway::Gateway;
use std::time::SystemTime;
use wharf_model::TenantName;
use wharf_policy::{Actor, Facts, decide};
use wharf_store::{AuditRecord, Moment, Outcome};
use wharf_wire::Call;
use wharf_wire::tenant::TenantCall;

/// What such a call is about, for the audit trail.
pub(crate) struct About {
    /// Whose it is, where it is somebody's.
    pub(crate) tenant: Option<TenantName>,
    /// What it is called.
    pub(crate) object: String,
    /// Its full id, where it has one.
    pub(crate) id: Option<String>,
    /// Why it is done.
    pub(crate) why: &'static str,
}

impl Gateway {
    /// Judges, records, sends, records.
    pub(crate) async fn unasked(&self, call: TenantCall, facts: &Facts, about: About) -> Result<(), Fault> {
        let actor = Actor::Administrator;
        let permit = decide(&actor, Call::Tenant(call), facts, &self.standing().grants)?;
        let mut record = AuditRecord {
            time: Moment::from(SystemTime::now()),
            actor: actor.to_string(),
            tenant: about.tenant,
            user: None,
            action: permit.call().verb().to_owned(),
            object: about.object,
            id: about.id,
            outcome: Outcome::Permitted,
            rule: String::new(),
            detail: about.why.to_owned(),
            micros: None,
        };
        self.audit.record(&record).map_err(|_| Fault::Unrecorded)?;
        let sent = self.engine.send(&permit).await;
        record.time = Moment::from(SystemTime::now());
        record.outcome = if sent.is_ok() { Outcome::Done } else { Outcome::Failed };
        let _recorded = self.audit.record(&record);
        Ok(sent.map(drop)?)
    }
}

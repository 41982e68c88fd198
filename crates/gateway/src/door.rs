//! The one way from a tenant's intention to the engine: judge, record, send, record what became of it.

use crate::desk::{Desk, Errand};
use crate::fault::{Fault, printable};
use crate::share::Hold;
use crate::view::Wording;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Limited};
use hyper::StatusCode;
use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use wharf_docker::{Relayed, RelayedBody, RequestBody};
use wharf_host::{MountRoot, Owner, SourceError};
use wharf_policy::{Actor, Denial, Effect, Facts, Permit, Rule, decide};
use wharf_store::{AuditError, AuditRecord, Moment, Outcome};
use wharf_wire::tenant::TenantCall;
use wharf_wire::{Call, engine_message};

/// A call on its way: what it is about in the tenant's words, and what must be known to judge it.
pub(crate) struct Door<'a> {
    errand: &'a Errand,
    /// What the tenant calls what the call is about.
    object: String,
    /// Its full id, where it has one.
    id: Option<String>,
    wording: Wording,
}

/// What the engine answered.
pub(crate) struct Said {
    /// Never an error's.
    pub(crate) status: StatusCode,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: RelayedBody,
    pub(crate) permit: Permit,
    /// Where it is counted, if it is read whole.
    pub(crate) hold: Arc<Hold>,
}

/// The engine's answer, or its stream.
#[allow(clippy::large_enum_variant, reason = "it is taken apart where it is made, and nowhere kept")]
pub(crate) enum Passed {
    Answered(Said),
    Switched(hyper::http::response::Parts, hyper::upgrade::Upgraded),
}

/// The largest answer that is read whole.
const MOST_BYTES: usize = 64 << 20;
/// The largest refusal that is read.
const MOST_WORDS: usize = 64 << 10;

impl<'a> Door<'a> {
    /// A door for a call about `object`, as the tenant calls it, whose full id is `id`.
    pub(crate) fn new(errand: &'a Errand, object: &str, id: Option<&str>) -> Self {
        let wording = Wording::of(&errand.desk.tenant).with(id, object);
        Self { errand, object: printable(object), id: id.map(str::to_owned), wording }
    }

    /// Engine's words that are told have `shown` where they have `id`.
    pub(crate) fn wording(mut self, id: &str, shown: &str) -> Self {
        self.wording = self.wording.with(Some(id), shown);
        self
    }

    /// Judges, records, sends; the engine's refusals become faults in the tenant's words.
    pub(crate) async fn send(
        &self,
        call: TenantCall,
        facts: &Facts,
        stream: Option<RequestBody>,
    ) -> Result<Passed, Fault> {
        let permit = self.judge(call, facts)?;
        self.carry_out(permit, stream).await
    }

    /// Judges, and records a refusal.
    pub(crate) fn judge(&self, call: TenantCall, facts: &Facts) -> Result<Permit, Fault> {
        let verb = call.verb();
        let Errand { actor, standing, .. } = self.errand;
        decide(actor, Call::Tenant(call), facts, &standing.grants).map_err(|denial| self.denied(verb, denial))
    }

    /// Records a refusal: it is denied, whether or not that can be written down.
    pub(crate) fn denied(&self, verb: &str, denial: Denial) -> Fault {
        let (rule, reason) = (denial.rule.name(), &denial.reason);
        let _recorded = Self::record_denial(&self.errand.desk, verb, &self.object, rule, reason);
        Fault::from(denial)
    }

    /// Records, sends, records.
    pub(crate) async fn carry_out(
        &self,
        permit: Permit,
        stream: Option<RequestBody>,
    ) -> Result<Passed, Fault> {
        let verb = permit.call().verb();
        let changes = !permit.call().only_reads();
        let moves = crate::disk::is_moved_by(permit.call());
        // Before, not after: what cannot be recorded is not done, and what breaks off in the middle has left its record.
        if changes {
            self.record(verb, Outcome::Permitted, "", None).map_err(|_| Fault::Unrecorded)?;
        }
        let begun = Instant::now();
        let passed = match self.prepare(&permit).await {
            Ok(()) => self.relay(permit, stream).await,
            Err(fault) => Err(fault),
        };
        if let (Err(fault), true) = (&passed, changes) {
            let (_, message) = fault.told();
            let _recorded = self.record(verb, Outcome::Failed, &message, Some(begun.elapsed()));
        } else if changes {
            let _recorded = self.record(verb, Outcome::Done, "", Some(begun.elapsed()));
            if moves {
                self.errand.desk.gateway.disk.stir();
            }
        }
        passed
    }

    /// Does on the host what the permit says must be done before.
    async fn prepare(&self, permit: &Permit) -> Result<(), Fault> {
        if permit.effects().is_empty() {
            return Ok(());
        }
        let (effects, root) = (permit.effects().to_vec(), self.errand.standing.grants.mount_root.clone());
        let done =
            tokio::task::spawn_blocking(move || effects.iter().try_for_each(|e| perform(e, root.as_deref())));
        match done.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(Fault::Tampered),
        }
    }

    async fn relay(&self, permit: Permit, stream: Option<RequestBody>) -> Result<Passed, Fault> {
        let engine = &self.errand.desk.gateway.engine;
        let relayed = engine.relay(&permit, self.errand.version, stream).await?;
        match relayed {
            Relayed::Switched(parts, upgraded) => Ok(Passed::Switched(parts, upgraded)),
            Relayed::Answer(parts, body)
                if parts.status.is_client_error() || parts.status.is_server_error() =>
            {
                let words = Limited::new(body, MOST_WORDS)
                    .collect()
                    .await
                    .map(http_body_util::Collected::to_bytes)
                    .unwrap_or_default();
                Err(Fault::Said(parts.status, self.wording.told(&engine_message(&words))))
            }
            Relayed::Answer(parts, body) => {
                let hold = Arc::clone(&self.errand.hold);
                Ok(Passed::Answered(Said {
                    status: parts.status,
                    headers: parts.headers,
                    body,
                    permit,
                    hold,
                }))
            }
        }
    }

    /// As [`Self::send`], for a call that the engine answers with a whole document, or with nothing.
    pub(crate) async fn ask(
        &self,
        call: TenantCall,
        facts: &Facts,
    ) -> Result<(Permit, StatusCode, Bytes), Fault> {
        match self.send(call, facts, None).await? {
            Passed::Answered(said) => said.whole().await,
            Passed::Switched(..) => {
                Err(Fault::Said(StatusCode::BAD_GATEWAY, "wharf: an unasked upgrade".to_owned()))
            }
        }
    }

    /// As [`Self::ask`], for a permit that is there already.
    pub(crate) async fn finish(&self, permit: Permit) -> Result<(Permit, StatusCode, Bytes), Fault> {
        match self.carry_out(permit, None).await? {
            Passed::Answered(said) => said.whole().await,
            Passed::Switched(..) => {
                Err(Fault::Said(StatusCode::BAD_GATEWAY, "wharf: an unasked upgrade".to_owned()))
            }
        }
    }

    fn record(
        &self,
        action: &str,
        outcome: Outcome,
        detail: &str,
        took: Option<std::time::Duration>,
    ) -> Result<(), AuditError> {
        let mut record = blank(&self.errand.desk, &self.errand.actor, action, &self.object);
        record.id.clone_from(&self.id);
        record.outcome = outcome;
        detail.clone_into(&mut record.detail);
        record.micros = took.map(|took| u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        self.errand.desk.gateway.audit.record(&record)
    }

    /// Writes down what became of something that no engine has to do with.
    pub(crate) fn record_own(
        desk: &Desk,
        action: &str,
        object: &str,
        outcome: Outcome,
    ) -> Result<(), AuditError> {
        let mut record = blank(desk, &actor(desk), action, object);
        record.outcome = outcome;
        desk.gateway.audit.record(&record)
    }

    /// Writes down that something was refused.
    pub(crate) fn record_denial(
        desk: &Desk,
        action: &str,
        object: &str,
        rule: &str,
        reason: &str,
    ) -> Result<(), AuditError> {
        let mut record = blank(desk, &actor(desk), action, object);
        record.outcome = Outcome::Denied;
        rule.clone_into(&mut record.rule);
        reason.clone_into(&mut record.detail);
        desk.gateway.audit.record(&record)
    }
}

/// One thing that must be so on the host.
fn perform(effect: &Effect, root: Option<&str>) -> Result<(), Fault> {
    let fails = |error: &dyn std::error::Error| {
        let why = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        let words = format!("wharf: {error}{why}; tell the administrator (`mount_root`)");
        Fault::Said(StatusCode::INTERNAL_SERVER_ERROR, words)
    };
    let (Effect::MountSource { tenant: Some(tenant), pod, source, owner }, Some(root)) = (effect, root)
    else {
        return Err(Fault::Tampered);
    };
    let root = MountRoot::open(Path::new(root), Owner::of_this_process()).map_err(|error| fails(&error))?;
    match root.of_tenant(tenant).and_then(|root| root.ensure_source(pod, source, *owner)) {
        Ok(_) => Ok(()),
        Err(error @ SourceError::Io { .. }) => Err(fails(&error)),
        Err(error) => {
            Err(Fault::Denied(Denial { rule: Rule::Mounts, reason: error.to_string(), hint: None }))
        }
    }
}

fn actor(desk: &Desk) -> Actor {
    Actor::Tenant(wharf_policy::TenantActor { tenant: desk.tenant.clone(), user: desk.user.clone() })
}

fn blank(desk: &Desk, actor: &Actor, action: &str, object: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from(SystemTime::now()),
        actor: match &desk.admitted {
            // Who comes with a certificate is told apart from others of that name, and from an account's owner.
            Some(admitted) => format!("{actor} by certificate {} from {}", admitted.serial(), admitted.from),
            None => actor.to_string(),
        },
        tenant: Some(desk.tenant.name.clone()),
        user: Some(desk.user.clone()),
        action: action.to_owned(),
        object: object.to_owned(),
        id: None,
        outcome: Outcome::Permitted,
        rule: String::new(),
        detail: String::new(),
        micros: None,
    }
}

impl Said {
    /// The answer, read whole.
    pub(crate) async fn whole(self) -> Result<(Permit, StatusCode, Bytes), Fault> {
        let broken =
            |_| Fault::Said(StatusCode::BAD_GATEWAY, "wharf: the engine's answer broke off".to_owned());
        let mut body = Limited::new(self.body, MOST_BYTES);
        let mut bytes = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let piece = frame.map_err(broken)?.into_data().unwrap_or_default();
            self.hold.at_least(bytes.len() + piece.len())?;
            bytes.extend_from_slice(&piece);
        }
        Ok((self.permit, self.status, bytes.freeze()))
    }
}

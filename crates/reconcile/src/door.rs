//! The one way from an intention to the engine: judge, prepare the host, send, record.

use crate::delivery::{Delivery, DeliveryError};
use crate::error::StepError;
use crate::report::Report;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wharf_docker::{Engine, Reply};
use wharf_host::MountRoot;
use wharf_model::{ContainerId, EngineName, ExecId, ImageId, PodName};
use wharf_policy::{
    Actor, Denial, Effect, Facts, Grants, OwnedContainer, OwnedExec, Permit, SecretDelivery, decide,
    decide_delivery,
};
use wharf_store::{AuditError, AuditRecord, AuditTrail, Moment, Outcome};
use wharf_wire::{Bind, Call, ContainerSummary, EngineInfo, ImageDetails, NetworkChoice, Settings};

/// What records call it.
const DELIVER: &str = "deliver secret";

/// Who is asking, of which engine, allowed what; and what is known so far.
pub struct Door<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// Who is asking.
    pub actor: &'a Actor,
    /// What is allowed.
    pub grants: &'a Grants,
    /// Where pods' directories lie.
    pub mount_root: Option<&'a MountRoot>,
    /// How secrets come to containers; `None` where there is no way.
    pub delivery: Option<&'a dyn Delivery>,
    /// Who is told.
    pub report: &'a dyn Report,
    /// The account on whose behalf sudo runs us; records name it beside the actor.
    pub caller: Option<&'a str>,
    /// Where every denial and every change is recorded; `None` where there is no place for it.
    pub audit: Option<&'a AuditTrail>,
    facts: RefCell<Facts>,
}

impl<'a> Door<'a> {
    /// A door at which nothing is known yet.
    pub fn new(engine: &'a Engine, actor: &'a Actor, grants: &'a Grants, report: &'a dyn Report) -> Self {
        Self {
            engine,
            actor,
            grants,
            mount_root: None,
            delivery: None,
            report,
            caller: None,
            audit: None,
            facts: RefCell::default(),
        }
    }

    /// Learns what the engine listed: which containers are pods' own, and what they mount.
    pub fn learn(&self, containers: &[ContainerSummary]) {
        let mut facts = self.facts.borrow_mut();
        for summary in containers {
            let Some(owned) = OwnedContainer::observed(summary) else { continue };
            if !facts.containers.contains(&owned) {
                facts.containers.push(owned);
                facts.mounted_paths.extend(summary.mounts.iter().map(|mount| mount.source.clone()));
            }
        }
    }

    /// Learns what containers are going to mount.
    pub(crate) fn learn_paths<'b>(&self, binds: impl Iterator<Item = &'b Bind>) {
        self.facts.borrow_mut().mounted_paths.extend(binds.map(|bind| bind.source.path()));
    }

    /// Learns whom the host takes containers' root for.
    pub(crate) fn learn_engine(&self, info: &EngineInfo) {
        let mut facts = self.facts.borrow_mut();
        facts.container_root = info.container_root();
        facts.kept_root = info.wharf.as_ref().and_then(|gateway| gateway.mount_root.clone());
    }

    /// Learns what a network's name means.
    pub(crate) fn learn_network(&self, name: &str, network: NetworkChoice) {
        self.facts.borrow_mut().networks.insert(name.to_owned(), network);
    }

    /// Learns which labels containers made of an image inherit.
    pub(crate) fn learn_image(&self, image: &ImageId, details: &ImageDetails) {
        let labels = details.config.get("Labels").and_then(|labels| labels.as_object());
        let names = labels.into_iter().flat_map(|labels| labels.keys().cloned()).collect();
        self.facts.borrow_mut().image_labels.insert(image.clone(), names);
    }

    /// What is known so far.
    pub(crate) fn facts(&self) -> std::cell::Ref<'_, Facts> {
        self.facts.borrow()
    }

    /// The pod's own containers with their names.
    pub(crate) fn owned(&self, pod: &PodName) -> Vec<(EngineName, ContainerId)> {
        let facts = self.facts.borrow();
        let own = facts.containers.iter().filter(|container| container.pod() == pod);
        own.map(|container| (container.name().clone(), container.id().clone())).collect()
    }

    /// Judges, prepares the host, sends, records.
    pub(crate) async fn perform(&self, call: Call) -> Result<Reply, StepError> {
        let (verb, object) = (call.verb(), self.object_of(&call));
        let permit = match decide(self.actor, call, &self.facts.borrow(), self.grants) {
            Ok(permit) => permit,
            Err(denial) => {
                self.record_denial(verb, &object, &denial);
                return Err(denial.into());
            }
        };
        // Before, not after: what cannot be recorded is not done for somebody else, and a run that is killed in the
        // middle has left its record.
        let recorded = self.record(verb, &object, Outcome::Permitted, "", "");
        if self.caller.is_some() {
            recorded?;
        }
        let done = self.carry_out(&permit).await;
        if let Err(error) = &done {
            let _recorded = self.record(verb, &object, Outcome::Failed, "", &error.to_string());
        }
        let reply = done?;
        self.remember(&permit, &reply);
        Ok(reply)
    }

    async fn carry_out(&self, permit: &Permit) -> Result<Reply, StepError> {
        for effect in permit.effects() {
            match (effect, self.mount_root) {
                (Effect::MountSource { tenant: None, pod, source, owner }, Some(root)) => {
                    root.ensure_source(pod, source, *owner)?;
                }
                (Effect::DeliverSecrets(delivery), _) => self.hand_over(delivery)?,
                // The rule `mounts` refuses where there is no mount root; tenants' directories are the gateway's to make.
                (Effect::MountSource { .. }, _) => return Err(StepError::Confused),
            }
        }
        Ok(self.engine.send(permit).await?)
    }

    /// Judges, and puts a container's secrets where it finds them, of a container that exists.
    pub(crate) fn deliver(&self, name: &EngineName, settings: &Settings) -> Result<(), StepError> {
        match decide_delivery(self.actor, name, settings, &self.facts.borrow(), self.grants) {
            Ok(Some(delivery)) => self.hand_over(&delivery),
            Ok(None) => Ok(()),
            Err(denial) => {
                self.record_denial(DELIVER, &name.to_string(), &denial);
                Err(denial.into())
            }
        }
    }

    /// Recorded before, as everything; and after, when it failed.
    fn hand_over(&self, delivery: &SecretDelivery) -> Result<(), StepError> {
        let bind = delivery.bind();
        let to = format!("to {}.{}", bind.pod, bind.container);
        let objects: BTreeSet<String> =
            bind.files.iter().map(|file| format!("{}/{}", bind.pod, file.name)).collect();
        for object in &objects {
            let recorded = self.record(DELIVER, object, Outcome::Permitted, "", &to);
            if self.caller.is_some() {
                recorded?;
            }
        }
        let root = self.facts.borrow().container_root;
        let done = self.delivery.ok_or(DeliveryError::NotRoot).and_then(|way| way.deliver(delivery, root));
        if let Err(error) = &done {
            for object in &objects {
                let _recorded = self.record(DELIVER, object, Outcome::Failed, "", &format!("{to}: {error}"));
            }
        }
        Ok(done?)
    }

    fn remember(&self, permit: &Permit, reply: &Reply) {
        let mut facts = self.facts.borrow_mut();
        match reply {
            Reply::Created(id) => facts.containers.extend(OwnedContainer::created(permit, id.clone())),
            Reply::ExecCreated(id) => {
                let owned = OwnedExec::created(permit, id.clone(), &facts.containers);
                facts.execs.extend(owned);
            }
            _ => {}
        }
    }

    /// As `perform`, for a call that makes a container.
    pub(crate) async fn create(&self, call: Call) -> Result<ContainerId, StepError> {
        match self.perform(call).await? {
            Reply::Created(id) => Ok(id),
            _ => Err(StepError::Confused),
        }
    }

    /// As `perform`, for a call that makes an exec.
    pub(crate) async fn create_exec(&self, call: Call) -> Result<ExecId, StepError> {
        match self.perform(call).await? {
            Reply::ExecCreated(id) => Ok(id),
            _ => Err(StepError::Confused),
        }
    }

    pub(crate) fn record_denial(&self, verb: &str, object: &str, denial: &Denial) {
        // It is denied, whether or not that can be written down.
        let _recorded = self.record(verb, object, Outcome::Denied, denial.rule.name(), &denial.reason);
    }

    fn record(
        &self,
        action: &str,
        object: &str,
        outcome: Outcome,
        rule: &str,
        detail: &str,
    ) -> Result<(), AuditError> {
        let Some(trail) = self.audit else { return Ok(()) };
        trail.record(&AuditRecord {
            time: Moment::from(std::time::SystemTime::now()),
            tenant: None,
            user: self.caller.map(str::to_owned),
            actor: self
                .caller
                .map_or_else(|| self.actor.to_string(), |user| format!("{} (user {user})", self.actor)),
            action: action.to_owned(),
            object: object.to_owned(),
            id: None,
            outcome,
            rule: rule.to_owned(),
            detail: detail.to_owned(),
            micros: None,
        })
    }

    fn object_of(&self, call: &Call) -> String {
        match call {
            Call::CreateContainer { name, .. } => name.to_string(),
            Call::StartContainer(id)
            | Call::StopContainer(id)
            | Call::RestartContainer(id)
            | Call::SignalContainer { container: id, .. }
            | Call::RemoveContainer(id)
            | Call::CreateExec { container: id, .. }
            | Call::ReadLogs { container: id, .. } => {
                let facts = self.facts.borrow();
                let known = facts.containers.iter().find(|container| container.id() == id);
                known.map_or_else(|| id.to_string(), |container| container.name().to_string())
            }
            Call::PullImage { image, .. } => image.to_string(),
            Call::LoadPauseImage(_) => "pause image".to_owned(),
            Call::StartExec { exec, .. } | Call::ResizeExec { exec, .. } => {
                let facts = self.facts.borrow();
                let known = facts.execs.iter().find(|known| known.id() == exec);
                known.map_or_else(|| exec.to_string(), |known| known.container().name().to_string())
            }
            // Nothing here asks for these.
            Call::Tenant(_) | Call::Verbatim(_) | Call::Workstation(_) => call.verb().to_owned(),
        }
    }
}

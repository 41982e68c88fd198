//! `wharf up`: a pod file made true.

use crate::apply::Apply;
use crate::door::Door;
use crate::error::{Changed, ReconcileError, StepError};
use crate::images::{load_pause, missing, pull, to_pull};
use crate::observe::{PodView, architecture, engine_facts, engine_info, foreign, images, references, view};
use wharf_model::{ImageRef, PodName};
use wharf_pod::{Action, Desired, EngineFacts, HostFacts, Images, Plan, Pod, desired, plan};
use wharf_policy::foresee_creation;
use wharf_wire::{ContainersNamedFor, EngineInfo, RegistryCredentials};

/// What is wanted.
pub struct Request<'a> {
    /// The pod's name.
    pub name: &'a PodName,
    /// What its file says.
    pub pod: &'a Pod,
    /// What this host contributes.
    pub host: &'a HostFacts,
    /// The host's name for the network of pods.
    pub network: &'a str,
    /// Accounts at registries.
    pub credentials: &'a dyn Credentials,
}

/// Where accounts at registries come from.
pub trait Credentials {
    /// The account at a registry, `docker.io` for Docker's own.
    fn for_registry(&self, registry: &str) -> Option<RegistryCredentials>;
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// All was as it should be.
    Unchanged,
    /// It is now.
    Changed(Plan),
}

/// Everything that a plan is made from, and the plan.
pub(crate) struct Prepared {
    pub(crate) info: EngineInfo,
    pub(crate) desired: Desired,
    pub(crate) view: PodView,
    pub(crate) plan: Plan,
}

/// Makes the pod as its file says.
///
/// # Errors
/// See [`ReconcileError`]: before anything is stopped, unless it is [`ReconcileError::Partly`].
pub async fn up(door: &Door<'_>, request: &Request<'_>) -> Result<Outcome, ReconcileError> {
    let mut prepared = prepare(door, request).await?;
    let pulls = to_pull(request.pod, &prepared.view.images);
    if !pulls.is_empty() {
        pull(door, &pulls, request.credentials).await?;
        prepared.view.images = images(door, &wanted(&prepared.desired)).await?;
        prepared.plan = plan(&prepared.desired, &prepared.view.images, &prepared.view.observed);
    }
    if prepared.plan.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    foresee(door, request.name, &prepared).await?;
    bring_pause_image(door, &mut prepared).await?;
    let Prepared { desired, view, plan, .. } = &prepared;
    let failures = Apply::new(door, desired, &view.images, plan).run().await;
    if failures.is_empty() {
        return Ok(Outcome::Changed(prepared.plan));
    }
    Err(ReconcileError::Partly { pod: request.name.clone(), failures, changed: Changed::Something })
}

/// Observes and plans; changes nothing.
pub(crate) async fn prepare(door: &Door<'_>, request: &Request<'_>) -> Result<Prepared, ReconcileError> {
    let info = engine_info(door).await?;
    let architecture = architecture(&info)?;
    let pause = wharf_wire::pause_image_reference(architecture)
        .map_err(|_| ReconcileError::Architecture(info.architecture.clone()))?;
    let wanted: Vec<&ImageRef> = references(request.pod, &pause);
    let facts = engine_facts(door, &info, request.network, &pause);
    let (facts, view) = futures_util::future::join(facts, view(door, request.name, &wanted)).await;
    let (facts, view): (EngineFacts, PodView) = (facts?, view?);
    let desired = desired(request.pod, request.name, request.host, &facts).map_err(ReconcileError::Misfit)?;
    let plan = plan(&desired, &view.images, &view.observed);
    Ok(Prepared { info, desired, view, plan })
}

/// Everything that could refuse is asked before anything is stopped: names, sources, rules, images.
pub(crate) async fn foresee(door: &Door<'_>, pod: &PodName, prepared: &Prepared) -> Result<(), ReconcileError> {
    let makes = |action: &Action| matches!(action, Action::Create | Action::Replace(..));
    if !prepared.plan.steps.iter().any(|step| makes(&step.action)) {
        return Ok(());
    }
    let named = door.engine.observe(&ContainersNamedFor(pod.clone())).await?;
    if let Some(name) = foreign(&named) {
        return Err(ReconcileError::Foreign(name));
    }
    judge_creations(door, pod, &prepared.desired)?;
    let members: Vec<&ImageRef> = prepared.desired.members.iter().map(|member| &member.image).collect();
    match missing(&members, &prepared.view.images) {
        Some(image) => Err(ReconcileError::NoSuchImage(image.clone())),
        None => Ok(()),
    }
}

/// The rules for every container of the pod, whether or not it is made in this run.
pub(crate) fn judge_creations(door: &Door<'_>, pod: &PodName, desired: &Desired) -> Result<(), ReconcileError> {
    let root = (wharf_model::EngineName::root(pod), desired.root.settings(), Some(desired.root.place()));
    let members = desired.members.iter().map(|member| (member.engine_name(pod), member.settings(), None));
    for (name, settings, place) in std::iter::once(root).chain(members) {
        let judged = foresee_creation(door.actor, &name, settings, place, &door.facts(), door.grants);
        if let Err(denial) = judged {
            door.record_denial("create container", &name.to_string(), &denial);
            return Err(denial.into());
        }
    }
    Ok(())
}

async fn bring_pause_image(door: &Door<'_>, prepared: &mut Prepared) -> Result<(), ReconcileError> {
    if prepared.view.images.contains_key(&prepared.desired.root.image) {
        return Ok(());
    }
    load_pause(door, architecture(&prepared.info)?).await.map_err(|error| match error {
        StepError::Denied(denial) => ReconcileError::Denied(denial),
        StepError::Engine(error) => ReconcileError::Engine(error),
        _ => ReconcileError::NoSuchImage(prepared.desired.root.image.clone()),
    })?;
    let images: Images = images(door, &[&prepared.desired.root.image]).await?;
    prepared.view.images.extend(images);
    match missing(&[&prepared.desired.root.image], &prepared.view.images) {
        Some(image) => Err(ReconcileError::NoSuchImage(image.clone())),
        None => Ok(()),
    }
}

fn wanted(desired: &Desired) -> Vec<&ImageRef> {
    let mut wanted: Vec<&ImageRef> = desired.members.iter().map(|member| &member.image).collect();
    wanted.push(&desired.root.image);
    wanted.sort();
    wanted.dedup();
    wanted
}

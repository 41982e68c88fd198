//! `wharf up`: a pod file made true.

use crate::apply::Apply;
use crate::delivery::{DeliveryError, Kept};
use crate::door::Door;
use crate::error::{ReconcileError, StepError, StepFailure};
use crate::images::{load_pause, missing, pull, to_pull};
use crate::observe::{PodView, architecture, engine_facts, engine_info, foreign, images, references, view};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;
use wharf_model::{ContainerName, ImageRef, PodName, SecretName, SecretOwner};
use wharf_pod::{
    Action, Desired, DesiredMember, EngineFacts, HostFacts, Images, ObservedContainer, Plan, Pod, desired,
    plan,
};
use wharf_policy::{Denial, Rule, foresee_creation, foresee_image};
use wharf_wire::{BindSource, ContainersNamedFor, Credentials, EngineInfo, ImageByReference, SecretBind};

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
    for _ in 0..LOOKS_AGAIN {
        match Box::pin(make_true(door, request)).await {
            Err(ReconcileError::Partly { failures, .. }) if are_overtaken(&failures) => {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            other => return other,
        }
    }
    Box::pin(make_true(door, request)).await
}

/// How often a run that was overtaken looks again.
const LOOKS_AGAIN: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// The engine goes on with what a run asked for before it was killed, and may finish it after this run has looked.
fn are_overtaken(failures: &[StepFailure]) -> bool {
    let follows =
        |failure: &StepFailure| matches!(failure.error, StepError::Overtaken(_) | StepError::Dependency(_));
    failures.iter().all(follows)
        && failures.iter().any(|failure| matches!(failure.error, StepError::Overtaken(_)))
}

async fn make_true(door: &Door<'_>, request: &Request<'_>) -> Result<Outcome, ReconcileError> {
    let mut prepared = prepare(door, request).await?;
    let pulls = to_pull(request.pod, &prepared.view.images);
    if !pulls.is_empty() {
        pull(door, &pulls, request.credentials).await?;
        prepared.view.images = images(door, &wanted(&prepared.desired)).await?;
        prepared.plan = plan(&prepared.desired, &prepared.view.images, &prepared.view.observed);
    }
    if prepared.plan.is_empty() {
        // A run that was killed, or a `rekey`, may have left something to do that no container shows.
        open_secrets(door, request.name, &prepared)?;
        forget_secrets(door, request.name, &prepared.desired)?;
        return Ok(Outcome::Unchanged);
    }
    foresee(door, request.name, &prepared).await?;
    open_secrets(door, request.name, &prepared)?;
    bring_pause_image(door, &mut prepared).await?;
    let Prepared { desired, view, plan, .. } = &prepared;
    let failures = Apply::new(door, desired, &view.images, plan).run().await;
    if failures.is_empty() {
        forget_secrets(door, request.name, desired)?;
        return Ok(Outcome::Changed(prepared.plan));
    }
    Err(ReconcileError::Partly { pod: request.name.clone(), failures })
}

/// Observes, judges and plans; changes nothing.
pub(crate) async fn prepare(door: &Door<'_>, request: &Request<'_>) -> Result<Prepared, ReconcileError> {
    let info = engine_info(door).await?;
    door.learn_engine(&info);
    let architecture = architecture(&info)?;
    let pause = wharf_wire::pause_image_reference(architecture)
        .map_err(|_| ReconcileError::Architecture(info.architecture.clone()))?;
    let wanted: Vec<&ImageRef> = references(request.pod, &pause);
    check_reach(request.pod, &info)?;
    let facts = engine_facts(door, &info, request.network, &pause);
    let (facts, view) = futures_util::future::join(facts, view(door, request.name, &wanted)).await;
    let (facts, mut view): (EngineFacts, PodView) = (facts?, view?);
    // Without the key nothing tells whether these are as they should be; to replace them all would be the wrong guess.
    if request.host.hash_key.is_none() && view.observed.containers().any(ObservedContainer::is_keyed) {
        return Err(ReconcileError::Keyed(request.name.clone()));
    }
    if request.pod.uses_secrets() {
        let way = door.delivery.ok_or(DeliveryError::NotRoot)?;
        view.observed.delivered = way.delivered(&SecretOwner::Machine, request.name)?;
    }
    let host = here(request.host, &info);
    let desired = desired(request.pod, request.name, &host, &facts).map_err(ReconcileError::Misfit)?;
    // Also where nothing is to be made: a grant may have been taken back since.
    judge_creations(door, request.name, &desired)?;
    let plan = plan(&desired, &view.images, &view.observed);
    Ok(Prepared { info, desired, view, plan })
}

/// What this host contributes: through a gateway, the directories are where that keeps them.
fn here<'a>(host: &'a HostFacts, info: &EngineInfo) -> Cow<'a, HostFacts> {
    match &info.wharf {
        None => Cow::Borrowed(host),
        Some(gateway) => Cow::Owned(HostFacts { mount_root: gateway.mount_root.clone(), ..host.clone() }),
    }
}

/// Secrets lie in the memory of the machine that wharf runs on: an engine elsewhere would bind what is not there.
fn check_reach(pod: &Pod, info: &EngineInfo) -> Result<(), DeliveryError> {
    match pod.uses_secrets() {
        true if info.wharf.is_some() => {
            Err(DeliveryError::Elsewhere("a gateway, which takes no sealed files yet"))
        }
        true if info.is_rootless() => Err(DeliveryError::Elsewhere("rootless, and sees no memory of root's")),
        _ => Ok(()),
    }
}

/// What this run delivers is opened, and kept for after a reboot, before anything is stopped.
fn open_secrets(door: &Door<'_>, pod: &PodName, prepared: &Prepared) -> Result<(), DeliveryError> {
    let members = &prepared.desired.members;
    let is_delivered = |member: &&DesiredMember| {
        prepared.plan.step(&member.engine_name(pod)).is_some_and(|step| {
            matches!(step.action, Action::Create | Action::Replace(..)) || step.delivery.is_some()
        })
    };
    let binds: Vec<&SecretBind> = members.iter().filter_map(DesiredMember::secret_bind).collect();
    if binds.is_empty() {
        return Ok(());
    }
    let way = door.delivery.ok_or(DeliveryError::NotRoot)?;
    let shares_processes = members.iter().any(DesiredMember::shares_processes);
    let kept = Kept { binds: &binds, root: door.facts().container_root, shares_processes };
    // What is to be kept is opened, too: after a reboot nobody is there to mend it.
    let is_kept = way.is_kept(&kept)?;
    let wanted: BTreeSet<SecretName> = members
        .iter()
        .filter(|member| !is_kept || is_delivered(member))
        .flat_map(DesiredMember::secrets)
        .map(|file| file.name.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    way.open(&SecretOwner::Machine, pod, &wanted)?;
    if is_kept { Ok(()) } else { way.keep(&kept) }
}

/// What no container has any more goes.
fn forget_secrets(door: &Door<'_>, pod: &PodName, desired: &Desired) -> Result<(), DeliveryError> {
    let keep: Vec<&ContainerName> = desired
        .members
        .iter()
        .filter(|member| !member.secrets().is_empty())
        .map(|member| &member.name)
        .collect();
    door.delivery.map_or(Ok(()), |way| way.take_away(&SecretOwner::Machine, pod, &keep))
}

/// Everything that could refuse is asked before anything is stopped: names, sources, rules, images.
pub(crate) async fn foresee(
    door: &Door<'_>,
    pod: &PodName,
    prepared: &Prepared,
) -> Result<(), ReconcileError> {
    let makes = |action: &Action| matches!(action, Action::Create | Action::Replace(..));
    if !prepared.plan.steps.iter().any(|step| makes(&step.action)) {
        return Ok(());
    }
    let named = door.engine.observe(&ContainersNamedFor(pod.clone())).await?;
    if let Some(name) = foreign(&named) {
        let reason = format!("container `{name}` exists and is not the pod's own");
        door.record_denial("create container", &name, &Denial { rule: Rule::Ownership, reason, hint: None });
        return Err(ReconcileError::Foreign(name));
    }
    check_sources(door, pod, prepared)?;
    let members: Vec<&ImageRef> = prepared.desired.members.iter().map(|member| &member.image).collect();
    if let Some(image) = missing(&members, &prepared.view.images) {
        return Err(ReconcileError::NoSuchImage(image.clone()));
    }
    check_ids(door, &members).await?;
    judge_images(door, pod, prepared).await
}

/// Sources are looked at before anything is stopped; what is missing is made together with its container.
fn check_sources(door: &Door<'_>, pod: &PodName, prepared: &Prepared) -> Result<(), ReconcileError> {
    let Some(root) = door.mount_root.filter(|_| door.facts().kept_root.is_none()) else { return Ok(()) };
    let is_kept = |name| prepared.plan.step(&name).is_some_and(|step| matches!(step.action, Action::Keep(_)));
    let members = prepared.desired.members.iter().filter(|member| !is_kept(member.engine_name(pod)));
    for bind in members.flat_map(|member| &member.settings().binds) {
        if let BindSource::PodDirectory { source, .. } = &bind.source {
            root.check_source(pod, source)?;
        }
    }
    Ok(())
}

/// Containers inherit their images' labels; those are asked for only where the host reserves some.
async fn judge_images(door: &Door<'_>, pod: &PodName, prepared: &Prepared) -> Result<(), ReconcileError> {
    if door.grants.reserved_labels.is_empty() {
        return Ok(());
    }
    for member in &prepared.desired.members {
        let Some(image) = prepared.view.images.get(&member.image) else { continue };
        if !door.facts().image_labels.contains_key(image) {
            match door.engine.observe(&ImageByReference(ImageRef::Id(image.clone()))).await {
                // Yet to be pulled, in a plan. Without its labels no container is made of it.
                Err(error) if error.status() == Some(404) => continue,
                details => door.learn_image(image, &details?),
            }
        }
        let judged = foresee_image(image, &door.facts(), door.grants);
        if let Err(denial) = judged {
            door.record_denial("create container", &member.engine_name(pod).to_string(), &denial);
            return Err(denial.into());
        }
    }
    Ok(())
}

/// An id stands for itself in a plan; whether there is such an image, only the engine can tell.
async fn check_ids(door: &Door<'_>, members: &[&ImageRef]) -> Result<(), ReconcileError> {
    let ids: BTreeSet<&ImageRef> =
        members.iter().copied().filter(|image| matches!(image, ImageRef::Id(_))).collect();
    for image in ids {
        match door.engine.observe(&ImageByReference(image.clone())).await {
            Err(error) if error.status() == Some(404) => {
                return Err(ReconcileError::NoSuchImage(image.clone()));
            }
            other => drop(other?),
        }
    }
    Ok(())
}

/// The rules for every container of the pod, whether or not it is made in this run.
pub(crate) fn judge_creations(
    door: &Door<'_>,
    pod: &PodName,
    desired: &Desired,
) -> Result<(), ReconcileError> {
    let root = (wharf_model::EngineName::root(pod), desired.root.settings(), Some(desired.root.place()));
    let members = desired.members.iter().map(|member| (member.engine_name(pod), member.settings(), None));
    // No source may lie inside another, wished or observed: what one container is to have counts for all of them.
    door.learn_paths(desired.members.iter().flat_map(|member| &member.settings().binds));
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

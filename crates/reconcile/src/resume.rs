//! After an engine start: members that should run, run again, in order. The engine alone does not manage that for
//! shared namespaces: it starts containers in no order, and a member whose root container is not up yet stays down
//! ("cannot join network of a non running container", seen on 20.10 and 28.5).

use crate::await_condition::await_condition;
use crate::delivery::DeliveryError;
use crate::door::Door;
use crate::error::{ReconcileError, StepError, StepFailure};
use crate::report::Event;
use crate::start::start;
use futures_util::future::{join_all, try_join_all};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};
use wharf_docker::EngineError;
use wharf_model::{ContainerId, EngineName, PodName, SecretOwner};
use wharf_pod::{Condition, Wait, has_secrets_by_labels, waits_from_labels};
use wharf_store::PodLock;
use wharf_wire::{Call, ContainerById, ContainerDetails, ContainerState, ContainerSummary, PodContainers};

/// What was done.
#[derive(Debug, Default)]
pub struct Resumed {
    /// Containers that were started.
    pub started: Vec<EngineName>,
    /// Members that ran in the namespaces of a root container that has been started anew since, and were restarted.
    pub rejoined: Vec<EngineName>,
    /// What failed.
    pub failures: Vec<StepFailure>,
}

/// A pod's container with what is needed to put it back.
struct Part {
    name: EngineName,
    details: ContainerDetails,
    waits: Vec<Wait>,
}

/// Takes a pod's lock; `None` when another run has it, which will put the pod right itself.
pub type TakeLock<'a> = &'a dyn Fn(&PodName) -> Option<PodLock>;

/// Puts every pod back that the actor may manage, all at once: no pod waits for another's.
///
/// # Errors
/// When the engine is away.
pub async fn resume(door: &Door<'_>, take_lock: TakeLock<'_>) -> Result<Resumed, ReconcileError> {
    let containers = door.engine.observe(&PodContainers(None)).await?;
    door.learn(&containers);
    let pods: BTreeSet<PodName> =
        door.facts().containers.iter().map(|container| container.pod().clone()).collect();
    let own = pods.iter().filter(|pod| door.actor.may_manage(pod));
    let all = join_all(own.map(|pod| async {
        let Some(_lock) = take_lock(pod) else { return Resumed::default() };
        let mut resumed = Resumed::default();
        if let Some(failure) = lacks_secrets(door, pod, &containers) {
            resumed.failures.push(failure);
            return resumed;
        }
        match parts(door, pod, &containers).await {
            Ok(parts) => resume_pod(door, pod, &parts, &mut resumed).await,
            Err(error) => {
                resumed.failures.push(StepFailure { name: EngineName::root(pod), error: error.into() });
            }
        }
        resumed
    }))
    .await;
    Ok(all.into_iter().fold(Resumed::default(), Resumed::and))
}

/// A pod does not come back half: where secrets are missing that one of its containers was made with, all of it stays down.
fn lacks_secrets(door: &Door<'_>, pod: &PodName, containers: &[ContainerSummary]) -> Option<StepFailure> {
    let own = door.owned(pod);
    let labels =
        |id: &ContainerId| containers.iter().find(|summary| summary.id == *id).map(|summary| &summary.labels);
    let mut users = own.iter().filter(|(_, id)| labels(id).is_some_and(has_secrets_by_labels)).peekable();
    users.peek()?;
    let failure =
        |name: &EngineName, error: DeliveryError| StepFailure { name: name.clone(), error: error.into() };
    let root = EngineName::root(pod);
    let Some(way) = door.delivery else { return Some(failure(&root, DeliveryError::NotRoot)) };
    let delivered = match way.delivered(&SecretOwner::Machine, pod) {
        Ok(delivered) => delivered,
        Err(error) => return Some(failure(&root, error)),
    };
    let lacking =
        users.find(|(name, _)| name.member.as_ref().is_none_or(|member| !delivered.contains_key(member)));
    lacking.map(|(name, _)| failure(name, DeliveryError::NotThere))
}

impl Resumed {
    fn and(mut self, other: Self) -> Self {
        self.started.extend(other.started);
        self.rejoined.extend(other.rejoined);
        self.failures.extend(other.failures);
        self
    }
}

/// A container that [`resume`] would put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftBehind {
    /// Which.
    pub name: EngineName,
    /// How it lags.
    pub lag: Lag,
}

/// How a container lags behind its pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lag {
    /// It should run, and does not.
    Down,
    /// It runs in the namespaces of a root container that has been started anew since.
    Apart,
}

/// What [`resume`] would put back; changes nothing.
///
/// # Errors
/// When the engine is away.
pub async fn left_behind(door: &Door<'_>) -> Result<Vec<LeftBehind>, ReconcileError> {
    let containers = door.engine.observe(&PodContainers(None)).await?;
    door.learn(&containers);
    let pods: BTreeSet<PodName> =
        door.facts().containers.iter().map(|container| container.pod().clone()).collect();
    let mut found = Vec::new();
    for pod in pods.iter().filter(|pod| door.actor.may_manage(pod)) {
        found.extend(lagging(&parts(door, pod, &containers).await?));
    }
    Ok(found)
}

fn lagging(parts: &[Part]) -> Vec<LeftBehind> {
    let Some(root) = parts.iter().find(|part| part.name.member.is_none()) else { return Vec::new() };
    let members: Vec<&Part> =
        parts.iter().filter(|part| part.name.member.is_some() && is_wanted(part, root)).collect();
    let root_runs = root.details.state.status == ContainerState::Running;
    let lag_of = |member: &Part| {
        let state = &member.details.state;
        let joined_before = time(&state.started_at) < time(&root.details.state.started_at);
        match is_up(state.status) {
            false => Some(Lag::Down),
            true if !root_runs || joined_before => Some(Lag::Apart),
            true => None,
        }
    };
    let root_lag = (!root_runs && !members.is_empty()).then_some((root, Lag::Down));
    let lags = members.iter().filter_map(|member| Some((*member, lag_of(member)?)));
    root_lag.into_iter().chain(lags).map(|(part, lag)| LeftBehind { name: part.name.clone(), lag }).collect()
}

async fn parts(
    door: &Door<'_>,
    pod: &PodName,
    containers: &[ContainerSummary],
) -> Result<Vec<Part>, EngineError> {
    let looks = door.owned(pod).into_iter().map(|(name, id)| async move {
        let details = match door.engine.observe(&ContainerById(id.clone())).await {
            Err(error) if error.status() == Some(404) => return Ok::<Option<Part>, EngineError>(None),
            other => other?,
        };
        let labels = containers.iter().find(|summary| summary.id == id).map(|summary| &summary.labels);
        let waits = labels.map(waits_from_labels).unwrap_or_default();
        Ok(Some(Part { name, details, waits }))
    });
    let looked: Vec<Option<Part>> = try_join_all(looks).await?;
    Ok(looked.into_iter().flatten().collect())
}

async fn resume_pod(door: &Door<'_>, pod: &PodName, parts: &[Part], resumed: &mut Resumed) {
    let Some(root) = parts.iter().find(|part| part.name.member.is_none()) else { return };
    let members: Vec<&Part> =
        parts.iter().filter(|part| part.name.member.is_some() && is_wanted(part, root)).collect();
    if members.is_empty() {
        return;
    }
    let root_runs = root.details.state.status == ContainerState::Running;
    if !root_runs {
        if let Err(error) = start(door, &root.name, &root.details.id).await {
            resumed.failures.push(StepFailure { name: root.name.clone(), error });
            return;
        }
        resumed.started.push(root.name.clone());
    }
    let ids: BTreeMap<EngineName, ContainerId> =
        parts.iter().map(|part| (part.name.clone(), part.details.id.clone())).collect();
    for part in in_order(pod, &members) {
        let done = put_back(door, pod, part, root, root_runs, &ids).await;
        match done {
            Ok(Some(Back::Started)) => resumed.started.push(part.name.clone()),
            Ok(Some(Back::Rejoined)) => resumed.rejoined.push(part.name.clone()),
            Ok(None) => {}
            Err(error) => resumed.failures.push(StepFailure { name: part.name.clone(), error }),
        }
    }
}

/// How long a member waits for another: an engine start must not hang on one pod's file.
const WAIT_PATIENCE: Duration = Duration::from_secs(300);

enum Back {
    Started,
    Rejoined,
}

async fn put_back(
    door: &Door<'_>,
    pod: &PodName,
    part: &Part,
    root: &Part,
    root_ran: bool,
    ids: &BTreeMap<EngineName, ContainerId>,
) -> Result<Option<Back>, StepError> {
    let state = &part.details.state;
    let up = is_up(state.status);
    let joined_before = time(&state.started_at) < time(&root.details.state.started_at);
    if up && root_ran && !joined_before {
        return Ok(None);
    }
    for Wait { on, until } in part.waits.iter().filter(|wait| wait.until != Condition::Started) {
        let on = EngineName::member(pod, on);
        if let Some(id) = ids.get(&on) {
            let waiting = await_condition(door, &on, id, *until);
            let late = || StepError::Hopeless {
                on: on.clone(),
                until: *until,
                why: format!("not within {} s", WAIT_PATIENCE.as_secs()),
            };
            tokio::time::timeout(WAIT_PATIENCE, waiting).await.unwrap_or_else(|_| Err(late()))?;
        }
    }
    if up {
        door.perform(Call::RestartContainer(part.details.id.clone())).await?;
        door.report.event(&Event::Started(&part.name));
        return Ok(Some(Back::Rejoined));
    }
    start(door, &part.name, &part.details.id).await?;
    Ok(Some(Back::Started))
}

/// Whether a member should run, as its restart policy says.
///
/// The engine does not tell whether somebody stopped a container, and forgets whom it stopped itself: killed and started
/// again, it takes an `unless-stopped` container for one stopped by hand (seen on 20.10.24). So a member counts as
/// wanted when the engine's own attempt to start it failed, or when it ended while its pod was down: not before the
/// root container ended, and not after the root container came back.
fn is_wanted(part: &Part, root: &Part) -> bool {
    let (state, root) = (&part.details.state, &root.details.state);
    if is_up(state.status) {
        return true;
    }
    let went_down_with_pod = || {
        let (ended, root_ended) = (time(&state.finished_at), time(&root.finished_at));
        let came_back = if is_up(root.status) { time(&root.started_at) } else { None };
        ended.zip(root_ended).is_some_and(|(ended, pod)| ended + TOLERANCE >= pod)
            && came_back.is_none_or(|back| ended.is_some_and(|ended| ended < back))
    };
    let policy =
        part.details.host_config.get("RestartPolicy").and_then(|p| p.get("Name")).and_then(|n| n.as_str());
    match policy {
        Some("always") => true,
        Some("unless-stopped") => !state.error.is_empty() || went_down_with_pod(),
        Some("on-failure") => !state.error.is_empty() || (state.exit_code != 0 && went_down_with_pod()),
        _ => false,
    }
}

/// An engine that stops, stops a pod's containers all at once; their ends are noted this close to each other.
const TOLERANCE: Duration = Duration::from_secs(1);

fn is_up(state: ContainerState) -> bool {
    matches!(state, ContainerState::Running | ContainerState::Restarting | ContainerState::Paused)
}

/// `None` for the engine's zero time, year 1.
fn time(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

/// What is waited for comes before what waits.
fn in_order<'a>(pod: &PodName, members: &[&'a Part]) -> Vec<&'a Part> {
    let mut ordered: Vec<&Part> = Vec::with_capacity(members.len());
    let mut left: Vec<&Part> = members.to_vec();
    while !left.is_empty() {
        let is_left = |name: &EngineName| left.iter().any(|part| part.name == *name);
        let ready = |part: &&Part| !part.waits.iter().any(|wait| is_left(&EngineName::member(pod, &wait.on)));
        let (now, later): (Vec<&Part>, Vec<&Part>) = left.iter().partition(|part| ready(part));
        if now.is_empty() {
            ordered.extend(later); // a circle, which pod files cannot say
            break;
        }
        ordered.extend(now);
        left = later;
    }
    ordered
}

//! `wharf down` and `wharf ps`: a pod taken away, and pods listed.

use crate::door::Door;
use crate::error::{ReconcileError, StepFailure};
use crate::stop::{Leaving, stop_and_remove};
use serde::Serialize;
use std::collections::BTreeMap;
use wharf_docker::EngineError;
use wharf_model::{ContainerId, ContainerName, EngineName, PodName, SecretOwner};
use wharf_pod::waits_from_labels;
use wharf_policy::check_pod_scope;
use wharf_wire::{ContainerState, ContainerSummary, PodContainers};

/// A pod, listed.
#[derive(Debug, Clone, Serialize)]
pub struct Listed {
    /// Its name.
    pub pod: PodName,
    /// The root container first, then by name.
    pub containers: Vec<ListedContainer>,
}

/// A container, listed.
#[derive(Debug, Clone, Serialize)]
pub struct ListedContainer {
    /// Its name on the engine.
    pub name: EngineName,
    /// Its key in the pod file; absent for the root container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<ContainerName>,
    /// Full id.
    pub container_id: ContainerId,
    /// The reference in the pod file.
    pub image: String,
    /// The engine's word.
    pub state: String,
    /// For people.
    pub status: String,
    /// Published ports.
    pub ports: Vec<ListedPort>,
}

/// A published port, listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListedPort {
    /// The host's address.
    pub address: String,
    /// The host's port.
    pub host: u16,
    /// The pod's port.
    pub container: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// Pods and their containers: one, or all.
///
/// # Errors
/// When the actor may not see the pod, or the engine is away.
pub async fn list(door: &Door<'_>, pod: Option<&PodName>) -> Result<Vec<Listed>, ReconcileError> {
    if let Some(pod) = pod {
        check_pod_scope(door.actor, pod)?;
    }
    let containers = door.engine.observe(&PodContainers(pod.cloned())).await?;
    door.learn(&containers);
    let mut pods: BTreeMap<PodName, Vec<ListedContainer>> = BTreeMap::new();
    for owned in &door.facts().containers {
        if let Some(summary) = containers.iter().find(|summary| summary.id == *owned.id()) {
            pods.entry(owned.pod().clone()).or_default().push(listed(owned.name(), summary));
        }
    }
    let visible = pods.into_iter().filter(|(name, _)| door.actor.may_manage(name));
    Ok(visible
        .map(|(pod, mut containers)| {
            containers.sort_by(|a, b| a.name.cmp(&b.name));
            Listed { pod, containers }
        })
        .collect())
}

fn listed(name: &EngineName, summary: &ContainerSummary) -> ListedContainer {
    let ports = summary.ports.iter().filter_map(|port| {
        Some(ListedPort {
            address: port.ip.clone().unwrap_or_default(),
            host: port.public_port?,
            container: port.private_port,
            protocol: port.protocol.clone(),
        })
    });
    let mut ports: Vec<ListedPort> = ports.collect();
    ports.sort();
    ListedContainer {
        name: name.clone(),
        container: name.member.clone(),
        container_id: summary.id.clone(),
        image: summary.labels.get("wharf.image").unwrap_or(&summary.image).clone(),
        state: state_word(summary.state).to_owned(),
        status: summary.status.clone(),
        ports,
    }
}

fn state_word(state: ContainerState) -> &'static str {
    match state {
        ContainerState::Created => "created",
        ContainerState::Running => "running",
        ContainerState::Paused => "paused",
        ContainerState::Restarting => "restarting",
        ContainerState::Removing => "removing",
        ContainerState::Exited => "exited",
        ContainerState::Dead => "dead",
        ContainerState::Unknown => "unknown",
    }
}

/// Stops and removes a pod's containers, and nothing else: its directories stay. How many there were.
///
/// # Errors
/// When the actor may not, the engine is away, or a container could not be removed.
pub async fn down(door: &Door<'_>, pod: &PodName) -> Result<usize, ReconcileError> {
    check_pod_scope(door.actor, pod)?;
    let containers = observe_pod(door, pod).await?;
    let waits: BTreeMap<ContainerId, Vec<EngineName>> = containers
        .iter()
        .map(|summary| {
            let on =
                waits_from_labels(&summary.labels).into_iter().map(|wait| EngineName::member(pod, &wait.on));
            (summary.id.clone(), on.collect())
        })
        .collect();
    let root = EngineName::root(pod);
    let entry = |(name, id): (EngineName, ContainerId)| {
        let mut below = waits.get(&id).cloned().unwrap_or_default();
        if name.member.is_some() {
            below.push(root.clone());
        }
        (name, (id, below))
    };
    let leaving: Leaving = door.owned(pod).into_iter().map(entry).collect();
    let failures: Vec<StepFailure> = stop_and_remove(door, &leaving)
        .await
        .into_iter()
        .map(|(name, error)| StepFailure { name, error })
        .collect();
    if failures.is_empty() {
        if let Some(way) = door.delivery {
            way.take_away(&SecretOwner::Machine, pod, &[])?;
        }
        return Ok(leaving.len());
    }
    Err(ReconcileError::Partly { pod: pod.clone(), failures })
}

/// One list call; what of it is the pod's own is learnt.
pub(crate) async fn observe_pod(
    door: &Door<'_>,
    pod: &PodName,
) -> Result<Vec<ContainerSummary>, EngineError> {
    let containers = door.engine.observe(&PodContainers(Some(pod.clone()))).await?;
    door.learn(&containers);
    Ok(containers)
}

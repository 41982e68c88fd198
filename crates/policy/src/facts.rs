//! What was observed about the things that a call names.

use crate::rules::labels::POD_LABELS;
use crate::{Permit, TenantFacts, WorkstationFacts};
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ContainerRoot, EngineName, ExecId, ImageId, PodName};
use wharf_wire::{Call, ContainerSummary, ExecDetails, NetworkChoice};

/// What `decide` needs to know beyond its other arguments.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Containers known to be pods' own.
    pub containers: Vec<OwnedContainer>,
    /// Host paths that containers of the pod mount now, or are going to.
    pub mounted_paths: Vec<String>,
    /// Networks by name, each as the engine resolved it.
    pub networks: BTreeMap<String, NetworkChoice>,
    /// Names of the labels that images have, as far as they were asked for.
    pub image_labels: BTreeMap<ImageId, Vec<String>>,
    /// Whom the host takes containers' root for, where the engine maps users.
    pub container_root: Option<ContainerRoot>,
    /// Where the engine, being a gateway, keeps the directories of the caller's pods, and makes them itself.
    pub kept_root: Option<String>,
    /// Execs known to run in such containers.
    pub execs: Vec<OwnedExec>,
    /// What is the tenant's who asks.
    pub tenant: TenantFacts,
    /// What is workstations' own.
    pub workstations: WorkstationFacts,
}

/// A container that is a pod's own: proved, not claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedContainer {
    id: ContainerId,
    name: EngineName,
}

/// An exec in a container that is a pod's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedExec {
    id: ExecId,
    container: OwnedContainer,
}

impl OwnedContainer {
    /// A pod's own container, told by label *and* name: containers inherit their image's labels, so a label alone
    /// proves nothing; and anyone at the engine can give any name, so a name alone proves nothing either.
    pub fn observed(container: &ContainerSummary) -> Option<Self> {
        let labelled = POD_LABELS.iter().find_map(|label| container.labels.get(*label))?;
        let names =
            container.names.iter().filter_map(|name| name.trim_start_matches('/').parse::<EngineName>().ok());
        let name = names.into_iter().find(|name| name.pod.as_str() == labelled)?;
        Some(Self { id: container.id.clone(), name })
    }

    /// What the engine made for a permit to create, under the id that it answered.
    pub fn created(permit: &Permit, id: ContainerId) -> Option<Self> {
        match permit.call() {
            Call::CreateContainer { name, .. } => Some(Self { id, name: name.clone() }),
            _ => None,
        }
    }

    /// Its full id.
    pub fn id(&self) -> &ContainerId {
        &self.id
    }

    /// Its name on the engine.
    pub fn name(&self) -> &EngineName {
        &self.name
    }

    /// Its pod.
    pub fn pod(&self) -> &PodName {
        &self.name.pod
    }
}

impl OwnedExec {
    /// Its full id.
    pub fn id(&self) -> &ExecId {
        &self.id
    }

    /// Where it runs.
    pub fn container(&self) -> &OwnedContainer {
        &self.container
    }

    /// An exec of a pod's own container, told by what the engine says of it.
    pub fn observed(id: ExecId, details: &ExecDetails, containers: &[OwnedContainer]) -> Option<Self> {
        let container = containers.iter().find(|container| container.id == details.container_id)?;
        Some(Self { id, container: container.clone() })
    }

    /// What the engine made for a permit to create an exec, under the id that it answered.
    pub fn created(permit: &Permit, id: ExecId, containers: &[OwnedContainer]) -> Option<Self> {
        match permit.call() {
            Call::CreateExec { container: wanted, .. } => {
                let container = containers.iter().find(|container| container.id == *wanted)?;
                Some(Self { id, container: container.clone() })
            }
            _ => None,
        }
    }
}

impl Facts {
    pub(crate) fn owner_of(&self, id: &ContainerId) -> Option<&OwnedContainer> {
        self.containers.iter().find(|container| container.id == *id)
    }

    pub(crate) fn owner_of_exec(&self, id: &ExecId) -> Option<&OwnedContainer> {
        self.execs.iter().find(|exec| exec.id == *id).map(|exec| &exec.container)
    }
}

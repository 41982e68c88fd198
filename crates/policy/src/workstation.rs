//! What is known to be a workstation's: proved by name *and* label, or made by this run.

use crate::Permit;
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ExecId, ImageId, WorkstationContainer, WorkstationName};
use wharf_wire::workstation::{
    RECIPE_LABEL, WORKSTATION_LABEL, WorkstationAct, WorkstationCall, WorkstationImage,
};
use wharf_wire::{Call, ContainerDetails, ContainerSummary, ExecDetails, ImageSummary, VolumeDetails};

/// How older engines list that an image has no tag.
const NO_TAG: &str = "<none>:<none>";

/// What was observed about workstations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkstationFacts {
    /// Containers of workstations.
    pub containers: Vec<OwnedWorkstation>,
    /// Execs in them.
    pub execs: Vec<OwnedWorkstationExec>,
    /// What has the names of homes.
    pub homes: BTreeMap<WorkstationName, Home>,
    /// Images that were made for workstations.
    pub images: Vec<OwnedWorkstationImage>,
    /// Images that were made for workstations, and whose tag something else has now.
    pub untagged: Vec<UntaggedImage>,
}

/// A container that is a workstation's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedWorkstation {
    id: ContainerId,
    name: WorkstationContainer,
}

/// An exec in a container that is a workstation's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedWorkstationExec {
    id: ExecId,
    container: OwnedWorkstation,
}

/// An image that was made for a workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedWorkstationImage(WorkstationImage);

/// An image that was made for a workstation, and whose tag something else has now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntaggedImage(ImageId);

/// What has the name of a workstation's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// Nothing.
    Absent,
    /// A volume with the workstation's label.
    Own,
    /// A volume that wharf did not make.
    Foreign,
}

impl OwnedWorkstation {
    /// A workstation's own container, out of a list. A label alone proves nothing, since containers inherit their
    /// image's; and a name alone proves nothing either.
    pub fn observed(container: &ContainerSummary) -> Option<Self> {
        let label = container.labels.get(WORKSTATION_LABEL)?;
        container.names.iter().find_map(|name| Self::proved(&container.id, name, label))
    }

    /// A workstation's own container, looked at by itself.
    pub fn inspected(container: &ContainerDetails) -> Option<Self> {
        Self::proved(&container.id, &container.name, container.label(WORKSTATION_LABEL)?)
    }

    fn proved(id: &ContainerId, name: &str, label: &str) -> Option<Self> {
        let name = WorkstationContainer::from_engine(name.strip_prefix('/').unwrap_or(name))?;
        (name.workstation.as_str() == label).then(|| Self { id: id.clone(), name })
    }

    /// What the engine made for a permit to create, under the id that it answered.
    pub fn created(permit: &Permit, id: ContainerId) -> Option<Self> {
        match permit.call() {
            Call::Workstation(WorkstationCall::Create { container, .. }) => {
                Some(Self { id, name: container.clone() })
            }
            Call::Workstation(WorkstationCall::CreateMaker { workstation, .. }) => {
                Some(Self { id, name: workstation.container(wharf_model::WorkstationRole::Maker) })
            }
            _ => None,
        }
    }

    /// The container that a permit renamed, once the engine has done so.
    pub fn renamed(permit: &Permit) -> Option<Self> {
        match permit.call() {
            Call::Workstation(WorkstationCall::Container { container, act: WorkstationAct::Rename(to) }) => {
                Some(Self { id: container.clone(), name: to.clone() })
            }
            _ => None,
        }
    }

    /// Its full id.
    pub fn id(&self) -> &ContainerId {
        &self.id
    }

    /// Its name on the engine.
    pub fn name(&self) -> &WorkstationContainer {
        &self.name
    }
}

impl OwnedWorkstationExec {
    /// What the engine made for a permit to create an exec, under the id that it answered.
    pub fn created(permit: &Permit, id: ExecId, facts: &WorkstationFacts) -> Option<Self> {
        match permit.call() {
            Call::Workstation(WorkstationCall::CreateExec { container, .. }) => {
                Some(Self { id, container: facts.owner_of(container)?.clone() })
            }
            _ => None,
        }
    }

    /// An exec of a workstation's own container, told by what the engine says of it.
    pub fn observed(id: ExecId, details: &ExecDetails, facts: &WorkstationFacts) -> Option<Self> {
        Some(Self { id, container: facts.owner_of(&details.container_id)?.clone() })
    }
}

impl OwnedWorkstationImage {
    /// The tags by which a workstation has an image that was made for it: told by label and by name.
    pub fn observed(workstation: &WorkstationName, image: &ImageSummary) -> Vec<Self> {
        if image.labels.get(WORKSTATION_LABEL).is_none_or(|label| label != workstation.as_str()) {
            return Vec::new();
        }
        let tags = image.repo_tags.iter();
        tags.filter_map(|tag| WorkstationImage::from_engine(workstation, tag)).map(Self).collect()
    }

    /// Which.
    pub fn image(&self) -> &WorkstationImage {
        &self.0
    }
}

impl UntaggedImage {
    /// An image without a name, made by wharf for this workstation: told by both labels of what is made so.
    pub fn observed(workstation: &WorkstationName, image: &ImageSummary) -> Option<Self> {
        let is_its = image.labels.get(WORKSTATION_LABEL).is_some_and(|label| label == workstation.as_str());
        let is_named = image.repo_tags.iter().any(|tag| tag != NO_TAG);
        (is_its && image.labels.contains_key(RECIPE_LABEL) && !is_named).then(|| Self(image.id.clone()))
    }

    /// Its full id.
    pub fn id(&self) -> &ImageId {
        &self.0
    }
}

impl Home {
    /// Whose the volume is that has the name of a workstation's home.
    pub fn observed(workstation: &WorkstationName, volume: Option<&VolumeDetails>) -> Self {
        match volume {
            None => Self::Absent,
            Some(volume) if volume.name != workstation.home() => Self::Foreign,
            Some(volume) => match volume.labels.get(WORKSTATION_LABEL) {
                Some(label) if label == workstation.as_str() => Self::Own,
                _ => Self::Foreign,
            },
        }
    }
}

impl WorkstationFacts {
    /// The workstation's own container of this id.
    pub fn owner_of(&self, id: &ContainerId) -> Option<&OwnedWorkstation> {
        self.containers.iter().find(|container| container.id == *id)
    }

    /// Learns of a container, over what was known of it.
    pub fn learn(&mut self, container: OwnedWorkstation) {
        self.containers.retain(|known| known.id != container.id);
        self.containers.push(container);
    }

    pub(crate) fn owner_of_exec(&self, id: &ExecId) -> Option<&OwnedWorkstation> {
        self.execs.iter().find(|exec| exec.id == *id).map(|exec| &exec.container)
    }
}

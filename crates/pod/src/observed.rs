//! What of a pod there is on the engine.

use crate::desired::{HASH_LABEL, KEYED, ROOT_LABEL};
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ContainerName, EngineName, PodName};
use wharf_wire::{ContainerState, ContainerSummary, SecretFile};

/// A pod's containers as the engine lists them, told by label and name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observed {
    /// The root container.
    pub root: Option<ObservedContainer>,
    /// The others, in no order.
    pub members: Vec<ObservedContainer>,
    /// The secrets that members were given last, where their directories are there.
    pub delivered: BTreeMap<ContainerName, Vec<SecretFile>>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedContainer {
    /// Full id.
    pub id: ContainerId,
    /// Its name on the engine.
    pub name: EngineName,
    /// What it runs.
    pub image_id: String,
    /// What it does now.
    pub state: ContainerState,
    /// By what it is known; `None` when moby-derp made it.
    pub hash: Option<String>,
    /// The root container that it was made for.
    pub root: Option<String>,
}

impl ObservedContainer {
    /// Whether its hash says something only to whoever has the host's key.
    pub fn is_keyed(&self) -> bool {
        self.hash.as_deref().is_some_and(|hash| hash.starts_with(KEYED))
    }
}

impl Observed {
    /// Sorts a list of the pod's own containers; the caller has proved that they are.
    pub fn new<'a>(containers: impl Iterator<Item = (&'a EngineName, &'a ContainerSummary)>) -> Self {
        let mut observed = Self::default();
        for (name, summary) in containers {
            let container = ObservedContainer {
                id: summary.id.clone(),
                name: name.clone(),
                image_id: summary.image_id.clone(),
                state: summary.state,
                hash: summary.labels.get(HASH_LABEL).cloned(),
                root: summary.labels.get(ROOT_LABEL).cloned(),
            };
            match name.member {
                None => observed.root = Some(container),
                Some(_) => observed.members.push(container),
            }
        }
        observed
    }

    pub(crate) fn member(&self, pod: &PodName, name: &ContainerName) -> Option<&ObservedContainer> {
        let name = EngineName::member(pod, name);
        self.members.iter().find(|container| container.name == name)
    }

    /// All of them, the root container last.
    pub fn containers(&self) -> impl Iterator<Item = &ObservedContainer> {
        self.members.iter().chain(&self.root)
    }
}

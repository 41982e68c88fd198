//! What is written down about deliveries: notes beside containers' directories, and what is kept for after a reboot.

use super::{DeliveryError, Kept};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wharf_model::{ContainerName, ContainerRoot, PodName, SecretGeneration, SecretName, SecretOwner};
use wharf_wire::{SecretBind, SecretFile};

/// What is kept of a pod: who has what of it, and the sealed file itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// 0 where none was written yet. A further key needs a default, so that what is there at an upgrade is still understood.
    #[serde(default)]
    version: u32,
    owner: String,
    pub(super) pod: PodName,
    /// User and group on the host that are 0 in a container, where the engine maps users.
    root: Option<(u32, u32)>,
    #[serde(default)]
    pub(super) shares_processes: bool,
    containers: BTreeMap<ContainerName, Vec<NotedFile>>,
    /// The sealed file, as it was when it was used.
    pub(super) sealed: String,
}

/// A file of a container's, as it is written down.
#[derive(Debug, Serialize, Deserialize)]
struct NotedFile {
    file: SecretName,
    name: SecretName,
    generation: SecretGeneration,
    mode: u32,
    user: u32,
    group: u32,
}

impl Manifest {
    pub(super) fn new(kept: &Kept<'_>, sealed: String) -> Option<Self> {
        let first = kept.binds.first()?;
        let containers = kept.binds.iter().map(|bind| (bind.container.clone(), noted(&bind.files)));
        Some(Self {
            version: 1,
            owner: first.owner.to_string(),
            pod: first.pod.clone(),
            root: kept.root.map(|root| (root.uid, root.gid)),
            shares_processes: kept.shares_processes,
            containers: containers.collect(),
            sealed,
        })
    }

    pub(super) fn parse(name: &str, bytes: &[u8]) -> Result<Self, DeliveryError> {
        serde_json::from_slice(bytes).map_err(|_| DeliveryError::Manifest(name.to_owned()))
    }

    pub(super) fn text(&self) -> Vec<u8> {
        // These types always serialise: their map keys are strings.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn owner(&self) -> Option<SecretOwner> {
        self.owner.parse().ok()
    }

    pub(super) fn root(&self) -> Option<ContainerRoot> {
        self.root.map(|(uid, gid)| ContainerRoot { uid, gid })
    }

    /// Who has what, below this place.
    pub(super) fn binds(&self, place: &str, owner: &SecretOwner) -> Vec<SecretBind> {
        let bind = |(container, files): (&ContainerName, &Vec<NotedFile>)| SecretBind {
            place: place.to_owned(),
            owner: owner.clone(),
            pod: self.pod.clone(),
            container: container.clone(),
            files: files.iter().map(NotedFile::read).collect(),
        };
        self.containers.iter().map(bind).collect()
    }

    /// Forgets containers; whether any was forgotten.
    pub(super) fn retain(&mut self, keep: &[&ContainerName]) -> bool {
        let before = self.containers.len();
        self.containers.retain(|container, _| keep.contains(&container));
        self.containers.len() != before
    }
}

/// A note, as it is written.
pub(super) fn note(files: &[SecretFile]) -> Vec<u8> {
    serde_json::to_vec(&noted(files)).unwrap_or_default()
}

/// A note, as it is read; one that is not understood says nothing.
pub(super) fn read_note(bytes: &[u8]) -> Option<Vec<SecretFile>> {
    let noted: Vec<NotedFile> = serde_json::from_slice(bytes).ok()?;
    Some(noted.iter().map(NotedFile::read).collect())
}

fn noted(files: &[SecretFile]) -> Vec<NotedFile> {
    let noted = files.iter().map(|file| NotedFile {
        file: file.file.clone(),
        name: file.name.clone(),
        generation: file.generation,
        mode: file.mode,
        user: file.user,
        group: file.group,
    });
    noted.collect()
}

impl NotedFile {
    fn read(&self) -> SecretFile {
        SecretFile {
            file: self.file.clone(),
            name: self.name.clone(),
            generation: self.generation,
            mode: self.mode,
            user: self.user,
            group: self.group,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_kept_is_still_understood() {
        let text = r#"{"owner":"machine","pod":"blog","root":null,"containers":{"web":[{"file":"a","name":"a","generation":7,"mode":292,"user":0,"group":0}]},"sealed":""}"#;
        let manifest = Manifest::parse("machine.blog.json", text.as_bytes()).unwrap();
        assert_eq!(manifest.owner(), Some(SecretOwner::Machine));
        assert_eq!(manifest.binds("/place", &SecretOwner::Machine).len(), 1);
    }
}

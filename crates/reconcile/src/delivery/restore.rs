//! After a reboot memory is empty: what was in use is opened again from what was kept, still sealed, by root.

use super::in_memory::put;
use super::manifest::{Manifest, note};
use super::{DeliveryError, InMemory};
use std::collections::BTreeSet;
use wharf_host::SecretPlace;
use wharf_model::{ContainerName, PodName, SecretName};
use wharf_store::PodLock;
use wharf_vault::SealedFile;
use wharf_wire::{SecretBind, below_place};

/// What was brought back.
#[derive(Debug, Default)]
pub struct Restored {
    /// Containers that have theirs again, each with the names of its secrets.
    pub containers: Vec<SecretBind>,
    /// What could not be brought back, by the name of what was kept.
    pub failures: Vec<(String, DeliveryError)>,
}

/// Brings back what is not there, pod by pod: what is amiss with one is no other's.
///
/// # Errors
/// When nothing can be looked at.
pub fn restore(
    memory: &InMemory,
    take_lock: &dyn Fn(&PodName) -> Option<PodLock>,
) -> Result<Restored, DeliveryError> {
    let mut restored = Restored::default();
    for (name, read) in memory.in_use().all()? {
        let done =
            read.map_err(DeliveryError::from).and_then(|bytes| restore_one(memory, &name, &bytes, take_lock));
        match done {
            Ok(containers) => restored.containers.extend(containers),
            Err(error) => restored.failures.push((name, error)),
        }
    }
    Ok(restored)
}

/// A pod whose secrets are in use.
#[derive(Debug)]
pub struct InUseNow {
    /// The pod.
    pub pod: PodName,
    /// Whether its members see one another's processes, and so one another's files.
    pub shares_processes: bool,
    /// Containers that do not find theirs.
    pub lacking: Vec<ContainerName>,
}

/// What is in use on this host.
#[derive(Debug, Default)]
pub struct InUseHere {
    /// Pods.
    pub pods: Vec<InUseNow>,
    /// What is not understood of what is kept, by its name.
    pub failures: Vec<(String, DeliveryError)>,
}

/// Pods whose secrets are in use, and what of them is not where containers find it; changes nothing.
///
/// # Errors
/// When it cannot be looked at.
pub fn in_use(memory: &InMemory) -> Result<InUseHere, DeliveryError> {
    let place = memory.find()?;
    let mut here = InUseHere::default();
    for (name, read) in memory.in_use().all()? {
        match read.map_err(DeliveryError::from).and_then(|bytes| look(memory, place.as_ref(), &name, &bytes))
        {
            Ok(found) => here.pods.push(found),
            Err(error) => here.failures.push((name, error)),
        }
    }
    Ok(here)
}

fn look(
    memory: &InMemory,
    place: Option<&SecretPlace>,
    name: &str,
    bytes: &[u8],
) -> Result<InUseNow, DeliveryError> {
    let manifest = Manifest::parse(name, bytes)?;
    let owner = manifest.owner().ok_or_else(|| DeliveryError::Manifest(name.to_owned()))?;
    let there = place.map(|place| place.containers(&below_place(&owner, &manifest.pod))).transpose()?;
    let there = there.unwrap_or_default();
    let containers = manifest.binds(&memory.place(), &owner).into_iter().map(|bind| bind.container);
    Ok(InUseNow {
        lacking: containers.filter(|container| !there.contains(container.as_str())).collect(),
        shares_processes: manifest.shares_processes,
        pod: manifest.pod,
    })
}

fn restore_one(
    memory: &InMemory,
    name: &str,
    bytes: &[u8],
    take_lock: &dyn Fn(&PodName) -> Option<PodLock>,
) -> Result<Vec<SecretBind>, DeliveryError> {
    let manifest = Manifest::parse(name, bytes)?;
    let owner = manifest.owner().ok_or_else(|| DeliveryError::Manifest(name.to_owned()))?;
    // Whoever has the lock delivers by himself.
    let Some(_lock) = take_lock(&manifest.pod) else { return Ok(Vec::new()) };
    let place = memory.ready()?;
    let mut missing = manifest.binds(&memory.place(), &owner);
    // What lies there but is not noted, or is noted otherwise, is of a run that was cut short: the next one delivers and tells.
    // To note it here would say that a container was told which was not.
    let there = place.containers(&below_place(&owner, &manifest.pod))?;
    missing.retain(|bind| !there.contains(bind.container.as_str()));
    let wanted: BTreeSet<SecretName> =
        missing.iter().flat_map(|bind| &bind.files).map(|file| file.name.clone()).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let file = SealedFile::parse_bytes(manifest.sealed.as_bytes())
        .map_err(|_| DeliveryError::Manifest(name.to_owned()))?;
    let opened = memory.open_in(&file, (&owner, &manifest.pod), &wanted)?;
    for bind in &missing {
        put(&place, bind, &opened, manifest.root())?;
        place.note(&bind.below(), &note(&bind.files))?;
    }
    Ok(missing)
}

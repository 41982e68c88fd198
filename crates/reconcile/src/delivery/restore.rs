//! After a reboot memory is empty: what was in use is opened again from what was kept, still sealed, by root.

use super::in_memory::put;
use super::manifest::{Manifest, note, read_note};
use super::{DeliveryError, InMemory};
use std::collections::BTreeSet;
use wharf_host::SecretPlace;
use wharf_model::{ContainerName, PodName, SecretName};
use wharf_store::PodLock;
use wharf_vault::SealedFile;
use wharf_wire::SecretBind;

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
    for (name, bytes) in memory.in_use().all()? {
        match restore_one(memory, &name, &bytes, take_lock) {
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

/// Pods whose secrets are in use, and what of them is not where containers find it; changes nothing.
///
/// # Errors
/// When it cannot be looked at.
pub fn in_use(memory: &InMemory) -> Result<Vec<InUseNow>, DeliveryError> {
    let place = memory.find()?;
    let look = |(name, bytes): (String, Vec<u8>)| {
        let manifest = Manifest::parse(&name, &bytes)?;
        let owner = manifest.owner().ok_or(DeliveryError::Manifest(name))?;
        let is_missing = |bind: &SecretBind| place.as_ref().is_none_or(|place| !is_there(place, bind));
        let binds = manifest.binds(&memory.place(), &owner).into_iter();
        Ok(InUseNow {
            lacking: binds.filter(is_missing).map(|bind| bind.container).collect(),
            shares_processes: manifest.shares_processes,
            pod: manifest.pod,
        })
    };
    memory.in_use().all()?.into_iter().map(look).collect()
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
    missing.retain(|bind| !is_there(&place, bind));
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

fn is_there(place: &SecretPlace, bind: &SecretBind) -> bool {
    let pod = wharf_wire::below_place(&bind.owner, &bind.pod);
    let notes = place.notes(&pod).unwrap_or_default();
    notes
        .get(bind.container.as_str())
        .and_then(|note| read_note(note))
        .is_some_and(|given| given == bind.files)
}

//! Delivery on this machine: opened with the host's key, put into memory that the engine binds.

use super::manifest::{Manifest, note, read_note};
use super::{Delivery, DeliveryError, Kept};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wharf_host::{MemoryFile, Owner, SecretPlace};
use wharf_model::{ContainerName, ContainerRoot, PodName, SecretGeneration, SecretName, SecretOwner};
use wharf_policy::SecretDelivery;
use wharf_store::{InUse, SecretsDirectory};
use wharf_vault::{Expected, Identity, Opened, SealedFile, SignerKey};
use wharf_wire::{SecretBind, SecretFile, below_place};

/// A pod's sealed file, read and not opened.
#[derive(Debug)]
pub struct Sealed {
    /// What it says.
    pub file: SealedFile,
    /// As it was read.
    pub text: String,
}

/// What the files of a pod's containers have together.
const MOST_POD_BYTES: usize = 16 << 20;

/// Delivery on this machine.
pub struct InMemory {
    place: PathBuf,
    owner: Owner,
    directory: SecretsDirectory,
    in_use: InUse,
    /// The sealed file of the pod that the run is about; `None` where it uses no secrets.
    sealed: Option<Sealed>,
    /// Whose signature a sealed file needs; empty needs none.
    signers: Vec<SignerKey>,
    opened: RefCell<BTreeMap<SecretName, Opened>>,
}

impl InMemory {
    /// With a place that `owner` alone can change, and the state directory of this host.
    pub fn new(place: &Path, owner: Owner, state_dir: &Path) -> Self {
        Self {
            place: place.to_owned(),
            owner,
            directory: SecretsDirectory::in_state(state_dir),
            in_use: InUse::in_state(state_dir),
            sealed: None,
            signers: Vec::new(),
            opened: RefCell::default(),
        }
    }

    /// With what a pod's secrets are sealed in, and whose signature that needs.
    #[must_use]
    pub fn with(self, sealed: Option<Sealed>, signers: Vec<SignerKey>) -> Self {
        Self { sealed, signers, ..self }
    }

    /// Opens some of a file's secrets, all or none.
    pub(super) fn open_in(
        &self,
        file: &SealedFile,
        (owner, pod): (&SecretOwner, &PodName),
        wanted: &BTreeSet<SecretName>,
    ) -> Result<BTreeMap<SecretName, Opened>, DeliveryError> {
        let key = self.directory.host_key()?.ok_or(DeliveryError::NoHostKey)?;
        let identities = [Identity::parse(&key, || None)?];
        let expected = Expected { owner, pod };
        let open = |name: &SecretName| Ok((name.clone(), file.open(&expected, name, &identities)?));
        wanted.iter().map(open).collect()
    }

    pub(super) fn ready(&self) -> Result<SecretPlace, DeliveryError> {
        Ok(SecretPlace::ready(&self.place, self.owner)?)
    }

    pub(super) fn find(&self) -> Result<Option<SecretPlace>, DeliveryError> {
        Ok(SecretPlace::find(&self.place, self.owner)?)
    }

    pub(super) fn place(&self) -> String {
        self.place.display().to_string()
    }

    pub(super) fn in_use(&self) -> &InUse {
        &self.in_use
    }

    fn sealed(&self, pod: &PodName) -> Result<&Sealed, DeliveryError> {
        self.sealed.as_ref().ok_or_else(|| DeliveryError::NothingSealed(pod.clone()))
    }

    /// It is never swapped out, and no container's limit counts it: who may run one pod does not fill the host's memory.
    fn check_size(&self, kept: &Kept<'_>, pod: &PodName) -> Result<(), DeliveryError> {
        let opened = self.opened.borrow();
        let files = kept.binds.iter().flat_map(|bind| &bind.files);
        let sizes = files.filter_map(|file| opened.get(&file.name)).map(|opened| opened.value.bytes().len());
        let size = sizes.fold(0, usize::saturating_add);
        if size > MOST_POD_BYTES {
            return Err(DeliveryError::TooMuch { pod: pod.clone(), size, most: MOST_POD_BYTES });
        }
        Ok(())
    }

    /// An older file that was put back brings values back that were replaced for a reason.
    fn check_is_not_older(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        opened: &BTreeMap<SecretName, Opened>,
    ) -> Result<(), DeliveryError> {
        let seen = self.directory.seen(owner, pod)?;
        for (name, opened) in opened {
            if let Some(seen) = seen.get(name).filter(|seen| **seen > opened.generation) {
                let (pod, name, found) = (pod.clone(), name.clone(), opened.generation);
                return Err(DeliveryError::Older { pod, name, found, seen: *seen });
            }
        }
        Ok(())
    }
}

/// Puts what was opened where a container finds it.
pub(super) fn put(
    place: &SecretPlace,
    bind: &SecretBind,
    opened: &BTreeMap<SecretName, Opened>,
    root: Option<ContainerRoot>,
) -> Result<(), DeliveryError> {
    let file = |file: &'_ SecretFile| -> Result<_, DeliveryError> {
        let value = opened.get(&file.name).filter(|opened| opened.generation == file.generation);
        Ok((file.clone(), value.ok_or_else(|| DeliveryError::NotOpened(file.name.clone()))?))
    };
    let values: Vec<(SecretFile, &Opened)> = bind.files.iter().map(file).collect::<Result<_, _>>()?;
    let files: Vec<MemoryFile<'_>> = values
        .iter()
        .map(|(file, opened)| MemoryFile {
            name: file.file.as_str(),
            content: opened.value.bytes(),
            mode: file.mode,
            user: file.user,
            group: file.group,
        })
        .collect();
    Ok(place.give(&bind.below(), &files, root)?)
}

impl Delivery for InMemory {
    fn delivered(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
    ) -> Result<BTreeMap<ContainerName, Vec<SecretFile>>, DeliveryError> {
        let Some(place) = self.find()? else { return Ok(BTreeMap::new()) };
        let notes = place.notes(&below_place(owner, pod))?;
        let read = notes.into_iter().filter_map(|(name, note)| Some((name.parse().ok()?, read_note(&note)?)));
        Ok(read.collect())
    }

    fn open(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        wanted: &BTreeSet<SecretName>,
    ) -> Result<(), DeliveryError> {
        let sealed = self.sealed(pod)?;
        if !self.signers.is_empty() {
            sealed.file.check_signature(&self.signers)?;
        }
        let opened = self.open_in(&sealed.file, (owner, pod), wanted)?;
        self.check_is_not_older(owner, pod, &opened)?;
        self.ready()?;
        let used: BTreeMap<SecretName, SecretGeneration> =
            opened.iter().map(|(name, opened)| (name.clone(), opened.generation)).collect();
        self.directory.remember(owner, pod, &used)?;
        self.opened.replace(opened);
        Ok(())
    }

    fn is_kept(&self, kept: &Kept<'_>) -> Result<bool, DeliveryError> {
        let Some(first) = kept.binds.first() else { return Ok(true) };
        let wanted =
            Manifest::new(kept, self.sealed(&first.pod)?.text.clone()).map(|manifest| manifest.text());
        // What cannot be read is written anew.
        Ok(self.in_use.of(&first.owner, &first.pod).ok().flatten() == wanted)
    }

    fn keep(&self, kept: &Kept<'_>) -> Result<(), DeliveryError> {
        let Some(first) = kept.binds.first() else { return Ok(()) };
        self.check_size(kept, &first.pod)?;
        let sealed = self.sealed(&first.pod)?;
        if let Some(manifest) = Manifest::new(kept, sealed.text.clone()) {
            self.in_use.keep(&first.owner, &first.pod, &manifest.text())?;
        }
        Ok(())
    }

    fn deliver(&self, delivery: &SecretDelivery, root: Option<ContainerRoot>) -> Result<(), DeliveryError> {
        put(&self.ready()?, delivery.bind(), &self.opened.borrow(), root)
    }

    fn settle(&self, bind: &SecretBind) -> Result<(), DeliveryError> {
        Ok(self.ready()?.note(&bind.below(), &note(&bind.files))?)
    }

    fn take_away(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        keep: &[&ContainerName],
    ) -> Result<(), DeliveryError> {
        // What is delivered is kept before: of most pods there is nothing.
        let Some(kept) = self.in_use.of(owner, pod)? else { return Ok(()) };
        let names: Vec<&str> = keep.iter().map(|name| name.as_str()).collect();
        if let Some(place) = self.find()? {
            place.take_away(&below_place(owner, pod), &names)?;
        }
        // Last: a run that is killed before finds here that something is left to be taken away.
        if keep.is_empty() {
            return Ok(self.in_use.forget(owner, pod)?);
        }
        // One that is not understood is as if it were not there.
        let Ok(mut manifest) = Manifest::parse(pod.as_str(), &kept) else { return Ok(()) };
        if manifest.retain(keep) {
            self.in_use.keep(owner, pod, &manifest.text())?;
        }
        Ok(())
    }
}

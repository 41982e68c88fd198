//! Which value of each secret was seen last, so that an older sealed file put back is noticed.

use super::{SecretsDirectory, SecretsError};
use crate::own_file::{OwnFileError, open_to_read, replace};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};

const SEEN: &str = "seen.json";
/// Some 200,000 secrets.
const MOST_BYTES: u64 = 16 << 20;

type Generations = BTreeMap<SecretName, SecretGeneration>;
/// By owner, then by pod.
type Seen = BTreeMap<String, BTreeMap<PodName, Generations>>;

/// Of a pod: twice what a sealed file has. More comes only of names that were given up, and who seals them has the file.
const MOST_NAMES: usize = 400;

/// The file is one for all pods, so none of them may fill it.
fn forget_the_oldest(seen: &mut Generations, used: &Generations) {
    let unused = seen.iter().filter(|(name, _)| !used.contains_key(*name));
    let mut unused: Vec<(SecretGeneration, SecretName)> =
        unused.map(|(name, generation)| (*generation, name.clone())).collect();
    unused.sort();
    let too_many = seen.len().saturating_sub(MOST_NAMES);
    for (_, name) in unused.into_iter().take(too_many) {
        seen.remove(&name);
    }
}

impl SecretsDirectory {
    /// Which value of each of a pod's secrets was used last.
    ///
    /// # Errors
    /// When it cannot be read, or is damaged.
    pub fn seen(&self, owner: &SecretOwner, pod: &PodName) -> Result<Generations, SecretsError> {
        let mut seen = self.read_seen()?;
        let pods = seen.remove(&owner.to_string()).unwrap_or_default();
        Ok(pods.into_iter().find(|(name, _)| name == pod).map(|(_, seen)| seen).unwrap_or_default())
    }

    /// Remembers values that were used; of each the newer one stays.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remember(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        used: &Generations,
    ) -> Result<(), SecretsError> {
        self.change(owner, pod, |seen| {
            for (name, generation) in used {
                let last = seen.entry(name.clone()).or_insert(*generation);
                *last = (*last).max(*generation);
            }
            forget_the_oldest(seen, used);
        })
    }

    /// Takes an older value for the last one: somebody put it back on purpose.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn accept(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        name: &SecretName,
        generation: SecretGeneration,
    ) -> Result<(), SecretsError> {
        self.change(owner, pod, |seen| {
            seen.insert(name.clone(), generation);
        })
    }

    fn change(
        &self,
        owner: &SecretOwner,
        pod: &PodName,
        change: impl FnOnce(&mut Generations),
    ) -> Result<(), SecretsError> {
        let _lock = self.lock()?;
        let mut seen = self.read_seen()?;
        let of_pod = seen.entry(owner.to_string()).or_default().entry(pod.clone()).or_default();
        let before = of_pod.clone();
        change(of_pod);
        // Most runs use what the one before used.
        if *of_pod == before {
            return Ok(());
        }
        let path = self.path.join(SEEN);
        let text = serde_json::to_vec(&seen)
            .map_err(|source| SecretsError::Damaged { path: path.clone(), source })?;
        // What is written can be read: else one pod more would stop all of them.
        if u64::try_from(text.len()).is_ok_and(|size| size >= MOST_BYTES) {
            return Err(SecretsError::TooManySeen { path });
        }
        Ok(replace(&self.path, SEEN, &text)?)
    }

    fn read_seen(&self) -> Result<Seen, SecretsError> {
        let path = self.path.join(SEEN);
        let file = match open_to_read(&path) {
            Ok(file) => File::from(file),
            Err(error) if error.is_missing() => return Ok(Seen::new()),
            Err(error) => return Err(error.into()),
        };
        let mut text = Vec::new();
        let read = file.take(MOST_BYTES).read_to_end(&mut text);
        read.map_err(|source| OwnFileError::Io { path: path.clone(), source })?;
        serde_json::from_slice(&text).map_err(|source| SecretsError::Damaged { path, source })
    }
}

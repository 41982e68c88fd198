//! What a run about a pod file knows of the pod's secrets before any is opened.

use super::{PodFile, Purpose};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::memory;
use crate::setting::{Means, Setting};
use crate::show;
use crate::verbs::secret::place::sealed_path;
use std::path::{Path, PathBuf};
use wharf_model::SecretOwner;
use wharf_pod::{HashKey, SecretFacts};
use wharf_reconcile::{DeliveryError, ReconcileError, Sealed};
use wharf_store::HashKeyFile;
use wharf_vault::{Expected, SealedFile, SignerKey};

/// The pod's sealed file, read as the pod file is. Where nothing could be delivered, why.
pub(super) fn sealed(setting: &Setting<'_>, means: &Means, file: &PodFile) -> Result<Sealed, Failure> {
    if means.delivery.is_none() {
        return Err(ReconcileError::from(match setting.invocation.uid {
            0 => DeliveryError::Elsewhere("on another machine"),
            _ => DeliveryError::NotRoot,
        })
        .into());
    }
    check_apart(setting, means)?;
    let path = sealed_path(setting.invocation.caller.as_ref(), &file.path)?;
    let most = u64::try_from(wharf_vault::MAX_BYTES).unwrap_or(u64::MAX);
    let bytes = setting.read_named(&path, most).map_err(|failure| {
        failure.hint(format!(
            "pod `{}` uses secrets; `wharf secret set {} NAME` seals one",
            file.name, file.name
        ))
    })?;
    // Again: reading as the caller changes what the process is, and the kernel then forgets it (commit_creds, Linux 6.1).
    memory::keep_private();
    // Of what is sealed nothing is secret; but the path may name something that is no sealed file.
    let sealed = SealedFile::parse_bytes(&bytes).map_err(|errors| show::file_errors(&path, None, &errors))?;
    let expected = Expected { owner: &SecretOwner::Machine, pod: &file.name };
    sealed.check_is(&expected).map_err(|error| {
        let mut failure = Failure::of(Exit::Failed, &error);
        failure.message = format!("`{}`: {}", path.display(), failure.message);
        failure
    })?;
    Ok(Sealed { file: sealed, text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// The host configuration keeps these apart by name; a link could bring them together all the same.
fn check_apart(setting: &Setting<'_>, means: &Means) -> Result<(), Failure> {
    let Some(mounts) = means.mount_root.as_ref().map(|root| root.path().to_owned()) else { return Ok(()) };
    let place = without_links(Path::new(setting.config.secret_place()));
    if place.starts_with(&mounts) || mounts.starts_with(&place) {
        return Err(ReconcileError::from(DeliveryError::Overlap { place, mounts }).into());
    }
    Ok(())
}

/// As far as it exists.
fn without_links(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    found.map_or_else(
        || path.to_owned(),
        |(above, real)| path.strip_prefix(above).map_or_else(|_| path.to_owned(), |rest| real.join(rest)),
    )
}

pub(super) fn facts(setting: &Setting<'_>, sealed: &Sealed) -> SecretFacts {
    SecretFacts {
        place: setting.config.secret_place().to_owned(),
        owner: sealed.file.owner().clone(),
        generations: sealed.file.names().map(|(name, generation)| (name.clone(), generation)).collect(),
    }
}

/// Whose signature sealed files need on this host.
pub(super) fn signers(setting: &Setting<'_>) -> Result<Vec<SignerKey>, Failure> {
    let parsed = setting.config.secret_signers.iter().map(|key| {
        key.parse::<SignerKey>().map_err(|error| {
            Failure::usage(format!("`secret_signers` in the host configuration has `{key}`: {error}"))
        })
    });
    parsed.collect()
}

/// Root's alone: whoever has no key compares by hashes without one, as before there were keys.
pub(super) fn hash_key(setting: &Setting<'_>, purpose: Purpose) -> Result<Option<HashKey>, Failure> {
    if setting.invocation.uid != 0 {
        return Ok(None);
    }
    let file = HashKeyFile::in_state(&setting.state_dir()?);
    let key = match purpose {
        Purpose::Change => file.ready().map(Some),
        Purpose::Look => file.read(),
    };
    Ok(key.map_err(|error| Failure::of(Exit::Failed, &error))?.map(HashKey::new))
}

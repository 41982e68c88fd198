//! A new value, brought to a pod that runs: by `up`, and only where `up` would change nothing else.

use super::place::Place;
use crate::failure::Failure;
use crate::setting::{Setting, Wait};
use crate::show;
use crate::verbs::{plan, up};
use std::path::{Path, PathBuf};
use wharf_model::SecretOwner;
use wharf_vault::SealedFile;

/// Brings it where it can, and else says what does. What is sealed is sealed: a failure here takes nothing back.
pub(super) fn bring(
    setting: &Setting<'_>,
    said: &Path,
    place: &Place,
    file: &SealedFile,
) -> Result<(), Failure> {
    let by_hand = |why: &str| {
        if !setting.common.quiet {
            show::say(&format!("next: `sudo wharf up` brings it to the containers that use it ({why})"));
        }
        Ok(())
    };
    if setting.invocation.uid != 0 {
        return by_hand("root delivers secrets");
    }
    if *file.owner() != SecretOwner::Machine {
        return by_hand("the gateway delivers a tenant's");
    }
    let Some(pod_file) = pod_file(said, place) else { return by_hand("its pod file is not here") };
    let sealed = |failure: Failure| Failure {
        message: format!("the new value is sealed, and was not brought to the pod: {}", failure.message),
        ..failure
    };
    let planned = plan::plan(setting, &pod_file).map_err(sealed)?;
    if !planned.changes {
        return by_hand("no container of the pod uses it");
    }
    if !planned.containers.iter().all(|step| matches!(step.action, "keep" | "deliver")) {
        return by_hand("the pod is not as its file says; `wharf plan` shows what else would change");
    }
    // `up` pulls first, and a newer image means another container.
    if !planned.pulls.is_empty() {
        return by_hand("`up` looks for newer images, too");
    }
    up::run(setting, &[pod_file], Wait::Yes).map(drop).map_err(sealed)
}

/// The pod file of a sealed one: as it was said, or where it would find this one.
fn pod_file(said: &Path, place: &Place) -> Option<PathBuf> {
    let folder = place.path.parent()?.parent()?;
    let names = ["yml", "yaml"].map(|extension| format!("{}.{extension}", place.pod));
    let beside = names.iter().flat_map(|name| [folder.join(name), folder.join("pods").join(name)]);
    let is_pod_file = |path: &PathBuf| *path != place.path && path.is_file();
    std::iter::once(said.to_owned()).chain(beside).find(is_pod_file)
}

//! Images: pulled in parallel before anything is stopped, so that a failed pull leaves the running pod untouched.

use crate::door::Door;
use crate::error::{ReconcileError, StepError};
use crate::observe::named;
use crate::report::Event;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use wharf_docker::{EngineError, Reply};
use wharf_model::{ImageRef, NamedImage};
use wharf_pod::{Images, Pod};
use wharf_wire::{Architecture, Call, Credentials};

/// What is pulled: what the file wants fresh, and what is not there.
pub(crate) fn to_pull<'a>(pod: &'a Pod, images: &Images) -> BTreeSet<&'a NamedImage> {
    let wanted = pod.containers.iter().filter(|c| c.update_image || !images.contains_key(&c.image));
    wanted.filter_map(|container| named(&container.image)).collect()
}

/// Pulls all of them at once.
pub(crate) async fn pull(
    door: &Door<'_>,
    images: &BTreeSet<&NamedImage>,
    credentials: &dyn Credentials,
) -> Result<(), ReconcileError> {
    let pulls = images.iter().map(|image| async move { (*image, pull_one(door, image, credentials).await) });
    let mut failed = Vec::new();
    for (image, result) in join_all(pulls).await {
        match result {
            Ok(()) => {}
            Err(StepError::Engine(error)) => failed.push((image.clone(), error)),
            Err(StepError::Denied(denial)) => return Err(denial.into()),
            Err(_) => {
                let verb = "pull image".to_owned();
                failed.push((
                    image.clone(),
                    EngineError::Broken { verb, source: "an answer of another kind".into() },
                ));
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(ReconcileError::Pull(failed)) }
}

async fn pull_one(
    door: &Door<'_>,
    image: &NamedImage,
    credentials: &dyn Credentials,
) -> Result<(), StepError> {
    door.report.event(&Event::Pulling(image));
    let credentials = credentials.for_registry(image.domain());
    let call = Call::PullImage { image: image.clone(), credentials };
    let Reply::Progress(mut progress) = door.perform(call).await? else {
        return Err(StepError::Confused);
    };
    while let Some(report) = progress.next().await? {
        door.report.event(&Event::PullProgress(image, &report));
    }
    door.report.event(&Event::Pulled(image));
    Ok(())
}

/// Loads the root container's image, which wharf carries in itself.
pub(crate) async fn load_pause(door: &Door<'_>, architecture: Architecture) -> Result<(), StepError> {
    match door.perform(Call::LoadPauseImage(architecture)).await? {
        Reply::Progress(progress) => Ok(progress.finish().await?),
        _ => Err(StepError::Confused),
    }
}

/// References that must have an image by now and have none.
pub(crate) fn missing<'a>(wanted: &[&'a ImageRef], images: &Images) -> Option<&'a ImageRef> {
    wanted.iter().copied().find(|reference| !images.contains_key(*reference))
}

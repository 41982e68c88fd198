//! Stopping and removing: what depends on others goes before them; a root container goes last.

use crate::door::Door;
use crate::error::StepError;
use crate::report::Event;
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::time::Duration;
use wharf_docker::EngineError;
use wharf_model::{ContainerId, EngineName};
use wharf_wire::{Call, ContainerById};

/// Containers to stop, each with the names of those that it depends on.
pub(crate) type Leaving = BTreeMap<EngineName, (ContainerId, Vec<EngineName>)>;

/// Stops and removes all of them; what failed, by name.
pub(crate) async fn stop_and_remove(door: &Door<'_>, leaving: &Leaving) -> Vec<(EngineName, StepError)> {
    let mut failed = Vec::new();
    for wave in waves(leaving) {
        let stops = wave.iter().filter_map(|name| {
            let (id, _) = leaving.get(*name)?;
            Some(async move { stop(door, name, id).await.err().map(|error| ((*name).clone(), error)) })
        });
        failed.extend(join_all(stops).await.into_iter().flatten());
    }
    let removals = leaving.iter().filter(|(name, _)| !failed.iter().any(|(gone, _)| gone == *name));
    // The root container last: a member whose root is gone cannot be started again by a run that is cut short here.
    let (members, roots): (Vec<_>, Vec<_>) = removals.partition(|(name, _)| name.member.is_some());
    for group in [members, roots] {
        let removals = group.into_iter().map(|(name, (id, _))| async move {
            remove(door, name, id).await.err().map(|error| (name.clone(), error))
        });
        failed.extend(join_all(removals).await.into_iter().flatten());
    }
    failed
}

/// The order in which they stop: each wave at once, dependents before what they depend on.
fn waves(leaving: &Leaving) -> Vec<Vec<&EngineName>> {
    let mut depth: BTreeMap<&EngineName, usize> = leaving.keys().map(|name| (name, 0)).collect();
    // Depth of a container is the length of the longest chain of dependents above it; chains are at most as long as
    // there are containers, so this settles (a cycle, which pod files cannot say, would just stop growing).
    for _ in 0..leaving.len() {
        for (name, (_, on)) in leaving {
            let above = depth.get(name).copied().unwrap_or_default();
            for below in on {
                if let Some(entry) = depth.get_mut(below) {
                    *entry = (*entry).max(above + 1).min(leaving.len());
                }
            }
        }
    }
    let deepest = depth.values().copied().max().unwrap_or_default();
    (0..=deepest)
        .map(|level| depth.iter().filter(|(_, d)| **d == level).map(|(name, _)| *name).collect())
        .collect()
}

pub(crate) async fn stop(door: &Door<'_>, name: &EngineName, id: &ContainerId) -> Result<(), StepError> {
    door.report.event(&Event::Stopping(name));
    gone_is_done(door.perform(Call::StopContainer(id.clone())).await.map(drop))
}

async fn remove(door: &Door<'_>, name: &EngineName, id: &ContainerId) -> Result<(), StepError> {
    let removed = door.perform(Call::RemoveContainer(id.clone())).await.map(drop);
    match removed {
        // 409: somebody else (a run that was killed) has begun to remove it.
        Err(StepError::Engine(error)) if error.status() == Some(409) => until_gone(door, id, error).await?,
        other => gone_is_done(other)?,
    }
    door.report.event(&Event::Removed(name));
    Ok(())
}

async fn until_gone(door: &Door<'_>, id: &ContainerId, refusal: EngineError) -> Result<(), StepError> {
    for _ in 0..50 {
        match door.engine.observe(&ContainerById(id.clone())).await {
            Err(error) if error.status() == Some(404) => return Ok(()),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    Err(refusal.into())
}

/// What is not there any more need not be stopped or removed.
fn gone_is_done(result: Result<(), StepError>) -> Result<(), StepError> {
    match result {
        Err(StepError::Engine(error)) if error.status() == Some(404) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> EngineName {
        text.parse().unwrap()
    }

    fn leaving(edges: &[(&str, &[&str])]) -> Leaving {
        let id: ContainerId = "0".repeat(64).parse().unwrap();
        edges.iter().map(|(n, on)| (name(n), (id.clone(), on.iter().map(|o| name(o)).collect()))).collect()
    }

    #[test]
    fn dependents_stop_before_what_they_depend_on() {
        let leaving = leaving(&[
            ("pod.web", &["pod.app", "pod"]),
            ("pod.app", &["pod.db", "pod"]),
            ("pod.db", &["pod"]),
            ("pod", &[]),
        ]);
        let shown: Vec<Vec<String>> =
            waves(&leaving).iter().map(|wave| wave.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(shown, [["pod.web"], ["pod.app"], ["pod.db"], ["pod"]]);
    }

    #[test]
    fn a_cycle_ends() {
        let leaving = leaving(&[("pod.a", &["pod.b"]), ("pod.b", &["pod.a"])]);
        assert_eq!(waves(&leaving).iter().map(Vec::len).sum::<usize>(), 2);
    }
}

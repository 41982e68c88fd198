//! `wharf exec` and `wharf logs`: a container's streams, after a permit.

use crate::door::Door;
use crate::error::{ReconcileError, StepError};
use crate::lifecycle::observe_pod;
use std::time::Duration;
use wharf_docker::{Attached, EngineError, Frames, Reply};
use wharf_model::{ContainerId, ContainerName, EngineName, ExecId, PodName};
use wharf_policy::check_pod_scope;
use wharf_wire::{Call, ExecById, ExecSpec, LogsSpec, TerminalSize};

/// Starts a command in a member, attached.
///
/// # Errors
/// When the actor may not, there is no such container, or the engine refuses.
pub async fn exec(
    door: &Door<'_>,
    pod: &PodName,
    container: &ContainerName,
    spec: ExecSpec,
) -> Result<(ExecId, Attached), ReconcileError> {
    check_pod_scope(door.actor, pod)?;
    observe_pod(door, pod).await?;
    let container = member(door, pod, container)?;
    let tty = spec.tty;
    let exec = door.create_exec(Call::CreateExec { container, exec: spec }).await.map_err(to_run_error)?;
    match door.perform(Call::StartExec { exec: exec.clone(), tty }).await.map_err(to_run_error)? {
        Reply::Attached(attached) => Ok((exec, attached)),
        _ => Err(to_run_error(StepError::Confused)),
    }
}

impl Door<'_> {
    /// Tells a running exec how large its terminal is. An exec that has ended has none.
    ///
    /// # Errors
    /// When it is not of this pod, or the engine refuses.
    pub async fn resize(&self, exec: &ExecId, size: TerminalSize) -> Result<(), ReconcileError> {
        self.perform(Call::ResizeExec { exec: exec.clone(), size }).await.map(drop).map_err(to_run_error)
    }

    /// With which status an exec ended. Asked when its output has ended: the engine may note the end a moment later, and
    /// an exec whose process left children behind with its output closed may run on.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn exec_status(&self, exec: &ExecId) -> Result<Option<i64>, EngineError> {
        for _ in 0..EXEC_LOOKS {
            let details = self.engine.observe(&ExecById(exec.clone())).await?;
            if !details.running {
                return Ok(details.exit_code);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(None)
    }
}

/// How often, and how far apart, the engine is asked for an exec's status: two seconds in all.
const EXEC_LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The logs of a pod's members, or of one: each with its name.
///
/// # Errors
/// When the actor may not, there is no such pod or container, or the engine refuses.
pub async fn logs(
    door: &Door<'_>,
    pod: &PodName,
    only: Option<&ContainerName>,
    spec: &LogsSpec,
) -> Result<Vec<(ContainerName, Frames)>, ReconcileError> {
    check_pod_scope(door.actor, pod)?;
    observe_pod(door, pod).await?;
    let members: Vec<(ContainerName, ContainerId)> = match only {
        Some(container) => vec![(container.clone(), member(door, pod, container)?)],
        None => door.owned(pod).into_iter().filter_map(|(name, id)| Some((name.member?, id))).collect(),
    };
    if members.is_empty() {
        return Err(ReconcileError::NoSuchPod(pod.clone()));
    }
    let mut streams = Vec::with_capacity(members.len());
    for (name, container) in members {
        let call = Call::ReadLogs { container, logs: spec.clone() };
        match door.perform(call).await.map_err(to_run_error)? {
            Reply::Output(frames) => streams.push((name, frames)),
            _ => return Err(to_run_error(StepError::Confused)),
        }
    }
    streams.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(streams)
}

fn member(door: &Door<'_>, pod: &PodName, container: &ContainerName) -> Result<ContainerId, ReconcileError> {
    let wanted = EngineName::member(pod, container);
    let own = door.owned(pod);
    if own.is_empty() {
        return Err(ReconcileError::NoSuchPod(pod.clone()));
    }
    let found = own.into_iter().find(|(name, _)| *name == wanted);
    found.map(|(_, id)| id).ok_or(ReconcileError::NoSuchContainer(wanted))
}

fn to_run_error(error: StepError) -> ReconcileError {
    match error {
        StepError::Denied(denial) => denial.into(),
        StepError::Engine(error) => error.into(),
        StepError::Source(error) => error.into(),
        other => EngineError::Broken { verb: "attach".to_owned(), source: other.to_string().into() }.into(),
    }
}

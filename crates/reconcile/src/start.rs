//! Starting members: each as soon as what it waits for is so, all that nothing orders at once.

use crate::await_condition::await_condition;
use crate::door::Door;
use crate::error::StepError;
use crate::report::Event;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::watch;
use wharf_docker::Reply;
use wharf_model::{ContainerId, ContainerName, EngineName, PodName};
use wharf_pod::{Condition, StartupHealthCheck, Wait};
use wharf_wire::{Call, ExecSpec};

/// How far a container is, for those that wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not yet started.
    Pending,
    /// Started, and its `startup_health_check` passed.
    Up(ContainerId),
    /// It will not be started in this run.
    Failed,
}

/// Where all containers of a run say how far they are.
pub(crate) struct Standings {
    pod: PodName,
    by_name: BTreeMap<EngineName, watch::Sender<Standing>>,
}

impl Standings {
    pub(crate) fn new(pod: &PodName, names: impl Iterator<Item = EngineName>) -> Self {
        let by_name = names.map(|name| (name, watch::Sender::new(Standing::Pending))).collect();
        Self { pod: pod.clone(), by_name }
    }

    pub(crate) fn say(&self, name: &EngineName, standing: Standing) {
        if let Some(sender) = self.by_name.get(name) {
            sender.send_replace(standing);
        }
    }

    /// Waits until the container is up; its id.
    pub(crate) async fn up(&self, name: &EngineName) -> Result<ContainerId, StepError> {
        let failed = || StepError::Dependency(name.clone());
        let mut receiver = self.by_name.get(name).ok_or_else(failed)?.subscribe();
        let settled = receiver.wait_for(|standing| *standing != Standing::Pending).await;
        match settled.map(|standing| standing.clone()) {
            Ok(Standing::Up(id)) => Ok(id),
            _ => Err(failed()),
        }
    }

    /// Waits until everything that a member waits for is so.
    pub(crate) async fn await_all(
        &self,
        door: &Door<'_>,
        name: &EngineName,
        waits: &[Wait],
    ) -> Result<(), StepError> {
        for Wait { on, until } in waits {
            door.report.event(&Event::Waiting(name, on, *until));
            self.await_one(door, on, *until).await?;
        }
        Ok(())
    }

    async fn await_one(
        &self,
        door: &Door<'_>,
        on: &ContainerName,
        until: Condition,
    ) -> Result<(), StepError> {
        let on = EngineName::member(&self.pod, on);
        let id = self.up(&on).await?;
        if until == Condition::Started { Ok(()) } else { await_condition(door, &on, &id, until).await }
    }
}

pub(crate) async fn start(door: &Door<'_>, name: &EngineName, id: &ContainerId) -> Result<(), StepError> {
    door.perform(Call::StartContainer(id.clone())).await?;
    door.report.event(&Event::Started(name));
    Ok(())
}

/// Runs the check until it passes or its attempts are used up.
pub(crate) async fn check(
    door: &Door<'_>,
    name: &EngineName,
    id: &ContainerId,
    check: &StartupHealthCheck,
) -> Result<(), StepError> {
    let mut output = String::new();
    for attempt in 1..=check.attempts {
        door.report.event(&Event::Checking(name, attempt, check.attempts));
        match attempt_once(door, id, &check.command).await {
            Ok((0, _)) => {
                door.report.event(&Event::Checked(name));
                return Ok(());
            }
            Ok((_, said)) => output = said,
            // The engine refuses an exec in a container that does not run; it may yet come back.
            Err(StepError::Engine(error)) if error.status().is_some() => output = error.to_string(),
            Err(other) => return Err(other),
        }
        if attempt < check.attempts {
            tokio::time::sleep(check.interval).await;
        }
    }
    Err(StepError::Unhealthy { attempts: check.attempts, output })
}

/// How much of a check's output is kept.
const MOST_OUTPUT: usize = 4096;
/// How long one attempt may run.
const ATTEMPT_PATIENCE: Duration = Duration::from_secs(300);

async fn attempt_once(
    door: &Door<'_>,
    id: &ContainerId,
    command: &[String],
) -> Result<(i64, String), StepError> {
    let exec = ExecSpec { command: command.to_vec(), tty: false, stdin: false };
    let exec = door.create_exec(Call::CreateExec { container: id.clone(), exec }).await?;
    let Reply::Attached(mut attached) =
        door.perform(Call::StartExec { exec: exec.clone(), tty: false }).await?
    else {
        return Err(StepError::Confused);
    };
    let mut said: Vec<u8> = Vec::new();
    let listening = async {
        while let Ok(Some(frame)) = attached.output.next().await {
            said.extend(frame.bytes);
            said.drain(..said.len().saturating_sub(MOST_OUTPUT));
        }
    };
    let in_time = tokio::time::timeout(ATTEMPT_PATIENCE, listening).await.is_ok();
    let output = String::from_utf8_lossy(&said).into_owned();
    if !in_time {
        return Ok((-1, format!("{output}\n(still running after {} s)", ATTEMPT_PATIENCE.as_secs())));
    }
    Ok((door.exec_status(&exec).await?.unwrap_or(-1), output))
}

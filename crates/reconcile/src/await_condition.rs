//! Waiting until a container is healthy or completed: asked of the engine until it is so, or never will be.

use crate::door::Door;
use crate::error::StepError;
use std::time::Duration;
use wharf_model::{ContainerId, EngineName};
use wharf_pod::Condition;
use wharf_wire::{ContainerById, ContainerState, StateDetails};

const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// What one look tells.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    So,
    NotYet,
    Never(String),
}

/// Waits until container `on` is as `until` says. There is no limit of our own: the engine's health check has its
/// retries, and a job takes as long as it takes.
pub(crate) async fn await_condition(
    door: &Door<'_>,
    on: &EngineName,
    id: &ContainerId,
    until: Condition,
) -> Result<(), StepError> {
    loop {
        let details = door.engine.observe(&ContainerById(id.clone())).await?;
        match judge(&details.state, until) {
            Verdict::So => return Ok(()),
            Verdict::NotYet => tokio::time::sleep(BETWEEN_LOOKS).await,
            Verdict::Never(why) => return Err(StepError::Hopeless { on: on.clone(), until, why }),
        }
    }
}

fn judge(state: &StateDetails, until: Condition) -> Verdict {
    use ContainerState::{Dead, Exited, Paused, Restarting, Running};
    let health = state.health.as_ref().map_or("none", |health| health.status.as_str());
    match (until, state.status) {
        (Condition::Started, _) => Verdict::So,
        (Condition::Completed, Exited) if state.exit_code == 0 => Verdict::So,
        (Condition::Completed, Exited | Dead) => {
            Verdict::Never(format!("it ended with status {}", state.exit_code))
        }
        (Condition::Completed, _) | (Condition::Healthy, Restarting) => Verdict::NotYet,
        (Condition::Healthy, Running | Paused) => match health {
            "healthy" => Verdict::So,
            "starting" => Verdict::NotYet,
            "none" | "" => Verdict::Never("it has no healthcheck".to_owned()),
            other => Verdict::Never(format!("the engine calls it {other}")),
        },
        (Condition::Healthy, _) => Verdict::Never(format!("it does not run (status {})", state.exit_code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wharf_wire::Health;

    fn state(status: ContainerState, exit_code: i64, health: Option<&str>) -> StateDetails {
        StateDetails {
            status,
            exit_code,
            error: String::new(),
            started_at: String::new(),
            finished_at: String::new(),
            health: health.map(|status| Health { status: status.to_owned() }),
        }
    }

    #[test]
    fn a_look_tells_so_not_yet_or_never() {
        use ContainerState::{Exited, Restarting, Running};
        let healthy = |status, health| judge(&state(status, 1, health), Condition::Healthy);
        assert_eq!(healthy(Running, Some("healthy")), Verdict::So);
        assert_eq!(healthy(Running, Some("starting")), Verdict::NotYet);
        assert_eq!(
            healthy(Running, Some("unhealthy")),
            Verdict::Never("the engine calls it unhealthy".into())
        );
        assert_eq!(healthy(Running, None), Verdict::Never("it has no healthcheck".into()));
        assert_eq!(healthy(Restarting, None), Verdict::NotYet);
        assert_eq!(healthy(Exited, None), Verdict::Never("it does not run (status 1)".into()));

        let completed = |status, code| judge(&state(status, code, None), Condition::Completed);
        assert_eq!(completed(Exited, 0), Verdict::So);
        assert_eq!(completed(Exited, 3), Verdict::Never("it ended with status 3".into()));
        assert_eq!(completed(Running, 0), Verdict::NotYet);
    }
}

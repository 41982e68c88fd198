//! Making a plan true: stop what goes, make the root container, then every member by itself as soon as it may.

use crate::door::Door;
use crate::error::{StepError, StepFailure};
use crate::report::Event;
use crate::start::{Standing, Standings, check, start};
use crate::stop::{Leaving, stop, stop_and_remove};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use tokio::sync::Semaphore;
use wharf_model::{ContainerId, EngineName, ImageRef};
use wharf_pod::{Action, Condition, Desired, DesiredMember, Images, Plan, Step, Then};
use wharf_wire::{Call, ContainerById, ContainerSpec, ContainerState};

/// Creations and starts under way at once. The engine gains nothing beyond about four on two cores (measured on 20.10,
/// 26.1 and 28.5); a few more keep larger machines busy.
const AT_ONCE: usize = 8;

/// One run of a plan.
pub(crate) struct Apply<'a> {
    pub(crate) door: &'a Door<'a>,
    pub(crate) desired: &'a Desired,
    pub(crate) images: &'a Images,
    pub(crate) plan: &'a Plan,
    standings: Standings,
    gate: Semaphore,
}

impl<'a> Apply<'a> {
    pub(crate) fn new(door: &'a Door<'a>, desired: &'a Desired, images: &'a Images, plan: &'a Plan) -> Self {
        let names = plan.steps.iter().map(|step| step.name.clone());
        let standings = Standings::new(&desired.pod, names);
        Self { door, desired, images, plan, standings, gate: Semaphore::new(AT_ONCE) }
    }

    /// Does it; what failed.
    pub(crate) async fn run(&self) -> Vec<StepFailure> {
        let mut failed = stop_and_remove(self.door, &self.leaving()).await;
        failed.extend(self.stop_rejoining().await);
        if !failed.is_empty() {
            return failed.into_iter().map(|(name, error)| StepFailure { name, error }).collect();
        }
        let root_name = EngineName::root(&self.desired.pod);
        let root = match self.root_container(&root_name).await {
            Ok(root) => root,
            Err(error) => return vec![StepFailure { name: root_name, error }],
        };
        let starting = self.start_root(&root_name, &root);
        let members = self.desired.members.iter().map(|member| self.bring_up(member, &root, &root_name));
        let (root_started, members) = futures_util::future::join(starting, join_all(members)).await;
        root_started.into_iter().chain(members.into_iter().flatten()).collect()
    }

    /// Members that are to rejoin stop before the root container starts: a run that is cut short in between leaves
    /// them stopped, which the next run sees; that they run in namespaces of the past it would not see.
    async fn stop_rejoining(&self) -> Vec<(EngineName, StepError)> {
        let stops = self.plan.steps.iter().filter_map(|step| match &step.action {
            Action::Rejoin(id) => Some(async move {
                stop(self.door, &step.name, id).await.err().map(|error| (step.name.clone(), error))
            }),
            _ => None,
        });
        join_all(stops).await.into_iter().flatten().collect()
    }

    /// What stops: replaced and removed containers.
    fn leaving(&self) -> Leaving {
        let root = EngineName::root(&self.desired.pod);
        let depends: BTreeMap<EngineName, Vec<EngineName>> =
            self.desired.members.iter().map(|m| self.below(m)).collect();
        let goes = self.plan.steps.iter().filter_map(|step| match &step.action {
            Action::Replace(id, _) | Action::Remove(id) => Some((&step.name, id)),
            _ => None,
        });
        let entry = |(name, id): (&EngineName, &ContainerId)| {
            let default = if name.member.is_some() { vec![root.clone()] } else { Vec::new() };
            let below = depends.get(name).cloned().unwrap_or(default);
            (name.clone(), (id.clone(), below))
        };
        goes.map(entry).collect()
    }

    /// What a member stands on: what it waits for, and the root container.
    fn below(&self, member: &DesiredMember) -> (EngineName, Vec<EngineName>) {
        let pod = &self.desired.pod;
        let waits = member.waits.iter().map(|wait| EngineName::member(pod, &wait.on));
        (member.engine_name(pod), waits.chain([EngineName::root(pod)]).collect())
    }

    fn action(&self, name: &EngineName) -> Option<&Action> {
        self.plan.step(name).map(|step: &Step| &step.action)
    }

    async fn root_container(&self, name: &EngineName) -> Result<ContainerId, StepError> {
        match self.action(name) {
            Some(Action::Keep(id) | Action::Start(id)) => Ok(id.clone()),
            _ => self.create(name, &self.desired.root.image, self.desired.root.spec(&self.desired.pod)).await,
        }
    }

    async fn start_root(&self, name: &EngineName, id: &ContainerId) -> Option<StepFailure> {
        let started = match self.action(name) {
            Some(Action::Keep(_)) => Ok(()),
            _ => start(self.door, name, id).await,
        };
        self.settle(name, started.map(|()| id.clone()))
    }

    async fn create(
        &self,
        name: &EngineName,
        image: &ImageRef,
        spec: ContainerSpec,
    ) -> Result<ContainerId, StepError> {
        let _turn = self.gate.acquire().await;
        let image = self.images.get(image).ok_or(StepError::Confused)?.clone();
        let call = Call::CreateContainer { name: name.clone(), image, spec: Box::new(spec) };
        let id = self.door.create(call).await.map_err(|error| match error {
            StepError::Engine(error) if error.status() == Some(409) => StepError::Overtaken(error),
            other => other,
        })?;
        self.door.report.event(&Event::Created(name));
        Ok(id)
    }

    /// One member, from what it is to up.
    async fn bring_up(
        &self,
        member: &DesiredMember,
        root: &ContainerId,
        root_name: &EngineName,
    ) -> Option<StepFailure> {
        let name = member.engine_name(&self.desired.pod);
        let up = self.member(member, &name, root, root_name).await;
        self.settle(&name, up)
    }

    async fn member(
        &self,
        member: &DesiredMember,
        name: &EngineName,
        root: &ContainerId,
        root_name: &EngineName,
    ) -> Result<ContainerId, StepError> {
        let pod = &self.desired.pod;
        let action = self.action(name).ok_or(StepError::Confused)?;
        let delivery = self.plan.step(name).and_then(|step| step.delivery.as_ref());
        let makes = matches!(action, Action::Create | Action::Replace(..));
        if delivery.is_some() && !makes {
            self.door.deliver(name, member.settings())?;
        }
        let id = match action {
            Action::Keep(id) | Action::Start(id) | Action::Rejoin(id) | Action::Remove(id) => id.clone(),
            Action::Create | Action::Replace(..) => {
                self.create(name, &member.image, member.spec(pod, root)).await?
            }
        };
        self.standings.up(root_name).await?;
        let kept = matches!(action, Action::Keep(_)) && !self.is_failed_job(member, &id).await?;
        if !kept {
            self.standings.await_all(self.door, name, &member.waits).await?;
            let _turn = self.gate.acquire().await;
            start(self.door, name, &id).await?;
        } else if let Some(delivery) = delivery {
            tell(self.door, name, &id, &delivery.then).await?;
        }
        if makes || delivery.is_some() {
            self.settle_secrets(member)?;
        }
        match &member.startup_health_check {
            // A kept container's check may have failed in the run before: what it gates still waits for it.
            Some(gate) if !kept || self.is_awaited(member) => check(self.door, name, &id, gate).await?,
            _ => {}
        }
        Ok(id)
    }

    /// From now on the container has what was delivered.
    fn settle_secrets(&self, member: &DesiredMember) -> Result<(), StepError> {
        match (member.secret_bind(), self.door.delivery) {
            (Some(bind), Some(way)) => Ok(way.settle(bind)?),
            _ => Ok(()),
        }
    }

    /// Whether a member that this run starts waits for this one to complete, and it has ended otherwise: then it is run
    /// again, as the person who runs wharf again expects.
    async fn is_failed_job(&self, job: &DesiredMember, id: &ContainerId) -> Result<bool, StepError> {
        let waits = |member: &DesiredMember| {
            member.waits.iter().any(|wait| wait.on == job.name && wait.until == Condition::Completed)
        };
        let action = self.action(&job.engine_name(&self.desired.pod));
        if !matches!(action, Some(Action::Keep(_))) || !self.started().any(waits) {
            return Ok(false);
        }
        let state = self.door.engine.observe(&ContainerById(id.clone())).await?.state;
        Ok(state.status == ContainerState::Exited && state.exit_code != 0)
    }

    /// Whether a member that this run starts waits for this one.
    fn is_awaited(&self, gate: &DesiredMember) -> bool {
        self.started().any(|member| member.waits.iter().any(|wait| wait.on == gate.name))
    }

    /// Members that this run starts.
    fn started(&self) -> impl Iterator<Item = &DesiredMember> {
        self.desired.members.iter().filter(|member| {
            let name = member.engine_name(&self.desired.pod);
            !matches!(self.action(&name), Some(Action::Keep(_)) | None)
        })
    }

    fn settle(&self, name: &EngineName, up: Result<ContainerId, StepError>) -> Option<StepFailure> {
        match up {
            Ok(id) => {
                self.standings.say(name, Standing::Up(id));
                None
            }
            Err(error) => {
                self.standings.say(name, Standing::Failed);
                Some(StepFailure { name: name.clone(), error })
            }
        }
    }
}

/// Tells a container that runs that its secrets have other values.
async fn tell(door: &Door<'_>, name: &EngineName, id: &ContainerId, then: &Then) -> Result<(), StepError> {
    match then {
        Then::Restart => {
            door.perform(Call::RestartContainer(id.clone())).await?;
            door.report.event(&Event::Started(name));
        }
        Then::Signal(signals) => {
            for signal in signals {
                let (container, signal) = (id.clone(), *signal);
                door.perform(Call::SignalContainer { container, signal }).await?;
            }
        }
        Then::Nothing => {}
    }
    Ok(())
}

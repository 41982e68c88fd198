//! A workstation made anew on the same home.

use crate::lifecycle::{How, Started, role_of};
use crate::{Blueprint, MadeImage, Seen, Yard, YardError};
use std::cell::Cell;
use wharf_docker::EngineError;
use wharf_model::{ContainerId, WorkstationName, WorkstationRole};
use wharf_wire::workstation::WorkstationAct;
use wharf_wire::{ContainerState, ContainerSummary};

/// Seconds for the former one to end in.
const PATIENCE: u32 = 10;

/// The two containers of an upgrade.
struct Pair<'a> {
    name: &'a WorkstationName,
    former: &'a ContainerId,
    next: &'a ContainerId,
    /// Whether this run gave the next one its place.
    is_placed: Cell<bool>,
}

impl Yard<'_> {
    /// Makes a new container from the definition and the image, and puts it in the former one's place; the home is kept.
    /// The former one is stopped when everything that could fail without it is done, and comes back when the new one does
    /// not start. Killed at any request, the next run ends it or undoes it.
    ///
    /// # Errors
    /// When it cannot be; then the former one is as it was, and runs if it did.
    pub async fn upgrade(&self, blueprint: &Blueprint<'_>, image: &MadeImage) -> Result<Started, YardError> {
        let name = &blueprint.definition.name;
        let seen = self.settle(name).await?;
        let Some((seen, former)) = seen.and_then(|seen| Some((seen.clone(), seen.container?))) else {
            return self.start(blueprint).await;
        };
        if seen.is_unfinished_copy() {
            return Err(YardError::UnfinishedCopy(name.clone()));
        }
        check_inhabitant(blueprint, &seen)?;
        self.create_home(name).await?;
        self.telling.step(&format!("making the next {name}"));
        let next = match self.create_next(blueprint, image, &seen, &former).await {
            Ok(next) => next,
            Err(error) => {
                // What is left of it goes, now or with the next run.
                let _settled = self.settle(name).await;
                return Err(error);
            }
        };
        let pair = Pair { name, former: &former, next: &next, is_placed: Cell::new(false) };
        let started = match self.exchange(&pair, &seen).await {
            Ok(started) => started,
            Err(error) => return Err(self.roll_back(&pair, &seen, error).await),
        };
        self.act_if_there(&former, WorkstationAct::Remove).await?;
        self.remove_images(name, Some(&image.name)).await?;
        Ok(started)
    }

    /// The next one, beside the former one that runs on. A tenant's limits may have no room for both: then the former one is
    /// stopped before, and for as long not started by the engine, so that it counts no more.
    async fn create_next(
        &self,
        blueprint: &Blueprint<'_>,
        image: &MadeImage,
        seen: &Seen,
        former: &ContainerId,
    ) -> Result<ContainerId, YardError> {
        match self.create_container(blueprint, image, WorkstationRole::Next).await {
            Err(error) if seen.is_running() && is_beyond_limits(&error) => {}
            other => return other,
        }
        self.telling.step(&format!("stopping the former {}, since there is no room for both", seen.name));
        let made = async {
            self.act(former, WorkstationAct::Stop { seconds: PATIENCE }).await?;
            self.act(former, WorkstationAct::Restarts(false)).await?;
            self.create_container(blueprint, image, WorkstationRole::Next).await
        };
        match made.await {
            Ok(next) => Ok(next),
            Err(error) => {
                self.act(former, WorkstationAct::Restarts(true)).await?;
                self.act(former, WorkstationAct::Start).await?;
                Err(error)
            }
        }
    }

    /// From here on it does not run.
    async fn exchange(&self, pair: &Pair<'_>, seen: &Seen) -> Result<Started, YardError> {
        let Pair { name, former, next, .. } = pair;
        if seen.is_running() {
            self.telling.step(&format!("stopping the former {name}"));
        }
        self.act(former, WorkstationAct::Stop { seconds: PATIENCE }).await?;
        self.rename(former, name, WorkstationRole::Former).await?;
        self.rename(next, name, WorkstationRole::Itself).await?;
        pair.is_placed.set(true);
        self.telling.step(&format!("starting {name}"));
        self.act(next, WorkstationAct::Start).await?;
        Ok(Started { seen: self.seen_serving(name).await?, how: How::Anew })
    }

    /// The former one again, as it was. Where that fails, too, the next run does it.
    async fn roll_back(&self, pair: &Pair<'_>, seen: &Seen, error: YardError) -> YardError {
        let Pair { name, former, next, .. } = pair;
        let back = async {
            // A run on another machine may have brought it to an end meanwhile: then the next one is all there is.
            let rows = self.containers(name).await?;
            let is_entered = |row: &ContainerSummary| {
                row.id == **next
                    && role_of(row) == Some(WorkstationRole::Itself)
                    && row.state == ContainerState::Running
            };
            if !rows.iter().any(|row| row.id == **former)
                || (!pair.is_placed.get() && rows.iter().any(is_entered))
            {
                return Err(YardError::Overtaken((*name).clone()));
            }
            self.act_if_there(next, WorkstationAct::Remove).await?;
            let role = self.with_facts(|facts| facts.owner_of(former).map(|owned| owned.name().role));
            if role == Some(WorkstationRole::Former) {
                self.rename(former, name, WorkstationRole::Itself).await?;
            }
            self.act(former, WorkstationAct::Restarts(true)).await?;
            if seen.is_running() {
                self.act(former, WorkstationAct::Start).await?;
            }
            Ok::<_, YardError>(())
        };
        let name = seen.name.clone();
        match back.await {
            Ok(()) => YardError::RolledBack { name, source: Box::new(error) },
            Err(overtaken @ YardError::Overtaken(_)) => overtaken,
            Err(_) => YardError::HalfWay { name, source: Box::new(error) },
        }
    }

    async fn rename(
        &self,
        container: &ContainerId,
        name: &WorkstationName,
        role: WorkstationRole,
    ) -> Result<(), YardError> {
        self.act(container, WorkstationAct::Rename(name.container(role))).await.map(drop)
    }
}

/// What is in the home is its user's, and nobody inside may give it to another.
fn check_inhabitant(blueprint: &Blueprint<'_>, seen: &Seen) -> Result<(), YardError> {
    let (uid, gid) = (blueprint.person.uid, blueprint.person.gid);
    match seen.user {
        Some((was, group)) if (was, group) != (uid, gid) => {
            let was = format!("`{was}:{group}`");
            Err(YardError::OtherInhabitant { name: seen.name.clone(), was, uid, gid })
        }
        _ => Ok(()),
    }
}

/// How a gateway of ours says that a tenant has used up what it may use.
fn is_beyond_limits(error: &YardError) -> bool {
    let YardError::Engine(EngineError::Refused { status: 403, message, .. }) = error else { return false };
    message.starts_with("wharf: denied by rule limits")
}

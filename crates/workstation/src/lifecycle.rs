//! Making, starting, stopping and destroying a workstation. Killed at any request, the next run goes on from there.

use crate::exec::ANSWER;
use crate::program::Program;
use crate::yard::is_conflict;
use crate::{Blueprint, MadeImage, Seen, WorkstationState, Yard, YardError};
use std::time::Duration;
use wharf_docker::Reply;
use wharf_model::{ContainerId, WorkstationName, WorkstationRole};
use wharf_policy::{Home, OwnedWorkstation, OwnedWorkstationImage, UntaggedImage};
use wharf_wire::workstation::{WorkstationAct, WorkstationCall, WorkstationImages};
use wharf_wire::{ContainerState, ContainerSummary, Info, VolumeDetails};

/// A workstation that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// What there is of it now.
    pub seen: Seen,
    /// How it came to run.
    pub how: How,
}

/// How a workstation came to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It ran already.
    Ran,
    /// It was there, and was started again.
    Again,
    /// Its container was made: what its image seeds into the home is to be looked after.
    Anew,
}

/// Seconds between the signal that ends a workstation and the one that cannot be caught: its server is gone within 5.
const PATIENCE: u32 = 10;
/// How long a session server is given to begin: five seconds.
const SERVING_LOOKS: u32 = 100;
const BETWEEN_SERVING_LOOKS: Duration = Duration::from_millis(50);
/// How often a run that was overtaken looks again.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

impl Yard<'_> {
    /// Makes it run: what is missing is made, what is there is started as it is. Never replaces anything.
    ///
    /// # Errors
    /// When it cannot be.
    pub async fn start(&self, blueprint: &Blueprint<'_>) -> Result<Started, YardError> {
        let name = &blueprint.definition.name;
        for _ in 0..LOOKS {
            match self.start_once(blueprint).await {
                Err(error) if is_overtaken(&error) => tokio::time::sleep(BETWEEN_LOOKS).await,
                other => return other,
            }
        }
        Err(YardError::Overtaken(name.clone()))
    }

    async fn start_once(&self, blueprint: &Blueprint<'_>) -> Result<Started, YardError> {
        let name = &blueprint.definition.name;
        let seen = self.find(name).await?;
        if seen.as_ref().is_some_and(Seen::is_unfinished_copy) {
            return Err(YardError::UnfinishedCopy(name.clone()));
        }
        if let Some(seen) = seen.clone().filter(Seen::is_running) {
            return Ok(Started { seen, how: How::Ran });
        }
        if seen.as_ref().is_some_and(|seen| seen.state == WorkstationState::Paused) {
            return Err(YardError::Paused(name.clone()));
        }
        let seen = if seen.is_some() { self.settle(name).await? } else { None };
        let seen = seen.and_then(|seen| Some((seen.container.clone()?, seen)));
        let (container, how) = match seen {
            Some((container, seen)) if seen.state == WorkstationState::Created => {
                (self.complete(&container, &seen, blueprint).await?, How::Anew)
            }
            Some((container, seen)) => {
                // An upgrade that was broken off may have taken that away.
                if !seen.restarts {
                    self.act(&container, WorkstationAct::Restarts(true)).await?;
                }
                (container, How::Again)
            }
            None => (self.create(blueprint).await?, How::Anew),
        };
        self.telling.step(&format!("starting {name}"));
        self.act(&container, WorkstationAct::Start).await?;
        let seen = match how {
            How::Anew => self.seen_serving(name).await?,
            _ => self.seen_running(name).await?,
        };
        Ok(Started { seen, how })
    }

    /// A container that never ran may lack what it is given after it was made, and may be what never could run: then it
    /// is made anew as soon as its file says otherwise, since nothing is lost with it.
    async fn complete(
        &self,
        container: &ContainerId,
        seen: &Seen,
        blueprint: &Blueprint<'_>,
    ) -> Result<ContainerId, YardError> {
        let program = self.program().await?;
        if seen.outdated(blueprint.definition, Some(&program.version)).is_some() {
            self.act_if_there(container, WorkstationAct::Remove).await?;
            return self.create(blueprint).await;
        }
        self.furnish(container, blueprint, &program).await?;
        Ok(container.clone())
    }

    /// Makes everything of it that is missing, and does not start it.
    ///
    /// # Errors
    /// When it cannot be.
    pub async fn create(&self, blueprint: &Blueprint<'_>) -> Result<ContainerId, YardError> {
        let image = self.make_image(blueprint, false).await?;
        self.create_home(&blueprint.definition.name).await?;
        self.telling.step(&format!("making {}", blueprint.definition.name));
        self.create_container(blueprint, &image, WorkstationRole::Itself).await
    }

    /// A container with everything that it needs to run.
    pub(crate) async fn create_container(
        &self,
        blueprint: &Blueprint<'_>,
        image: &MadeImage,
        role: WorkstationRole,
    ) -> Result<ContainerId, YardError> {
        let program = self.program().await?;
        let spec = Box::new(blueprint.spec(&image.name, &program.version)?);
        let container = blueprint.definition.name.container(role);
        let call = WorkstationCall::Create { container, image: image.id.clone(), spec };
        let Reply::Created(container) = self.perform(call).await? else { return Err(YardError::Confused) };
        self.furnish(&container, blueprint, &program).await?;
        Ok(container)
    }

    /// The session program for the engine's machine.
    async fn program(&self) -> Result<Program, YardError> {
        let info = self.engine.observe(&Info).await?;
        Ok((self.program_for)(&info.architecture)?)
    }

    /// Its home, which stays when it is there.
    pub(crate) async fn create_home(&self, name: &WorkstationName) -> Result<(), YardError> {
        let foreign = || YardError::ForeignVolume(name.home());
        match self.home(name).await? {
            Home::Own => return Ok(()),
            Home::Foreign => return Err(foreign()),
            Home::Absent => {}
        }
        let Reply::Answer(made) = self.perform(WorkstationCall::CreateHome(name.clone())).await? else {
            return Err(YardError::Confused);
        };
        // An engine answers with what is there when somebody else was faster, and changes no label of it.
        let made: VolumeDetails = serde_json::from_slice(&made).map_err(|_| YardError::Confused)?;
        let home = Home::observed(name, Some(&made));
        self.with_facts(|facts| facts.homes.insert(name.clone(), home));
        if home == Home::Own { Ok(()) } else { Err(foreign()) }
    }

    /// What there is of it, once its session server answers.
    pub(crate) async fn seen_serving(&self, name: &WorkstationName) -> Result<Seen, YardError> {
        for _ in 0..SERVING_LOOKS {
            let seen = self.seen_running(name).await?;
            match self.run_within(&seen, &[crate::PROGRAM, "status"], ANSWER).await {
                Ok(ran) if ran.status == Some(0) => return Ok(seen),
                // It ended meanwhile, which the next look tells.
                Ok(_) | Err(YardError::NotRunning(_)) => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(BETWEEN_SERVING_LOOKS).await;
        }
        Err(YardError::Deaf(name.clone()))
    }

    /// What there is of it, which must run.
    async fn seen_running(&self, name: &WorkstationName) -> Result<Seen, YardError> {
        let seen = self.find(name).await?.ok_or_else(|| YardError::NoSuchWorkstation(name.clone()))?;
        if seen.is_running() {
            return Ok(seen);
        }
        let output = self.last_words(&seen).await;
        Err(YardError::Ended { name: name.clone(), output })
    }

    /// Stops it. Its sessions' names and directories are kept, and its home.
    ///
    /// # Errors
    /// When it is gone, or the engine refuses.
    pub async fn stop(&self, seen: &Seen) -> Result<(), YardError> {
        self.telling.step(&format!("stopping {}", seen.name));
        self.act(container_of(seen)?, WorkstationAct::Stop { seconds: PATIENCE }).await.map(drop)
    }

    /// Stops and starts it.
    ///
    /// # Errors
    /// When it is gone, or the engine refuses.
    pub async fn restart(&self, seen: &Seen) -> Result<Seen, YardError> {
        self.telling.step(&format!("restarting {}", seen.name));
        self.act(container_of(seen)?, WorkstationAct::Restart { seconds: PATIENCE }).await?;
        self.seen_running(&seen.name).await
    }

    /// Brings what an upgrade that was broken off has left to an end: forward when the former one has made room, back
    /// otherwise. What there is then.
    pub(crate) async fn settle(&self, name: &WorkstationName) -> Result<Option<Seen>, YardError> {
        let rows = self.containers(name).await?;
        let of_role = |role| id_of(&rows, role);
        // One that runs is another run's, which makes an image.
        let is_idle = |row: &&ContainerSummary| row.state != ContainerState::Running;
        let maker = rows.iter().filter(is_idle).find(|row| role_of(row) == Some(WorkstationRole::Maker));
        if let Some(maker) = maker {
            self.remove_idle_maker(name, &maker.id).await?;
        }
        let (itself, next, former) = (
            of_role(WorkstationRole::Itself),
            of_role(WorkstationRole::Next),
            of_role(WorkstationRole::Former),
        );
        let rename = || WorkstationAct::Rename(name.container(WorkstationRole::Itself));
        let left: Vec<&ContainerId> = match (&itself, &next, &former) {
            // It made room when the next one was complete.
            (None, Some(next), Some(former)) => {
                self.act(next, rename()).await?;
                vec![former]
            }
            (None, None, Some(former)) => {
                self.act(former, rename()).await?;
                vec![]
            }
            // Never complete, and nothing was touched for it.
            _ => next.iter().chain(&former).collect(),
        };
        // A run elsewhere may have given it its place meanwhile, and somebody may be in it.
        if !left.is_empty() {
            let now = self.containers(name).await?;
            let is_itself = |id: &ContainerId| id_of(&now, WorkstationRole::Itself).as_ref() == Some(id);
            for container in left.iter().filter(|left| !is_itself(left)) {
                self.act_if_there(container, WorkstationAct::Remove).await?;
            }
        }
        if former.is_none() && left.is_empty() && itself.is_none() && next.is_none() {
            return Ok(None);
        }
        self.find(name).await
    }

    /// Removes everything of it that wharf made: its containers, the images that were made for it, and last its home, so
    /// that a run that is killed is taken up again by the next.
    ///
    /// # Errors
    /// When the engine refuses; what is left is found by the next run.
    pub async fn destroy(&self, name: &WorkstationName) -> Result<(), YardError> {
        for row in self.containers(name).await? {
            self.act_if_there(&row.id, WorkstationAct::Remove).await?;
        }
        self.remove_images(name, None).await?;
        if self.home(name).await? == Home::Own {
            match self.perform(WorkstationCall::RemoveHome(name.clone())).await {
                Err(error) if error.status() == Some(404) => {}
                other => other.map(drop)?,
            }
        }
        Ok(())
    }

    /// Removes the images that were made for it, but for one.
    pub(crate) async fn remove_images(
        &self,
        name: &WorkstationName,
        but: Option<&str>,
    ) -> Result<(), YardError> {
        let listed = self.engine.observe(&WorkstationImages(name.clone())).await?;
        let images: Vec<OwnedWorkstationImage> =
            listed.iter().flat_map(|image| OwnedWorkstationImage::observed(name, image)).collect();
        let untagged: Vec<UntaggedImage> =
            listed.iter().filter_map(|image| UntaggedImage::observed(name, image)).collect();
        self.with_facts(|facts| {
            facts.images.extend(images.iter().cloned());
            facts.untagged.extend(untagged.iter().cloned());
        });
        for image in images.iter().map(OwnedWorkstationImage::image) {
            if but == Some(&image.to_string()) {
                continue;
            }
            match self.perform(WorkstationCall::RemoveImage(image.clone())).await {
                // Somebody else uses it, or it is gone.
                Err(error) if matches!(error.status(), Some(404 | 409)) => {
                    if error.status() == Some(409) {
                        self.telling.step(&format!("image {image} is left: something else uses it"));
                    }
                }
                other => other.map(drop)?,
            }
        }
        self.remove_untagged(untagged).await
    }

    /// Removes what was made for it and gave its tag to what was made later. One below another goes after it.
    async fn remove_untagged(&self, mut untagged: Vec<UntaggedImage>) -> Result<(), YardError> {
        loop {
            let mut used = Vec::new();
            for image in &untagged {
                match self.perform(WorkstationCall::RemoveUntagged(image.id().clone())).await {
                    Err(error) if error.status() == Some(404) => {}
                    Err(error) if is_conflict(&error) => used.push(image.clone()),
                    other => other.map(drop)?,
                }
            }
            if used.is_empty() || used.len() == untagged.len() {
                return Ok(());
            }
            untagged = used;
        }
    }
}

/// The container of a workstation that has one.
pub(crate) fn container_of(seen: &Seen) -> Result<&ContainerId, YardError> {
    seen.container.as_ref().ok_or_else(|| YardError::NoSuchWorkstation(seen.name.clone()))
}

fn id_of(rows: &[ContainerSummary], role: WorkstationRole) -> Option<ContainerId> {
    rows.iter().find(|row| role_of(row) == Some(role)).map(|row| row.id.clone())
}

pub(crate) fn role_of(row: &ContainerSummary) -> Option<WorkstationRole> {
    OwnedWorkstation::observed(row).map(|owned| owned.name().role)
}

/// Somebody else made, removed or renamed something of it meanwhile: or the engine went on with what a run asked for before
/// it was killed.
fn is_overtaken(error: &YardError) -> bool {
    is_conflict(error) || error.status() == Some(404)
}

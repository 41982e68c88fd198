//! The engine's side of all workstations that are on one engine.

use crate::program::{Program, ProgramError, for_architecture};
use crate::{Seen, Telling, YardError};
use futures_util::future::try_join;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use wharf_docker::{Engine, EngineError, Reply, RequestBody};
use wharf_model::{ContainerId, WorkstationName, WorkstationRole};
use wharf_policy::{
    Actor, Facts, Grants, Home, OwnedWorkstation, OwnedWorkstationExec, Permit, WorkstationFacts, decide,
};
use wharf_wire::workstation::{
    WORKSTATION_LABEL, WorkstationAct, WorkstationCall, WorkstationContainers, WorkstationHome,
    WorkstationHomes, WorkstationNamed,
};
use wharf_wire::{Call, ContainerSummary, Credentials, Info};

/// The workstations of one engine.
pub struct Yard<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) telling: &'a dyn Telling,
    pub(crate) credentials: &'a dyn Credentials,
    actor: &'a Actor,
    grants: Grants,
    facts: RefCell<Facts>,
    pub(crate) program_for: ProgramFor,
    pub(crate) renewer: Option<PathBuf>,
}

/// Engines' ids have some 40 characters.
const MOST_ID: usize = 128;

/// Where the session program for an engine's architecture comes from.
pub type ProgramFor = fn(&str) -> Result<Program, ProgramError>;

impl<'a> Yard<'a> {
    /// The workstations that are on `engine`. Nothing is asked yet.
    pub fn new(
        engine: &'a Engine,
        actor: &'a Actor,
        telling: &'a dyn Telling,
        credentials: &'a dyn Credentials,
    ) -> Self {
        let (grants, facts) = (Grants::default(), RefCell::default());
        Self {
            engine,
            telling,
            credentials,
            actor,
            grants,
            facts,
            program_for: for_architecture,
            renewer: None,
        }
    }

    /// The same with another session program.
    pub fn with_program(self, program_for: ProgramFor) -> Self {
        Self { program_for, ..self }
    }

    /// The same with a program that renews the certificates of joined contexts: put into every new container that has some.
    pub fn with_renewer(self, renewer: PathBuf) -> Self {
        Self { renewer: Some(renewer), ..self }
    }

    /// Every workstation of which there is a container or a home, by name. Two requests at once.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn all(&self) -> Result<Vec<Seen>, YardError> {
        let rows = self.engine.observe(&WorkstationContainers(None));
        let (rows, homes) = try_join(rows, self.engine.observe(&WorkstationHomes)).await?;
        let homes: BTreeSet<WorkstationName> = homes
            .volumes
            .iter()
            .filter_map(|volume| volume.labels.get(WORKSTATION_LABEL)?.parse().ok())
            .filter(|name: &WorkstationName| homes.volumes.iter().any(|volume| volume.name == name.home()))
            .collect();
        let mut of_name: BTreeMap<WorkstationName, Vec<ContainerSummary>> =
            homes.iter().map(|name| (name.clone(), Vec::new())).collect();
        for row in rows {
            if let Some(owned) = OwnedWorkstation::observed(&row) {
                of_name.entry(owned.name().workstation.clone()).or_default().push(row);
            }
        }
        Ok(of_name.iter().map(|(name, rows)| seen_of(name, rows, homes.contains(name))).collect())
    }

    /// What there is of a workstation; `None` when there is nothing. One request where there is a container.
    ///
    /// # Errors
    /// When its names are somebody else's, or the engine is away.
    pub async fn find(&self, name: &WorkstationName) -> Result<Option<Seen>, YardError> {
        let container = name.container(WorkstationRole::Itself);
        match self.engine.observe(&WorkstationNamed(container.clone())).await {
            Ok(details) => {
                let owned = OwnedWorkstation::inspected(&details).filter(|owned| *owned.name() == container);
                let owned = owned.ok_or_else(|| YardError::ForeignContainer(container.to_string()))?;
                self.learn(owned);
                Ok(Some(Seen::inspected(name, &details)))
            }
            Err(error) if error.status() == Some(404) => self.find_remains(name).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Which engine it is, by what it or its gateway says; `None` where that is said otherwise each time, or not at all.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn engine_id(&self) -> Result<Option<String>, YardError> {
        let (id, again) = (self.engine.observe(&Info).await?.id, self.engine.observe(&Info).await?.id);
        let is_one =
            id == again && (1..=MOST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
        Ok(is_one.then_some(id))
    }

    async fn find_remains(&self, name: &WorkstationName) -> Result<Option<Seen>, YardError> {
        let (rows, home) = try_join(self.containers(name), self.home(name)).await?;
        if rows.is_empty() && home != Home::Own {
            return Ok(None);
        }
        let seen = seen_of(name, &rows, home == Home::Own);
        Ok(Some(if seen.container.is_none() { self.with_values(seen, &rows).await? } else { seen }))
    }

    /// What is left of one, with what a list does not tell: the values of its variables.
    async fn with_values(&self, mut seen: Seen, rows: &[ContainerSummary]) -> Result<Seen, YardError> {
        let Some(left) = left_of(rows) else { return Ok(seen) };
        match self.engine.observe(&WorkstationNamed(left.clone())).await {
            Ok(details)
                if OwnedWorkstation::inspected(&details).is_some_and(|owned| *owned.name() == left) =>
            {
                seen.definition_text = crate::seen::definition_text(&seen.name, &details);
                Ok(seen)
            }
            Ok(_) => Ok(seen),
            Err(error) if error.status() == Some(404) => Ok(seen),
            Err(error) => Err(error.into()),
        }
    }

    /// Every container of a workstation.
    pub(crate) async fn containers(
        &self,
        name: &WorkstationName,
    ) -> Result<Vec<ContainerSummary>, YardError> {
        let mut rows = self.engine.observe(&WorkstationContainers(Some(name.clone()))).await?;
        rows.retain(|row| match OwnedWorkstation::observed(row) {
            Some(owned) if owned.name().workstation == *name => {
                self.learn(owned);
                true
            }
            _ => false,
        });
        Ok(rows)
    }

    /// Whose the volume is that has the name of a workstation's home.
    pub(crate) async fn home(&self, name: &WorkstationName) -> Result<Home, YardError> {
        let volume = match self.engine.observe(&WorkstationHome(name.clone())).await {
            Ok(volume) => Some(volume),
            Err(error) if error.status() == Some(404) => None,
            Err(error) => return Err(error.into()),
        };
        let home = Home::observed(name, volume.as_ref());
        self.facts.borrow_mut().workstations.homes.insert(name.clone(), home);
        Ok(home)
    }

    /// Learns that a container is a workstation's own.
    pub(crate) fn learn(&self, owned: OwnedWorkstation) {
        self.with_facts(|facts| facts.learn(owned));
    }

    pub(crate) fn with_facts<T>(&self, work: impl FnOnce(&mut WorkstationFacts) -> T) -> T {
        work(&mut self.facts.borrow_mut().workstations)
    }

    /// Judges and sends.
    pub(crate) async fn perform(&self, call: WorkstationCall) -> Result<Reply, YardError> {
        let permit = self.permit(Call::Workstation(call))?;
        // On the heap: what waits for it waits within many others, each of which would be as large.
        let reply = Box::pin(self.engine.send(&permit)).await?;
        self.remember(&permit, &reply);
        Ok(reply)
    }

    /// As `perform`, of a call that carries a stream.
    pub(crate) async fn perform_stream(
        &self,
        call: WorkstationCall,
        stream: RequestBody,
    ) -> Result<Reply, YardError> {
        let permit = self.permit(Call::Workstation(call))?;
        let reply = Box::pin(self.engine.send_stream(&permit, stream)).await?;
        self.remember(&permit, &reply);
        Ok(reply)
    }

    /// Judges.
    pub(crate) fn permit(&self, call: Call) -> Result<Permit, YardError> {
        Ok(decide(self.actor, call, &self.facts.borrow(), &self.grants)?)
    }

    /// Does something with a container.
    pub(crate) async fn act(&self, container: &ContainerId, act: WorkstationAct) -> Result<Reply, YardError> {
        self.perform(WorkstationCall::Container { container: container.clone(), act }).await
    }

    /// As `act`, where it is as well when the container is gone.
    pub(crate) async fn act_if_there(
        &self,
        container: &ContainerId,
        act: WorkstationAct,
    ) -> Result<(), YardError> {
        match self.act(container, act).await {
            Err(error) if error.status() == Some(404) => Ok(()),
            other => other.map(drop),
        }
    }

    fn remember(&self, permit: &Permit, reply: &Reply) {
        self.with_facts(|facts| match reply {
            Reply::Created(id) => {
                facts.containers.extend(OwnedWorkstation::created(permit, id.clone()));
            }
            Reply::ExecCreated(id) => {
                let exec = OwnedWorkstationExec::created(permit, id.clone(), facts);
                facts.execs.extend(exec);
            }
            _ => {
                if let Some(renamed) = OwnedWorkstation::renamed(permit) {
                    facts.learn(renamed);
                }
            }
        });
    }
}

/// The container that tells most of a workstation that has none of its name.
fn left_of(rows: &[ContainerSummary]) -> Option<wharf_model::WorkstationContainer> {
    let names = || rows.iter().filter_map(|row| Some(OwnedWorkstation::observed(row)?.name().clone()));
    let of_role = |wanted| names().find(|name| name.role == wanted);
    of_role(WorkstationRole::Former).or_else(|| of_role(WorkstationRole::Next))
}

/// What a workstation's containers and its home come to.
fn seen_of(name: &WorkstationName, rows: &[ContainerSummary], home: bool) -> Seen {
    let role = |row: &&ContainerSummary| OwnedWorkstation::observed(row).map(|owned| owned.name().role);
    let of_role = |wanted| rows.iter().find(|row| role(row) == Some(wanted));
    if let Some(row) = of_role(WorkstationRole::Itself) {
        return Seen::listed(name, row);
    }
    let left = of_role(WorkstationRole::Former).or_else(|| of_role(WorkstationRole::Next));
    let labels = left.map(|row| row.labels.clone()).unwrap_or_default();
    Seen::absent(name, &labels, home)
}

impl std::fmt::Debug for Yard<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Yard").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// A refusal because there is something of that name already.
pub(crate) fn is_conflict(error: &YardError) -> bool {
    matches!(error, YardError::Engine(EngineError::Refused { status: 409, .. }))
}

//! What would have to be done to make a pod as desired: a pure comparison, container by container.

use crate::OnChange;
use crate::desired::{ConfigHash, Desired, DesiredMember};
use crate::observed::{Observed, ObservedContainer};
use serde::Serialize;
use std::collections::BTreeMap;
use wharf_model::{ContainerId, EngineName, ImageId, ImageRef, SecretName, Signal};
use wharf_wire::{ContainerState, SecretFile};

/// What would be done, in the order of the file, the root container first, removals last.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// One step a container.
    pub steps: Vec<Step>,
}

/// What would be done about one container.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its name on the engine.
    pub name: EngineName,
    /// What is to be done.
    pub action: Action,
    /// Secrets that it has not been given as they are now, of a container that exists and uses some.
    pub delivery: Option<Redelivery>,
}

/// Secrets of a container that have other values than those that it was given last.
#[derive(Debug, Clone, PartialEq)]
pub struct Redelivery {
    /// Which.
    pub changed: Vec<SecretName>,
    /// What follows for a container that runs and is kept.
    pub then: Then,
}

/// What follows for a container that runs, when it has been given other values.
#[derive(Debug, Clone, PartialEq)]
pub enum Then {
    /// It is restarted.
    Restart,
    /// It is sent these.
    Signal(Vec<Signal>),
    /// Nothing.
    Nothing,
}

/// What is to be done about a container. Ids are of containers that exist.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// It is as it should be.
    Keep(ContainerId),
    /// It is as it should be, but does not run and should.
    Start(ContainerId),
    /// It runs in namespaces of a root container that is about to be started anew: stopped before, started after.
    Rejoin(ContainerId),
    /// There is none.
    Create,
    /// There is one, and it is not what it should be.
    Replace(ContainerId, Reason),
    /// There is one, and the file has none.
    Remove(ContainerId),
}

/// Why a container is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its specification is another.
    Configuration,
    /// Its image is another.
    Image,
    /// The root container, whose namespaces it joins, is another.
    Root,
    /// The engine calls it dead.
    Dead,
    /// Somebody paused it.
    Paused,
}

/// Full ids of the images that references mean at present; a reference without an entry has no image yet.
pub type Images = BTreeMap<ImageRef, ImageId>;

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(Step::is_nothing)
    }

    /// Whether something that runs stops for a while.
    pub fn has_downtime(&self) -> bool {
        self.steps.iter().any(|step| {
            matches!(step.action, Action::Replace(..) | Action::Remove(_) | Action::Rejoin(_))
                || step.delivery.as_ref().is_some_and(|delivery| delivery.then == Then::Restart)
        })
    }

    /// The step about a container.
    pub fn step(&self, name: &EngineName) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == *name)
    }
}

impl Step {
    /// Whether the container is left as it is.
    pub fn is_nothing(&self) -> bool {
        matches!(self.action, Action::Keep(_)) && self.delivery.is_none()
    }
}

/// Compares what should be with what is.
pub fn plan(desired: &Desired, images: &Images, observed: &Observed) -> Plan {
    let pod = &desired.pod;
    let root_name = EngineName::root(pod);
    let root = root_action(desired, images, observed.root.as_ref());
    let mut steps = Vec::with_capacity(desired.members.len() + 1);
    steps.extend(desired.members.iter().map(|member| {
        let existing = observed.member(pod, &member.name);
        let action = member_action(member, images, existing, &root);
        let delivery = existing.and_then(|existing| redelivery(member, existing.state, &action, observed));
        Step { name: member.engine_name(pod), action, delivery }
    }));
    steps.insert(0, Step { name: root_name, action: root, delivery: None });
    let wanted: Vec<EngineName> = steps.iter().map(|step| step.name.clone()).collect();
    let unwanted = observed.members.iter().filter(|container| !wanted.contains(&container.name));
    steps.extend(unwanted.map(|gone| Step {
        name: gone.name.clone(),
        action: Action::Remove(gone.id.clone()),
        delivery: None,
    }));
    Plan { steps }
}

fn root_action(desired: &Desired, images: &Images, existing: Option<&ObservedContainer>) -> Action {
    let Some(existing) = existing else {
        return Action::Create;
    };
    match difference(existing, &desired.root.hash, images.get(&desired.root.image)) {
        Some(reason) => Action::Replace(existing.id.clone(), reason),
        None if existing.state == ContainerState::Running => Action::Keep(existing.id.clone()),
        None => Action::Start(existing.id.clone()),
    }
}

fn member_action(
    member: &DesiredMember,
    images: &Images,
    existing: Option<&ObservedContainer>,
    root: &Action,
) -> Action {
    let Some(existing) = existing else {
        return Action::Create;
    };
    let id = existing.id.clone();
    if let Some(reason) = difference(existing, &member.hash, images.get(&member.image)) {
        return Action::Replace(id, reason);
    }
    match root {
        Action::Keep(root) | Action::Start(root) if existing.root.as_deref() != Some(root.as_str()) => {
            Action::Replace(id, Reason::Root)
        }
        Action::Create | Action::Replace(..) => Action::Replace(id, Reason::Root),
        Action::Start(_) if is_up(existing.state) && member.is_service() => Action::Rejoin(id),
        // Cut short, a rejoin leaves a stopped container; a job that is found stopped is not started again.
        Action::Start(_) if is_up(existing.state) => Action::Replace(id, Reason::Root),
        _ if should_start(member, existing.state) => Action::Start(id),
        _ => Action::Keep(id),
    }
}

/// What a container has not been given yet.
fn redelivery(
    member: &DesiredMember,
    state: ContainerState,
    action: &Action,
    observed: &Observed,
) -> Option<Redelivery> {
    let files = member.secrets();
    if files.is_empty() {
        return None;
    }
    let given = observed.delivered.get(&member.name);
    if given.is_some_and(|given| given == files) {
        return None;
    }
    let is_new = |file: &&SecretFile| !given.is_some_and(|given| given.contains(file));
    let mut changed: Vec<SecretName> = files.iter().filter(is_new).map(|file| file.name.clone()).collect();
    changed.sort();
    changed.dedup();
    let then = match action {
        Action::Keep(_) if !is_up(state) => Then::Nothing,
        // Its directory is gone: what it has mounted is not the one that it is given now.
        Action::Keep(_) if given.is_none() => Then::Restart,
        Action::Keep(_) => follows(member, &changed),
        _ => Then::Nothing,
    };
    Some(Redelivery { changed, then })
}

fn follows(member: &DesiredMember, changed: &[SecretName]) -> Then {
    let mut signals: Vec<Signal> = Vec::new();
    for secret in changed {
        match member.on_change(secret) {
            OnChange::Restart => return Then::Restart,
            OnChange::Signal(signal) if !signals.contains(&signal) => signals.push(signal),
            OnChange::Signal(_) | OnChange::Nothing => {}
        }
    }
    if signals.is_empty() { Then::Nothing } else { Then::Signal(signals) }
}

fn difference(existing: &ObservedContainer, hash: &ConfigHash, image: Option<&ImageId>) -> Option<Reason> {
    if !hash.fits(existing.hash.as_deref()) {
        return Some(Reason::Configuration);
    }
    if image.is_none_or(|image| image.as_str() != existing.image_id) {
        return Some(Reason::Image);
    }
    match existing.state {
        ContainerState::Dead | ContainerState::Removing => Some(Reason::Dead),
        ContainerState::Paused => Some(Reason::Paused),
        _ => None,
    }
}

fn is_up(state: ContainerState) -> bool {
    matches!(state, ContainerState::Running | ContainerState::Restarting | ContainerState::Paused)
}

/// One that was created and never started is left from a run that was cut short. One that has ended is started again
/// only when it is a service: a job that is done stays done.
fn should_start(member: &DesiredMember, state: ContainerState) -> bool {
    match state {
        ContainerState::Created => true,
        ContainerState::Exited => member.is_service(),
        _ => false,
    }
}

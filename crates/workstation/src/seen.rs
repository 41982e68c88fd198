//! What there is of a workstation on its engine.

use crate::Definition;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::SystemTime;
use wharf_model::{ContainerId, ImageId, TargetPath, WorkstationName};
use wharf_wire::workstation::{DEFINITION_LABEL, IMAGE_LABEL, SESSION_LABEL};
use wharf_wire::{ContainerDetails, ContainerState, ContainerSummary, MountPoint};

/// What stands for the image in the label of a container whose home is being filled with a copy.
pub(crate) const UNFINISHED: &str = "(unfinished copy)";

/// What there is of a workstation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Which.
    pub name: WorkstationName,
    /// Its container, by its full id.
    pub container: Option<ContainerId>,
    /// What it does.
    pub state: WorkstationState,
    /// What its image was called when it was made.
    pub image: Option<String>,
    /// The image itself.
    pub image_id: Option<ImageId>,
    /// Its file, as it was when it was made; where only a list was looked at, without the values of its variables.
    pub definition_text: Option<String>,
    /// Whose number and group's number its processes have, where it was looked at by itself.
    pub user: Option<(u32, u32)>,
    /// Which version of the session program it was given.
    pub session_version: Option<String>,
    /// When it was started, when it ran ever.
    pub started: Option<SystemTime>,
    /// When it ended, when it does not run.
    pub ended: Option<SystemTime>,
    /// Where its home is seen in it.
    pub home: Option<TargetPath>,
    /// Whether its home is there.
    pub volume: bool,
    /// Whether the engine starts it again by itself; where nobody has looked, as it should be.
    pub restarts: bool,
    /// Whether the values of its variables are in the text.
    #[serde(skip)]
    has_values: bool,
}

/// What a workstation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkstationState {
    /// There is no container: its home alone, or what an upgrade that was broken off has left.
    Absent,
    /// It was made, and never started.
    Created,
    /// It runs.
    Running,
    /// The engine has frozen it.
    Paused,
    /// The engine is about to start it again.
    Restarting,
    /// It was stopped, or ended.
    Stopped,
}

/// Why a workstation is not what it would be if it were made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outdated {
    /// Its file has changed.
    Definition,
    /// Its session program is of another version of wharf.
    Session,
}

impl Seen {
    /// What a container, looked at by itself, says of its workstation.
    pub(crate) fn inspected(name: &WorkstationName, details: &ContainerDetails) -> Self {
        let home = home_in(name, &details.mounts);
        let labelled = Self::labelled(name, &details.labels());
        Self {
            container: Some(details.id.clone()),
            definition_text: definition_text(name, details),
            user: details.config.get("User").and_then(serde_json::Value::as_str).and_then(user),
            has_values: true,
            state: details.state.status.into(),
            image_id: details.image.parse().ok(),
            started: moment(&details.state.started_at),
            ended: moment(&details.state.finished_at),
            volume: home.is_some(),
            home,
            restarts: restarts(&details.host_config),
            ..labelled
        }
    }

    /// What a row of a list says.
    pub(crate) fn listed(name: &WorkstationName, row: &ContainerSummary) -> Self {
        Self {
            container: Some(row.id.clone()),
            state: row.state.into(),
            image_id: row.image_id.parse().ok(),
            volume: true,
            home: home_in(name, &row.mounts),
            ..Self::labelled(name, &row.labels)
        }
    }

    /// What is left where the container is not; the labels are those of what else there is.
    pub(crate) fn absent(name: &WorkstationName, labels: &BTreeMap<String, String>, volume: bool) -> Self {
        Self { volume, ..Self::labelled(name, labels) }
    }

    fn labelled(name: &WorkstationName, labels: &BTreeMap<String, String>) -> Self {
        Self {
            name: name.clone(),
            container: None,
            state: WorkstationState::Absent,
            image: labels.get(IMAGE_LABEL).cloned(),
            image_id: None,
            definition_text: labels.get(DEFINITION_LABEL).cloned(),
            user: None,
            session_version: labels.get(SESSION_LABEL).cloned(),
            started: None,
            ended: None,
            home: None,
            volume: false,
            restarts: true,
            has_values: false,
        }
    }

    /// Whether it can be entered as it is.
    pub fn is_running(&self) -> bool {
        self.state == WorkstationState::Running
    }

    /// Whether its home is a copy that nobody has brought to an end.
    pub fn is_unfinished_copy(&self) -> bool {
        self.image.as_deref() == Some(UNFINISHED)
    }

    /// When it was last running: now, when it runs.
    pub fn last_use(&self) -> Option<SystemTime> {
        if self.is_running() { Some(SystemTime::now()) } else { self.ended.or(self.started) }
    }

    /// Whether it would be made otherwise from `definition` by this `session` program; told without asking anybody.
    pub fn outdated(&self, definition: &Definition, session: Option<&str>) -> Option<Outdated> {
        self.container.as_ref()?;
        let blank = (!self.has_values).then(|| definition.without_values());
        let definition = blank.as_ref().unwrap_or(definition);
        if self.definition_text.as_deref().is_some_and(|text| !definition.is_made_like(text)) {
            return Some(Outdated::Definition);
        }
        let other = |session: &str| self.session_version.as_deref().is_some_and(|own| own != session);
        session.is_some_and(other).then_some(Outdated::Session)
    }
}

impl From<ContainerState> for WorkstationState {
    fn from(state: ContainerState) -> Self {
        match state {
            ContainerState::Created => Self::Created,
            ContainerState::Running => Self::Running,
            ContainerState::Paused => Self::Paused,
            ContainerState::Restarting => Self::Restarting,
            ContainerState::Exited
            | ContainerState::Dead
            | ContainerState::Removing
            | ContainerState::Unknown => Self::Stopped,
        }
    }
}

/// The file as it was when this container was made: the label's text, and the container's values.
pub(crate) fn definition_text(name: &WorkstationName, details: &ContainerDetails) -> Option<String> {
    let told = details.config.get("Env").and_then(serde_json::Value::as_array);
    let told: Vec<String> =
        told.into_iter().flatten().filter_map(|told| Some(told.as_str()?.to_owned())).collect();
    Some(Definition::text_of_label(name, details.label(DEFINITION_LABEL)?, &told))
}

fn user(text: &str) -> Option<(u32, u32)> {
    let (uid, gid) = text.split_once(':')?;
    Some((uid.parse().ok()?, gid.parse().ok()?))
}

fn restarts(host_config: &serde_json::Value) -> bool {
    host_config.pointer("/RestartPolicy/Name").and_then(serde_json::Value::as_str) == Some("unless-stopped")
}

fn home_in(name: &WorkstationName, mounts: &[MountPoint]) -> Option<TargetPath> {
    let volume = name.home();
    mounts.iter().find(|mount| mount.name == volume)?.destination.parse().ok()
}

/// The engine's time; `None` is its zero, long before 1970.
fn moment(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok().filter(|moment| *moment > SystemTime::UNIX_EPOCH)
}

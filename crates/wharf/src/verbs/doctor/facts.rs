//! What the doctor looks at, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use wharf_host::{Installed, MountFacts, ObjectFacts, WeakPlace};
use wharf_reconcile::{LeftBehind, Listed};
use wharf_wire::{Component, EngineInfo};

/// All of it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) config: ConfigFacts,
    /// `None` where the host configuration names none.
    pub(crate) mount_root: Option<MountRootFacts>,
    /// Wharf's own program, when somebody else than root could replace it.
    pub(crate) program: Option<Trouble>,
    /// Why nothing can be recorded.
    pub(crate) trail: Option<Trouble>,
    pub(crate) registries: RegistriesFacts,
    /// Who may use the engine without wharf: groups with their members, administrators left out.
    pub(crate) groups: BTreeMap<String, BTreeSet<String>>,
    /// `None` where there is no tenant who needs any.
    pub(crate) rules: Option<RulesFacts>,
    /// Why nothing is held to tenants' limits of the engine's disk while it writes; `None` where it is, or nobody can say.
    pub(crate) soft_disk: Option<String>,
    pub(crate) secrets: SecretsFacts,
    pub(crate) engine: EngineSide,
}

/// Containers' secrets, on their way to them.
#[derive(Debug, Default)]
pub(crate) struct SecretsFacts {
    /// Why they cannot be delivered, or looked at.
    pub(crate) refused: Option<Trouble>,
    /// Containers that do not find theirs.
    pub(crate) lacking: Vec<String>,
    /// Pods in which root in one container can read the secrets of the others.
    pub(crate) shared: Vec<String>,
}

/// The rules around tenants' networks.
#[derive(Debug)]
pub(crate) struct RulesFacts {
    /// Where those last put in force are kept.
    pub(crate) kept: PathBuf,
    pub(crate) state: RulesState,
}

#[derive(Debug)]
pub(crate) enum RulesState {
    /// What the kernel has, compared with what was last put in force.
    Found(Installed),
    /// None were ever put in force.
    NeverKept,
    /// Why none can be.
    NoProgram(String),
    Unknown(Trouble),
}

/// Something that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// In one line.
    pub(crate) why: String,
    /// The command that mends it, where one does.
    pub(crate) mend: Option<String>,
}

/// The host configuration.
#[derive(Debug)]
pub(crate) struct ConfigFacts {
    pub(crate) path: PathBuf,
    pub(crate) state: ConfigState,
}

#[derive(Debug)]
pub(crate) enum ConfigState {
    Read,
    Missing,
    Refused(Trouble),
}

/// The mount root.
#[derive(Debug)]
pub(crate) struct MountRootFacts {
    pub(crate) path: PathBuf,
    /// What is weak below it; or why it is refused.
    pub(crate) places: Result<Vec<WeakPlace>, Trouble>,
    /// How its file system is mounted; `None` when it cannot be looked at.
    pub(crate) mount: Option<MountFacts>,
}

/// The file with the host's accounts at registries.
#[derive(Debug)]
pub(crate) struct RegistriesFacts {
    pub(crate) path: PathBuf,
    /// Registries that the host configuration lends to pods.
    pub(crate) lent: BTreeSet<String>,
    /// `None` when there is no such file.
    pub(crate) file: Option<RegistriesFile>,
}

#[derive(Debug)]
pub(crate) struct RegistriesFile {
    pub(crate) mode: u32,
    /// Why it is not used.
    pub(crate) refused: Option<Trouble>,
}

/// The engine, and where it listens.
#[derive(Debug)]
pub(crate) struct EngineSide {
    pub(crate) endpoint: wharf_docker::Endpoint,
    /// Of its socket, when it is one that exists.
    pub(crate) socket: Option<ObjectFacts>,
    /// The account that owns its socket, and so it, when it has no root.
    pub(crate) owner: Option<String>,
    /// Whether there is a `/etc/docker/daemon.json`.
    pub(crate) has_daemon_json: bool,
    pub(crate) seen: Seen,
}

#[derive(Debug)]
pub(crate) enum Seen {
    There(Box<There>),
    Away(Away),
}

/// Why nothing is known of the engine.
#[derive(Debug)]
pub(crate) enum Away {
    /// It does not answer.
    Silent(String),
    /// It answers with a version of the API that wharf does not speak.
    TooOld(String),
}

/// What an engine says of itself.
#[derive(Debug)]
pub(crate) struct There {
    pub(crate) info: EngineInfo,
    /// Engine, containerd, runc; empty where the engine does not say.
    pub(crate) components: Vec<Component>,
    pub(crate) pods: Vec<Listed>,
    pub(crate) left_behind: Vec<LeftBehind>,
}

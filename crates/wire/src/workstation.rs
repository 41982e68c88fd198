//! What is said to an engine about workstations. A closed vocabulary of its own: a workstation has no field for added
//! capabilities, devices, host namespaces, published ports or security options, and its container none for root's rights.

mod encode;
mod image;
mod query;
mod spec;

use crate::{LogsSpec, TerminalSize};
pub use image::WorkstationImage;
pub(crate) use query::label_of;
pub use query::{
    WorkstationContainers, WorkstationHome, WorkstationHomes, WorkstationImages, WorkstationNamed,
};
pub use spec::{HostBind, MakerSpec, WorkstationSpec, WorkstationUser};
use wharf_model::{ContainerId, ExecId, ImageId, TargetPath, WorkstationContainer, WorkstationName};

/// Says of which workstation a container, a volume or an image is. Not below `wharf.`, which is for pods and refused to
/// tenants.
pub const WORKSTATION_LABEL: &str = "wharfinger.workstation";
/// The workstation's whole file, so that losing it orphans nothing.
pub const DEFINITION_LABEL: &str = "wharfinger.workstation.definition";
/// What its image was called when it was made.
pub const IMAGE_LABEL: &str = "wharfinger.workstation.image";
/// Which version of the session program it was given.
pub const SESSION_LABEL: &str = "wharfinger.workstation.session";
/// What an image was made from.
pub const RECIPE_LABEL: &str = "wharfinger.workstation.recipe";

/// One request about a workstation.
#[derive(Debug, Clone, PartialEq)]
pub enum WorkstationCall {
    /// `POST /volumes/create` of its home.
    CreateHome(WorkstationName),
    /// `DELETE /volumes/{name}` of its home.
    RemoveHome(WorkstationName),
    /// `POST /containers/create` of the workstation, or of what is to become it.
    Create {
        /// Its name on the engine.
        container: WorkstationContainer,
        /// What it is made of, by its full id.
        image: ImageId,
        /// Everything else.
        spec: Box<WorkstationSpec>,
    },
    /// `POST /containers/create` of a container in which its image is made.
    CreateMaker {
        /// Of which workstation.
        workstation: WorkstationName,
        /// What it begins with, by its full id.
        image: ImageId,
        /// What is done in it.
        maker: MakerSpec,
    },
    /// Does something with one of its containers.
    Container {
        /// Which.
        container: ContainerId,
        /// What.
        act: WorkstationAct,
    },
    /// `POST /containers/{id}/exec`.
    CreateExec {
        /// Where.
        container: ContainerId,
        /// What.
        exec: WorkstationExec,
    },
    /// `POST /exec/{id}/start`, attached.
    StartExec {
        /// Which.
        exec: ExecId,
        /// Whether it has a terminal.
        tty: bool,
    },
    /// `POST /exec/{id}/resize`.
    ResizeExec {
        /// Which.
        exec: ExecId,
        /// To what.
        size: TerminalSize,
    },
    /// `POST /commit` of what its maker made.
    Commit {
        /// The maker.
        container: ContainerId,
        /// What the image is called.
        image: WorkstationImage,
    },
    /// `POST /build`, by the engine's own builder; the folder comes as a stream of tar.
    Build {
        /// What the image is called.
        image: WorkstationImage,
        /// Ask the registry for newer bases, and trust no cache.
        anew: bool,
    },
    /// `DELETE /images/{name}`.
    RemoveImage(WorkstationImage),
    /// `DELETE /images/{id}` of one that has no name any more; not forced, so that what uses it keeps it.
    RemoveUntagged(ImageId),
}

/// What is done with a workstation's container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkstationAct {
    /// `POST …/start`.
    Start,
    /// `POST …/stop`; the container's own signal.
    Stop {
        /// Before SIGKILL.
        seconds: u32,
    },
    /// `POST …/restart`; the container's own signal.
    Restart {
        /// Before SIGKILL.
        seconds: u32,
    },
    /// `POST …/rename`.
    Rename(WorkstationContainer),
    /// `POST …/update`: whether the engine starts it again by itself. What does not counts for no tenant's limits while it
    /// is stopped.
    Restarts(bool),
    /// `DELETE …?v=1&force=1`: with its anonymous volumes, never with its home, which has a name.
    Remove,
    /// `PUT …/archive`; the body is a stream of tar. Names in it are below the directory.
    WriteArchive {
        /// A directory in the container; `None` is its root.
        into: Option<TargetPath>,
    },
    /// `GET …/archive`.
    ReadArchive {
        /// A file or directory in the container.
        path: TargetPath,
        /// Of a directory, names as from inside it: `./a`; otherwise they begin with its own.
        within: bool,
    },
    /// `POST …/attach`: its output from now on, and no input.
    Watch,
    /// `POST …/wait`: until it does not run.
    Wait,
    /// `GET …/logs`.
    Logs(LogsSpec),
}

/// A command run in a workstation: as its user, never privileged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkstationExec {
    /// Its words; at least one.
    pub command: Vec<String>,
    /// Added to the container's own.
    pub environment: Vec<(String, String)>,
    /// Where it begins; `None` is the home.
    pub directory: Option<TargetPath>,
    /// With a terminal of the engine's.
    pub tty: bool,
    /// With the caller's input.
    pub stdin: bool,
}

impl WorkstationCall {
    /// Whether it leaves everything as it is.
    pub fn only_reads(&self) -> bool {
        let Self::Container { act, .. } = self else { return false };
        matches!(act, WorkstationAct::ReadArchive { .. } | WorkstationAct::Logs(_))
    }

    /// A verb for people and for the audit trail.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::CreateHome(_) => "create a workstation's home",
            Self::RemoveHome(_) => "remove a workstation's home",
            Self::Create { .. } => "create workstation",
            Self::CreateMaker { .. } => "begin a workstation's image",
            Self::Container { act, .. } => act.verb(),
            Self::CreateExec { .. } => "create exec in workstation",
            Self::StartExec { .. } => "start exec in workstation",
            Self::ResizeExec { .. } => "resize exec in workstation",
            Self::Commit { .. } => "commit a workstation's image",
            Self::Build { .. } => "build a workstation's image",
            Self::RemoveImage(_) => "remove a workstation's image",
            Self::RemoveUntagged(_) => "remove a workstation's former image",
        }
    }
}

impl WorkstationAct {
    fn verb(&self) -> &'static str {
        match self {
            Self::Start => "start workstation",
            Self::Stop { .. } => "stop workstation",
            Self::Restart { .. } => "restart workstation",
            Self::Rename(_) => "rename workstation",
            Self::Restarts(_) => "update workstation",
            Self::Remove => "remove workstation",
            Self::WriteArchive { .. } => "write into workstation",
            Self::ReadArchive { .. } => "read from workstation",
            Self::Watch => "watch workstation",
            Self::Wait => "wait for workstation",
            Self::Logs(_) => "read logs of workstation",
        }
    }
}

//! What is done with one object, once it is known whose it is. Nothing here names another object.

use crate::TerminalSize;
use crate::tenant::{Resources, RestartChoice};

/// What is done with a container.
#[derive(Debug, Clone, PartialEq)]
pub enum ContainerAct {
    /// `GET …/json`.
    Inspect {
        /// With the sizes of its file systems.
        size: bool,
    },
    /// `GET …/top`; `ps_args` is one of a closed list.
    Top {
        /// Such as `-ef`, `aux`.
        ps_args: Option<String>,
    },
    /// `GET …/logs`.
    Logs(TenantLogs),
    /// `GET …/changes`.
    Changes,
    /// `GET …/export`.
    Export,
    /// `GET …/stats`.
    Stats {
        /// Go on.
        stream: bool,
        /// Without waiting for a second sample.
        one_shot: bool,
    },
    /// `HEAD …/archive`.
    StatPath {
        /// In the container.
        path: String,
    },
    /// `GET …/archive`.
    ReadPath {
        /// In the container.
        path: String,
    },
    /// `PUT …/archive`; the body is a tar archive, never a compressed one (CVE-2026-41567).
    WritePath {
        /// In the container.
        path: String,
        /// A directory does not replace a file, nor the other way.
        no_overwrite: bool,
        /// Keep owners as the archive says.
        copy_owners: bool,
    },
    /// `POST …/attach`.
    Attach(AttachSpec),
    /// `POST …/start`.
    Start {
        /// Keys that detach.
        detach_keys: Option<String>,
    },
    /// `POST …/stop`.
    Stop {
        /// `SIGTERM`, `15`; `None` is the container's own.
        signal: Option<String>,
        /// Seconds; -1 for ever; `None` is the container's own.
        timeout: Option<i32>,
    },
    /// `POST …/restart`.
    Restart {
        /// As of `Stop`.
        signal: Option<String>,
        /// As of `Stop`.
        timeout: Option<i32>,
    },
    /// `POST …/kill`.
    Kill {
        /// `None` is `SIGKILL`.
        signal: Option<String>,
    },
    /// `POST …/pause`.
    Pause,
    /// `POST …/unpause`.
    Unpause,
    /// `POST …/wait`.
    Wait {
        /// For what.
        condition: WaitCondition,
    },
    /// `POST …/resize`.
    Resize(TerminalSize),
    /// `POST …/update`.
    Update {
        /// Only what is said changes.
        resources: Resources,
        /// `None` leaves it.
        restart: Option<RestartChoice>,
    },
    /// `DELETE …`.
    Remove {
        /// With its anonymous volumes.
        volumes: bool,
        /// Though it runs.
        force: bool,
    },
}

/// For what `wait` waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WaitCondition {
    /// That it does not run.
    #[default]
    NotRunning,
    /// Its next end.
    NextExit,
    /// That it is gone.
    Removed,
}

/// Which part of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the engine's")]
pub struct TenantLogs {
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Stay for what is yet to come.
    pub follow: bool,
    /// With the engine's time before each line.
    pub timestamps: bool,
    /// With attributes that the driver adds.
    pub details: bool,
    /// Seconds since 1970, with a fraction: digits and at most one `.`.
    pub since: Option<String>,
    /// As `since`.
    pub until: Option<String>,
    /// The last so many lines; `None` is all.
    pub tail: Option<u64>,
}

/// How a client attaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the engine's")]
pub struct AttachSpec {
    /// What was said before.
    pub logs: bool,
    /// What is said from now on.
    pub stream: bool,
    /// With the client's input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Keys that detach.
    pub detach_keys: Option<String>,
}

/// A command run in a tenant's container. Never privileged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the engine's")]
pub struct TenantExec {
    /// Its words.
    pub command: Vec<String>,
    /// Added to the container's own, `NAME=value`.
    pub env: Vec<String>,
    /// A user of the container.
    pub user: Option<String>,
    /// A plain absolute path, not below `/proc` (CVE-2024-21626).
    pub working_dir: Option<String>,
    /// With a terminal.
    pub tty: bool,
    /// With the client's input.
    pub stdin: bool,
    /// With its output.
    pub stdout: bool,
    /// With its errors.
    pub stderr: bool,
    /// Keys that detach.
    pub detach_keys: Option<String>,
    /// The terminal's first size: rows, columns.
    pub console_size: Option<(u16, u16)>,
}

/// What is done with an exec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecAct {
    /// `POST …/start`.
    Start {
        /// Do not stay.
        detach: bool,
        /// With a terminal.
        tty: bool,
        /// The terminal's first size: rows, columns.
        console_size: Option<(u16, u16)>,
    },
    /// `POST …/resize`.
    Resize(TerminalSize),
    /// `GET …/json`.
    Inspect,
}

/// What is done with an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageAct {
    /// `GET …/json`.
    Inspect,
    /// `GET …/history`.
    History,
}

/// What is done with a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeAct {
    /// `GET …`.
    Inspect,
    /// `DELETE …`.
    Remove {
        /// Do not complain when it is gone.
        force: bool,
    },
}

/// What is done with a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkAct {
    /// `GET …`.
    Inspect,
    /// `DELETE …`.
    Remove,
}

/// The filters of a list of containers that the engine evaluates itself: none of them names an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerFilters {
    /// `running`, `exited`, …
    pub status: Vec<String>,
    /// `name` or `name=value`; all must fit.
    pub label: Vec<String>,
    /// Exit codes.
    pub exited: Vec<String>,
    /// `healthy`, …
    pub health: Vec<String>,
    /// `80`, `80/tcp`, `8000-8080/tcp`.
    pub publish: Vec<String>,
    /// As `publish`.
    pub expose: Vec<String>,
}

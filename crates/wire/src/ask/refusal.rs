//! Why a request goes no further than its reading.

use std::fmt;
use thiserror::Error;

/// Why a request goes no further than its reading.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It cannot be read: 400.
    #[error("{0}")]
    Malformed(String),
    /// There is no such route, or no such object (an id that cannot be one): 404.
    #[error("{0}")]
    NotFound(String),
    /// There is, but not with this method: 405.
    #[error("method not allowed")]
    WrongMethod,
    /// The body is larger than such a request needs: 413.
    #[error("the body is larger than {most} bytes, the most for such a request")]
    TooLarge {
        /// The ceiling.
        most: usize,
    },
    /// It asks for what nobody may have here: 403.
    #[error("{reason}")]
    Forbidden {
        /// By which rule.
        rule: Forbidden,
        /// What was asked and why not.
        reason: String,
        /// What to do instead.
        hint: String,
    },
}

/// Rules that need no grants and no facts: what they refuse cannot be said in the vocabulary at all. Their names are
/// an interface, beside those of the policy's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Forbidden {
    /// A route that is not for tenants.
    Route,
    /// A query parameter, header or body field that is not known.
    UnknownField,
    /// `Privileged`, on a container or an exec.
    Privileged,
    /// The host's namespaces (network, IPC, PID, UTS, user, control groups).
    HostNamespace,
    /// Devices, device requests, device rules.
    Devices,
    /// Weaker confinement: seccomp, AppArmor, SELinux, unmasked paths, `no-new-privileges` off.
    Confinement,
    /// Other runtimes and isolation.
    Runtime,
    /// Annotations, which runtimes obey.
    Annotations,
    /// Log drivers that leave the machine, or flood it.
    LogDriver,
    /// Drivers of volumes and networks, and their options.
    Driver,
    /// Control groups and limits that reach outside the tenant's own.
    Limits,
    /// Legacy links between containers.
    Links,
    /// Kernel settings outside the list.
    Sysctls,
    /// Addresses of the host put into containers: `host-gateway`.
    ExtraHosts,
    /// Mounts of kinds that do not exist here.
    MountKind,
    /// Checkpoints.
    Checkpoint,
    /// Building, until it has a builder.
    Build,
    /// Imports from addresses and into the shared namespace.
    Import,
    /// Compressed archives, which the engine unpacks with a container's own program (CVE-2026-41567).
    CompressedArchive,
    /// Archives of images that are not as engines write them, or refer to what is not in them.
    Archive,
    /// Swarm, plugins, services, secrets, configs.
    Swarm,
}

impl Forbidden {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::Route,
        Self::UnknownField,
        Self::Privileged,
        Self::HostNamespace,
        Self::Devices,
        Self::Confinement,
        Self::Runtime,
        Self::Annotations,
        Self::LogDriver,
        Self::Driver,
        Self::Limits,
        Self::Links,
        Self::Sysctls,
        Self::ExtraHosts,
        Self::MountKind,
        Self::Checkpoint,
        Self::Build,
        Self::Import,
        Self::CompressedArchive,
        Self::Archive,
        Self::Swarm,
    ];

    /// The rule's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::UnknownField => "unknown-field",
            Self::Privileged => "privileged",
            Self::HostNamespace => "host-namespace",
            Self::Devices => "devices",
            Self::Confinement => "confinement",
            Self::Runtime => "runtime",
            Self::Annotations => "annotations",
            Self::LogDriver => "log-driver",
            Self::Driver => "driver",
            Self::Limits => "limits",
            Self::Links => "links",
            Self::Sysctls => "sysctls",
            Self::ExtraHosts => "extra-hosts",
            Self::MountKind => "mount-kind",
            Self::Checkpoint => "checkpoint",
            Self::Build => "build",
            Self::Import => "import",
            Self::CompressedArchive => "compressed-archive",
            Self::Archive => "archive",
            Self::Swarm => "swarm",
        }
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Refusal {
    /// A refusal by a rule.
    pub fn forbidden(rule: Forbidden, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Forbidden { rule, reason: reason.into(), hint: hint.into() }
    }

    /// A request that cannot be read.
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }

    /// The same in fewer words: what a client wrote is repeated, and it may have written much.
    pub(crate) fn shortened(self) -> Self {
        match self {
            Self::Malformed(reason) => Self::Malformed(short(reason)),
            Self::NotFound(reason) => Self::NotFound(short(reason)),
            Self::Forbidden { rule, reason, hint } => {
                Self::Forbidden { rule, reason: short(reason), hint: short(hint) }
            }
            other @ (Self::WrongMethod | Self::TooLarge { .. }) => other,
        }
    }
}

const LONGEST: usize = 800;

fn short(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

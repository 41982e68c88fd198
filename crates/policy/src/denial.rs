//! Why something is not allowed.

use std::fmt;
use thiserror::Error;

/// A refusal: which rule, why, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct Denial {
    /// The rule that refused.
    pub rule: Rule,
    /// What was refused and why.
    pub reason: String,
    /// What to do, or whom to ask.
    pub hint: Option<String>,
}

/// The rules, one file each under `rules/`. Their names are an interface: they stand in messages, in the audit trail
/// and in `docs/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A pod actor manages its own pod alone.
    PodScope,
    /// What wharf did not make for this pod, it does not touch.
    Ownership,
    /// Host directories come from below the pod's own, and never from inside one another.
    Mounts,
    /// A fixed host port belongs to the pod that the whitelist names.
    Ports,
    /// Labels that other programs obey are not for pod files.
    Labels,
    /// A pod joins the network that the host configuration names.
    Network,
    /// Containers make no device files.
    Devices,
    /// Pods share a network; raw sockets let one speak in another's name.
    NetRaw,
    /// The host's registry accounts are lent to named pods; a tenant's account is told to its own registry alone.
    Registry,
    /// Only the administrator has anything sent that is not judged.
    Administrator,
    /// A call is made by a tenant that exists, and makes things for that tenant alone.
    Tenant,
    /// A tenant's objects bear its own names.
    Names,
    /// Capabilities beyond the base are granted.
    Capabilities,
    /// A tenant's containers together stay below its ceilings.
    Limits,
    /// A tenant pulls and pushes what it is granted, and changes nobody else's tags.
    Images,
    /// Processes do not begin in the kernel's own directories, and an image is not given a Dockerfile.
    Process,
    /// A container has its own secrets, where they belong, and nobody else's.
    Secrets,
    /// Workstations are of whoever holds the engine's endpoint, and keep to their own names.
    Workstation,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::PodScope,
        Self::Ownership,
        Self::Mounts,
        Self::Ports,
        Self::Labels,
        Self::Network,
        Self::Devices,
        Self::NetRaw,
        Self::Registry,
        Self::Administrator,
        Self::Tenant,
        Self::Names,
        Self::Capabilities,
        Self::Limits,
        Self::Images,
        Self::Process,
        Self::Secrets,
        Self::Workstation,
    ];

    /// The rule's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::PodScope => "pod-scope",
            Self::Ownership => "ownership",
            Self::Mounts => "mounts",
            Self::Ports => "ports",
            Self::Labels => "labels",
            Self::Network => "network",
            Self::Devices => "devices",
            Self::NetRaw => "net-raw",
            Self::Registry => "registry",
            Self::Administrator => "administrator",
            Self::Tenant => "tenant",
            Self::Names => "names",
            Self::Capabilities => "capabilities",
            Self::Limits => "limits",
            Self::Images => "images",
            Self::Process => "process",
            Self::Secrets => "secrets",
            Self::Workstation => "workstation",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Denial {
    /// Whether the caller must not learn that the object exists: a tenant that names what is not its own is answered
    /// as if nothing were there.
    pub fn is_hidden(&self) -> bool {
        self.rule == Rule::Ownership
    }

    pub(crate) fn new(rule: Rule, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { rule, reason: reason.into(), hint: Some(hint.into()) }
    }
}

//! A container as wharf may ask the engine for one.
//!
//! The type is the first wall: what has no field here cannot be asked for. Fields at their default are left out of
//! the serialised form, so that a later version of wharf with more fields gives old containers the same hash.

use crate::SecretBind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;
use wharf_model::{
    ByteSize, ContainerId, ContainerPort, EnvName, MountSource, NetworkId, PodName, Port, Protocol, Signal,
    TargetPath,
};

/// Everything about a container but its name and its image.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContainerSpec {
    /// What every container has.
    pub settings: Settings,
    /// Whose namespaces.
    pub place: Place,
}

/// What a container has, wherever its namespaces come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// Words given to the entrypoint; `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// Added to the image's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<EnvName, String>,
    /// Added to the image's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub working_dir: Option<String>,
    /// `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<Signal>,
    /// Seconds between the stop signal and SIGKILL.
    pub stop_timeout: u32,
    /// `None` leaves the image's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<HealthcheckSpec>,
    /// Root filesystem is read-only.
    #[serde(skip_serializing_if = "is_false")]
    pub readonly: bool,
    /// What the engine does when it ends.
    pub restart: RestartPolicy,
    /// Host directories and files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<Bind>,
    /// Memory file systems.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<TmpfsMount>,
    /// Capabilities taken away, upper case, without `CAP_`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cap_drop: BTreeSet<String>,
    /// Billionths of a CPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nano_cpus: Option<u64>,
    /// Relative weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_shares: Option<u64>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<ByteSize>,
    /// Bytes of memory and swap together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_swap: Option<ByteSize>,
    /// Bytes, a soft limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_reservation: Option<ByteSize>,
    /// Never below 0: a container must not outlive the host's own processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oom_score_adj: Option<u16>,
    /// -1 is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids: Option<i64>,
    /// By the engine's name, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ulimits: Vec<UlimitSpec>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Where a container's namespaces come from. There is no variant for the host's, nor for another pod's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Its own, shared with the pod's members.
    Root(Box<RootPlace>),
    /// Those of the pod's root container.
    Member(MemberPlace),
}

/// The root container's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RootPlace {
    /// The pod's host name.
    pub hostname: String,
    /// The network that the pod is on.
    pub network: NetworkChoice,
    /// Derived from the pod's name, so that a pod keeps its addresses.
    pub mac_address: MacAddress,
    /// On a user-defined network with IPv6.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipv6_address: Option<Ipv6Addr>,
    /// Ports listed in the container's metadata.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub exposed: BTreeSet<ContainerPort>,
    /// Ports that the host answers on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishSpec>,
    /// Publish every exposed port on an ephemeral one.
    #[serde(skip_serializing_if = "is_false")]
    pub publish_all: bool,
    /// Name servers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<IpAddr>,
    /// Lines of `/etc/hosts`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_hosts: Vec<ExtraHost>,
    /// Bytes of the pod's shared memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<ByteSize>,
}

/// A member's place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemberPlace {
    /// The pod's root container, by its full id: a name would be bound at start, to whoever carries it then.
    pub root: ContainerId,
    /// Whether the process namespace is the root's, too.
    pub share_pid: bool,
}

/// A network, resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkChoice {
    /// The engine's default bridge.
    DefaultBridge,
    /// A user-defined one.
    UserDefined {
        /// What it was resolved to.
        id: NetworkId,
        /// As it was resolved. Engines before API 1.44 give a container its MAC address only where the network is
        /// named, not where its id stands (seen on 20.10).
        name: String,
    },
}

/// Six bytes, shown in lower case with colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MacAddress(pub [u8; 6]);

/// A host directory or file seen in a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Bind {
    /// Where it lies on the host.
    pub source: BindSource,
    /// Where it is seen.
    pub target: TargetPath,
    /// The container cannot write.
    pub readonly: bool,
}

/// The host paths that may be asked for. There is no variant for an arbitrary one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BindSource {
    /// `<root>/<pod>/<source>`.
    PodDirectory {
        /// The host configuration's mount root.
        root: String,
        /// The pod.
        pod: PodName,
        /// Below the pod's directory.
        source: MountSource,
    },
    /// `/etc/resolv.conf`, when the host configuration says so.
    HostResolvConf,
    /// The container's own directory of secrets, in memory.
    Secrets(Box<SecretBind>),
}

/// A memory file system; always `nosuid,nodev`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TmpfsMount {
    /// In the container.
    pub target: TargetPath,
    /// Its ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<ByteSize>,
}

/// One published port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PublishSpec {
    /// The host's address; `None` is every address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The host's port; `None` lets the engine choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<Port>,
    /// The pod's port.
    pub container: Port,
    /// What it speaks.
    pub protocol: Protocol,
}

/// A line of `/etc/hosts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExtraHost {
    /// The name.
    pub name: String,
    /// Its address.
    pub address: IpAddr,
}

/// The engine's restart policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RestartPolicy {
    /// Never.
    No,
    /// Whenever it is not running.
    Always,
    /// As `Always`, unless somebody stopped it.
    UnlessStopped,
    /// When it exits with a failure; at most this often, 0 for ever.
    OnFailure(u32),
}

/// A resource limit; -1 is unlimited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UlimitSpec {
    /// The engine's name for it, such as `nofile`.
    pub name: &'static str,
    /// At most `hard`.
    pub soft: i64,
    /// The ceiling.
    pub hard: i64,
}

/// The engine's own health check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthcheckSpec {
    /// Begins with `CMD`, `CMD-SHELL` or is `["NONE"]`.
    pub test: Vec<String>,
    /// `None` is the engine's default for each of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// How long one run may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// Failures in a row that mean unhealthy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// Failures that do not count at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_period: Option<Duration>,
}

impl BindSource {
    /// The path that the engine is given.
    pub fn path(&self) -> String {
        match self {
            Self::PodDirectory { root, pod, source } => {
                format!("{}/{pod}/{source}", root.trim_end_matches('/'))
            }
            Self::HostResolvConf => "/etc/resolv.conf".to_owned(),
            Self::Secrets(secrets) => secrets.path(),
        }
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, rest @ ..] = self.0;
        write!(f, "{first:02x}")?;
        rest.iter().try_for_each(|byte| write!(f, ":{byte:02x}"))
    }
}

impl Serialize for MacAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl RestartPolicy {
    /// The engine's word for it.
    pub fn engine_name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Always => "always",
            Self::UnlessStopped => "unless-stopped",
            Self::OnFailure(_) => "on-failure",
        }
    }
}

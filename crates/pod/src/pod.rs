//! A pod as its file declares it: every value checked, nothing yet resolved against a host or an engine.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;
use wharf_model::{
    ByteSize, ContainerName, ContainerPort, EnvName, ImageRef, MountSource, Port, Protocol, SecretName,
    Signal, TargetPath,
};
use wharf_wire::SECRETS_TARGET;

/// What a pod file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Pod {
    /// The members, in the order of the file; never empty.
    pub containers: Vec<Container>,
    /// The pod's host name; `None` means `<pod, _ becomes ->-<host hostname>`.
    pub hostname: Option<String>,
    /// Environment of every container, the root container included.
    pub common_environment: BTreeMap<EnvName, String>,
    /// Labels of every container, the root container included.
    pub common_labels: BTreeMap<String, String>,
    /// Labels of the root container alone.
    pub root_labels: BTreeMap<String, String>,
    /// Mounts of every member.
    pub common_mounts: Vec<Mount>,
    /// Ports that the root container's metadata lists.
    pub expose: Vec<ContainerPort>,
    /// Ports of the pod that the host answers on; ranges already paired up, one entry a port.
    pub publish: Vec<Publish>,
    /// Publish every exposed port on an ephemeral host port.
    pub publish_all: bool,
    /// Name servers of the pod.
    pub dns: Vec<IpAddr>,
    /// Lines of the pod's `/etc/hosts`.
    pub extra_hosts: Vec<ExtraHost>,
    /// Whether members see one another's processes; moby-derp's way, and the default where no member uses secrets.
    pub share_pid: bool,
}

/// One member of a pod.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Its key under `containers`.
    pub name: ContainerName,
    /// What it runs.
    pub image: ImageRef,
    /// Pull the reference on every `up` (ignored for full ids).
    pub update_image: bool,
    /// Words given to the entrypoint; `None` leaves the image's own.
    pub command: Option<Vec<String>>,
    /// `None` leaves the image's own.
    pub entrypoint: Option<Vec<String>>,
    /// Variables with their values.
    pub environment: BTreeMap<EnvName, String>,
    /// Variables whose values are read from files below the pod's directory; disjoint from `environment`.
    pub environment_files: BTreeMap<EnvName, MountSource>,
    /// Host directories, relative to the pod's own.
    pub mounts: Vec<Mount>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Root filesystem is read-only.
    pub readonly: bool,
    /// `None` leaves the image's own.
    pub stop_signal: Option<Signal>,
    /// Whole seconds between the stop signal and SIGKILL.
    pub stop_timeout: u32,
    /// `user`, `user:group` or `:group`; `None` leaves the image's own.
    pub user: Option<String>,
    /// What the engine does when it ends.
    pub restart: Restart,
    /// Ceilings.
    pub limits: Limits,
    /// Run after the start; gates what follows in the file.
    pub startup_health_check: Option<StartupHealthCheck>,
    /// Members that come first, with what is awaited of each.
    pub depends_on: BTreeMap<ContainerName, Condition>,
    /// The engine's own health check.
    pub healthcheck: Option<Healthcheck>,
    /// `None` leaves the image's own.
    pub working_dir: Option<String>,
    /// Memory file systems.
    pub tmpfs: Vec<Tmpfs>,
    /// Capabilities taken away, without `CAP_`, in upper case; `ALL` allowed. Sorted, no duplicates.
    pub cap_drop: Vec<String>,
    /// Files in `/run/secrets`; no two have one name.
    pub secrets: Vec<SecretUse>,
}

/// A secret that a container uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// Which.
    pub name: SecretName,
    /// The file's name in `/run/secrets`.
    pub file: SecretName,
    /// The file's permissions.
    pub mode: u32,
    /// The file's owner, as the container counts users.
    pub user: u32,
    /// The file's group, as the container counts groups.
    pub group: u32,
    /// A variable that is set to the file's path.
    pub env: Option<EnvName>,
    /// What follows when its value is another.
    pub on_change: OnChange,
}

/// What follows for a container when a secret that it uses has another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnChange {
    /// It is restarted.
    Restart,
    /// It is sent this signal.
    Signal(Signal),
    /// Nothing: the program looks at the file by itself.
    Nothing,
}

impl SecretUse {
    /// Permissions where none are said: Docker's own for secrets. The directory is the container's alone.
    pub const MODE: u32 = 0o444;

    /// As a pod file says it by its name alone.
    pub fn plain(name: SecretName) -> Self {
        let file = name.clone();
        Self { name, file, mode: Self::MODE, user: 0, group: 0, env: None, on_change: OnChange::Restart }
    }

    /// Where the container finds it.
    pub fn path(&self) -> String {
        format!("{SECRETS_TARGET}/{}", self.file)
    }
}

impl Pod {
    /// Whether any of its containers uses a secret.
    pub fn uses_secrets(&self) -> bool {
        self.containers.iter().any(|container| !container.secrets.is_empty())
    }
}

/// A host directory (or file) below the pod's own, seen in a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mount {
    /// Below `<mount_root>/<pod>`.
    pub source: MountSource,
    /// In the container.
    pub target: TargetPath,
    /// The container cannot write.
    pub readonly: bool,
}

/// One published port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Publish {
    /// The host's address; `None` is every address.
    pub address: Option<IpAddr>,
    /// The host's port; `None` lets the engine choose one.
    pub host: Option<Port>,
    /// The pod's port.
    pub container: Port,
    /// What it speaks.
    pub protocol: Protocol,
}

/// One line of `/etc/hosts`. The engine's `host-gateway` is not offered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExtraHost {
    /// The name.
    pub name: String,
    /// Its address.
    pub address: IpAddr,
}

/// The engine's restart policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Never.
    No,
    /// Whenever it is not running.
    Always,
    /// As `Always`, unless somebody stopped it.
    UnlessStopped,
    /// When it exits with a failure; at most this often, 0 for ever.
    OnFailure(u32),
}

/// What is awaited of a container before its dependents start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It has been started (and its `startup_health_check` passed).
    Started,
    /// The engine's health check says healthy.
    Healthy,
    /// It has ended with status 0.
    Completed,
}

/// Ceilings; `None` is the engine's default.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    /// Billionths of a CPU, above 0.
    pub nano_cpus: Option<u64>,
    /// Relative weight, 2 to 1024.
    pub cpu_shares: Option<u64>,
    /// Bytes.
    pub memory: Option<ByteSize>,
    /// Bytes of memory and swap together.
    pub memory_swap: Option<ByteSize>,
    /// Bytes, a soft limit.
    pub memory_reservation: Option<ByteSize>,
    /// 0 to 1000.
    pub oom_score_adj: Option<u16>,
    /// -1 (no limit) to 4194304.
    pub pids: Option<i64>,
    /// Bytes; the pod's root container gets the largest of its members'.
    pub shm_size: Option<ByteSize>,
    /// By name without `ulimit-`; -1 is `unlimited`.
    pub ulimits: BTreeMap<UlimitName, Ulimit>,
}

/// The resource limits that a pod file may set, setrlimit(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the resource of its name in setrlimit(2)")]
pub enum UlimitName {
    Core,
    Cpu,
    Data,
    Fsize,
    Memlock,
    Msgqueue,
    Nofile,
    Rttime,
    Stack,
}

/// A soft limit and its ceiling; -1 is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ulimit {
    /// At most `hard`.
    pub soft: i64,
    /// The ceiling.
    pub hard: i64,
}

/// A command that must succeed after the start.
#[derive(Debug, Clone, PartialEq)]
pub struct StartupHealthCheck {
    /// Its words.
    pub command: Vec<String>,
    /// Between two attempts.
    pub interval: Duration,
    /// At least 1.
    pub attempts: u32,
}

/// The engine's own health check.
#[derive(Debug, Clone, PartialEq)]
pub struct Healthcheck {
    /// As the engine wants it: begins with `CMD`, `CMD-SHELL`, or is `["NONE"]`.
    pub test: Vec<String>,
    /// `None` is the engine's default for each of these.
    pub interval: Option<Duration>,
    /// How long one run may take.
    pub timeout: Option<Duration>,
    /// Failures in a row that mean unhealthy.
    pub retries: Option<u32>,
    /// Failures that do not count at first.
    pub start_period: Option<Duration>,
}

/// A memory file system in a container; always `nosuid,nodev`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tmpfs {
    /// In the container.
    pub target: TargetPath,
    /// Its ceiling; `None` leaves the kernel's (half the memory).
    pub size: Option<ByteSize>,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Started, Self::Healthy, Self::Completed];

    /// Its word in a pod file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Healthy => "healthy",
            Self::Completed => "completed",
        }
    }
}

impl UlimitName {
    /// All of them, sorted.
    pub const ALL: [Self; 9] = [
        Self::Core,
        Self::Cpu,
        Self::Data,
        Self::Fsize,
        Self::Memlock,
        Self::Msgqueue,
        Self::Nofile,
        Self::Rttime,
        Self::Stack,
    ];

    /// The engine's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Cpu => "cpu",
            Self::Data => "data",
            Self::Fsize => "fsize",
            Self::Memlock => "memlock",
            Self::Msgqueue => "msgqueue",
            Self::Nofile => "nofile",
            Self::Rttime => "rttime",
            Self::Stack => "stack",
        }
    }
}

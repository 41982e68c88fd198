//! A container as a tenant may have one.

use crate::tenant::{Owner, Process, Resources, RestartChoice};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use wharf_model::{
    ContainerId, ContainerPort, ImageId, MountSource, NetworkId, PodName, Port, TargetPath, TenantId,
    TenantObject, VolumeName,
};

/// What a client asked for, names as it wrote them. (`POST /containers/create`.)
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerWish {
    /// An image's reference or id.
    pub image: String,
    /// What runs in it.
    pub process: Process,
    /// What it may use.
    pub resources: Resources,
    /// Everything else that names nothing.
    pub host: HostSettings,
    /// Whose network.
    pub network: NetworkMode<String, String>,
    /// Networks and its place on each.
    pub endpoints: Vec<(String, Endpoint)>,
    /// What it sees of file systems beside its image's.
    pub mounts: Vec<MountSpec<String>>,
    /// Containers whose mounts it sees, too.
    pub volumes_from: Vec<VolumesFrom<String>>,
    /// Whose shared memory.
    pub ipc: IpcMode<String>,
    /// Whose processes.
    pub pid: SharedWith<String>,
    /// The runtime by name: the engine's default is the only one.
    pub runtime: Option<String>,
}

/// What is sent: every name resolved to a full id, every limit present.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantContainer {
    /// Its name on the engine.
    pub name: TenantObject,
    /// Whose it is.
    pub owner: Owner,
    /// What it is made of.
    pub image: ImageId,
    /// What runs in it.
    pub process: Process,
    /// What it may use.
    pub resources: Resources,
    /// Everything else that names nothing.
    pub host: HostSettings,
    /// Whose network.
    pub network: NetworkMode<ContainerId, NetworkId>,
    /// Networks and its place on each.
    pub endpoints: Vec<(NetworkId, Endpoint)>,
    /// What it sees of file systems beside its image's.
    pub mounts: Vec<MountSpec<VolumeName>>,
    /// Containers whose mounts it sees, too.
    pub volumes_from: Vec<VolumesFrom<ContainerId>>,
    /// Whose shared memory.
    pub ipc: IpcMode<ContainerId>,
    /// Whose processes.
    pub pid: SharedWith<ContainerId>,
    /// The tenant's own control group; `None` where the engine's driver takes none from us.
    pub cgroup_parent: Option<String>,
}

/// Settings of `HostConfig` that name no other object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostSettings {
    /// Ports that the host answers on.
    pub published: Vec<PortBinding>,
    /// Publish every exposed port.
    pub publish_all: bool,
    /// What the engine does when it ends.
    pub restart: RestartChoice,
    /// Remove it when it ends.
    pub auto_remove: bool,
    /// Where its output goes.
    pub log: LogSettings,
    /// Upper case, without `CAP_`; `ALL` is a word of its own.
    pub cap_add: BTreeSet<String>,
    /// Upper case, without `CAP_`; `ALL` is a word of its own.
    pub cap_drop: BTreeSet<String>,
    /// Name servers.
    pub dns: Vec<IpAddr>,
    /// Such as `ndots:1`.
    pub dns_options: Vec<String>,
    /// Domains.
    pub dns_search: Vec<String>,
    /// Lines of `/etc/hosts`: name and address.
    pub extra_hosts: Vec<(String, IpAddr)>,
    /// Groups, by name in the image or by number.
    pub group_add: Vec<String>,
    /// Root file system is read-only.
    pub readonly: bool,
    /// Bytes of shared memory.
    pub shm_size: Option<u64>,
    /// Kernel settings of the container's own namespaces.
    pub sysctls: BTreeMap<String, String>,
    /// A small init as first process.
    pub init: Option<bool>,
    /// The container's own MAC address on its first network; below API 1.44.
    pub mac_address: Option<String>,
}

/// Where output goes. Only drivers that write below the engine's own directory exist here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogSettings {
    /// Which.
    pub driver: LogDriver,
    /// Bytes of one file; `None` is the policy's.
    pub max_size: Option<u64>,
    /// Files kept; `None` is the policy's.
    pub max_file: Option<u32>,
}

/// The drivers that stay on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogDriver {
    /// The engine's `json-file`.
    #[default]
    JsonFile,
    /// The engine's `local`.
    Local,
    /// Nowhere.
    None,
}

/// Whose network a container has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkMode<Container, Network> {
    /// The tenant's own default bridge (`bridge`, `default`, nothing): resolved to `Network` before it is sent.
    Default,
    /// None at all.
    None,
    /// A network.
    Network(Network),
    /// Another container's.
    Container(Container),
}

/// Whose namespace: its own, or another container's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SharedWith<Container> {
    /// Its own.
    #[default]
    Own,
    /// Another container's.
    Container(Container),
}

/// Whose shared memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IpcMode<Container> {
    /// Its own, for itself alone.
    #[default]
    Private,
    /// Its own, and others may join.
    Shareable,
    /// None.
    None,
    /// Another container's.
    Container(Container),
}

/// A container's place on a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// Names by which others on the network find it.
    pub aliases: Vec<String>,
    /// Address within the network's subnet.
    pub ipv4: Option<Ipv4Addr>,
    /// Address within the network's subnet.
    pub ipv6: Option<Ipv6Addr>,
    /// `02:42:ac:11:00:02`.
    pub mac_address: Option<String>,
    /// Which network is the default gateway; from API 1.48.
    pub gateway_priority: Option<i32>,
}

/// One port that the host answers on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PortBinding {
    /// The container's port.
    pub container: ContainerPort,
    /// The host's address; `None` is not said, and the policy puts the granted one there.
    pub address: Option<IpAddr>,
    /// The host's port; `None` is not said, and one of the tenant's range is chosen.
    pub port: Option<Port>,
}

/// Mounts of another container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumesFrom<Container> {
    /// Whose.
    pub container: Container,
    /// Read-only.
    pub readonly: bool,
}

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountSpec<Volume> {
    /// In the container.
    pub target: TargetPath,
    /// The container cannot write.
    pub readonly: bool,
    /// What is mounted.
    pub kind: MountKind<Volume>,
}

/// `<mount root>/<tenant>/<pod>/<source>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodDirectory {
    /// The directory below which all pods have theirs.
    pub root: String,
    /// Whose pod.
    pub tenant: TenantId,
    /// Which.
    pub pod: PodName,
    /// Below the pod's own directory.
    pub source: MountSource,
}

impl PodDirectory {
    /// What `path` means below `root`; `None` when it is no pod's of any tenant.
    pub fn from_path(root: &str, path: &str) -> Option<Self> {
        let mut below = path.strip_prefix(root.trim_end_matches('/'))?.strip_prefix('/')?.splitn(3, '/');
        let tenant = TenantId::from_engine(below.next()?)?;
        let (pod, source) = (below.next()?.parse().ok()?, below.next()?.parse().ok()?);
        Some(Self { root: root.to_owned(), tenant, pod, source })
    }

    /// The path that the engine is given.
    pub fn path(&self) -> String {
        let Self { root, tenant, pod, source } = self;
        format!("{}/{tenant}/{pod}/{source}", root.trim_end_matches('/'))
    }
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind<Volume> {
    /// A volume by name.
    Volume {
        /// Which.
        volume: Volume,
        /// Without copying what the image has there.
        no_copy: bool,
        /// Below the volume's root; from API 1.45.
        subpath: Option<String>,
    },
    /// A volume without a name, made with the container and labelled as its owner's.
    AnonymousVolume {
        /// Without copying what the image has there.
        no_copy: bool,
    },
    /// A directory or file of the host, as the client wrote it. It reaches the engine as [`MountKind::Pinned`] or
    /// [`MountKind::PodDirectory`] only.
    Host {
        /// Its path.
        path: String,
        /// Made when it is missing, as engines do for binds.
        make: bool,
    },
    /// A directory of one of the tenant's pods, below the mount root; made when it is missing.
    PodDirectory(PodDirectory),
    /// A root-only place at which the tenant's directory was mounted.
    Pinned {
        /// The place.
        place: String,
    },
    /// The tenant's own gateway socket (`/var/run/docker.sock`).
    GatewaySocket {
        /// The file on the host; empty in a wish.
        path: String,
    },
    /// Memory; always `nosuid,nodev`.
    Tmpfs {
        /// Bytes; `None` is the policy's.
        size: Option<u64>,
        /// Permission bits of its root.
        mode: Option<u32>,
        /// Programs in it may run.
        exec: bool,
    },
}

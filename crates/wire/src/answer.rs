//! What the engine answers, as far as wharf looks at it. Unknown fields are passed over: these are facts, and nothing
//! here is sent anywhere.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ContainerRoot, ImageId, NetworkId};

/// The engine writes `null` for an empty list or map.
pub(crate) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// `GET /info`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EngineInfo {
    /// Which engine it is: made up when it was installed.
    #[serde(rename = "ID", default)]
    pub id: String,
    /// The host's name, as the engine sees it.
    pub name: String,
    /// CPUs that containers may use.
    #[serde(rename = "NCPU")]
    pub cpus: u64,
    /// As uname(2) says: `x86_64`, `aarch64`.
    pub architecture: String,
    /// The engine's own version.
    #[serde(default)]
    pub server_version: String,
    /// Such as `name=userns`, `name=rootless`, `name=seccomp,profile=default`.
    #[serde(default, deserialize_with = "nullable")]
    pub security_options: Vec<String>,
    /// Where the engine keeps everything; under `userns-remap` it ends in `<uid>.<gid>` of the containers' root.
    #[serde(default)]
    pub docker_root_dir: String,
    /// `linux`.
    #[serde(rename = "OSType", default)]
    pub os_type: String,
    /// By which control groups containers are held: `systemd`, `cgroupfs`, or `none` at all.
    #[serde(default)]
    pub cgroup_driver: String,
    /// Whether a limit of memory holds.
    #[serde(default = "yes")]
    pub memory_limit: bool,
    /// Whether a limit of processes holds.
    #[serde(default = "yes")]
    pub pids_limit: bool,
    /// Whether a limit of CPU holds.
    #[serde(default = "yes")]
    pub cpu_cfs_quota: bool,
    /// What the engine says is amiss.
    #[serde(default, deserialize_with = "nullable")]
    pub warnings: Vec<String>,
    /// What a gateway says of itself to a tenant; engines have no such field.
    #[serde(default)]
    pub wharf: Option<GatewayInfo>,
}

/// What is not said is not missing.
fn yes() -> bool {
    true
}

/// The field `Wharf` of a gateway's `GET /info`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct GatewayInfo {
    /// Where it keeps the directories of the caller's pods, each made when a container asks for it.
    #[serde(default)]
    pub mount_root: Option<String>,
}

/// `GET /version`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EngineVersion {
    /// `Engine`, `containerd`, `runc`, and others.
    #[serde(default, deserialize_with = "nullable")]
    pub components: Vec<Component>,
}

/// A part of the engine.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Component {
    /// Such as `runc`.
    pub name: String,
    /// Such as `1.1.5+ds1`.
    #[serde(default)]
    pub version: String,
    /// Among them `GitCommit`, in which distributions put their package's version.
    #[serde(default, deserialize_with = "nullable")]
    pub details: BTreeMap<String, String>,
}

impl EngineInfo {
    /// Whether it runs with an ordinary account's rights.
    pub fn is_rootless(&self) -> bool {
        self.security_options.iter().any(|option| option.split(',').any(|part| part == "name=rootless"))
    }

    /// Whom the host takes containers' root for; `None` where it is the host's own root, or a rootless engine's user.
    pub fn container_root(&self) -> Option<ContainerRoot> {
        if !self.security_options.iter().any(|option| option == "name=userns") {
            return None;
        }
        // `/var/lib/docker/100000.100000`, seen on 20.10.24 and 28.5.2.
        let (uid, gid) = self.docker_root_dir.rsplit('/').next()?.split_once('.')?;
        Some(ContainerRoot { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    }
}

/// One row of `GET /containers/json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerSummary {
    /// Full id.
    pub id: ContainerId,
    /// Each begins with `/`; more than one where links exist.
    #[serde(default, deserialize_with = "nullable")]
    pub names: Vec<String>,
    /// The reference that it was made from.
    #[serde(default)]
    pub image: String,
    /// What it runs.
    #[serde(rename = "ImageID")]
    pub image_id: String,
    /// The image's own included.
    #[serde(default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// In one word.
    pub state: ContainerState,
    /// For people: `Up 3 minutes (healthy)`.
    #[serde(default)]
    pub status: String,
    /// Host directories and volumes.
    #[serde(default, deserialize_with = "nullable")]
    pub mounts: Vec<MountPoint>,
    /// Exposed and published ports.
    #[serde(default, deserialize_with = "nullable")]
    pub ports: Vec<PublishedPort>,
}

/// The engine's word for what a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each is the engine's own word")]
pub enum ContainerState {
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
    #[serde(other)]
    Unknown,
}

/// A mount as the engine lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MountPoint {
    /// `bind`, `volume`, `tmpfs`.
    #[serde(default, rename = "Type")]
    pub kind: String,
    /// Of a volume.
    #[serde(default)]
    pub name: String,
    /// On the host.
    #[serde(default)]
    pub source: String,
    /// In the container.
    #[serde(default)]
    pub destination: String,
}

/// A port as the engine lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublishedPort {
    /// The host's address.
    #[serde(rename = "IP")]
    pub ip: Option<String>,
    /// The container's port.
    pub private_port: u16,
    /// The host's port, when it is published.
    pub public_port: Option<u16>,
    /// `tcp` or `udp`.
    #[serde(rename = "Type")]
    pub protocol: String,
}

/// `GET /containers/{id}/json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerDetails {
    /// Full id.
    pub id: ContainerId,
    /// Begins with `/`.
    pub name: String,
    /// The image's id.
    pub image: String,
    /// What it does now.
    pub state: StateDetails,
    /// As created, for comparing field by field.
    #[serde(default)]
    pub config: Value,
    /// As created, for comparing field by field.
    #[serde(default)]
    pub host_config: Value,
    /// Addresses on each network.
    #[serde(default)]
    pub network_settings: Value,
    /// Host directories and volumes.
    #[serde(default, deserialize_with = "nullable")]
    pub mounts: Vec<MountPoint>,
    /// Where its layers are, in the words of the engine's storage driver.
    #[serde(default)]
    pub graph_driver: Value,
}

impl ContainerDetails {
    /// All labels, the image's included.
    pub fn labels(&self) -> BTreeMap<String, String> {
        let labels = self.config.get("Labels").and_then(Value::as_object);
        let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        labels.into_iter().flatten().filter_map(text).collect()
    }

    /// One label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.config.get("Labels")?.get(name)?.as_str()
    }
}

/// A container's state in detail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateDetails {
    /// In one word.
    pub status: ContainerState,
    /// Of the last run.
    #[serde(default)]
    pub exit_code: i64,
    /// Why the last start failed; empty when it did not.
    #[serde(default)]
    pub error: String,
    /// RFC 3339; the engine's zero time is `0001-01-01T00:00:00Z`.
    #[serde(default)]
    pub started_at: String,
    /// RFC 3339.
    #[serde(default)]
    pub finished_at: String,
    /// The engine's health check.
    pub health: Option<Health>,
}

/// What the engine's health check says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Health {
    /// `none`, `starting`, `healthy`, `unhealthy`.
    pub status: String,
}

/// One row of `GET /images/json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageSummary {
    /// Full id.
    pub id: ImageId,
    /// `name:tag`.
    #[serde(default, deserialize_with = "nullable")]
    pub repo_tags: Vec<String>,
    /// `name@sha256:…`.
    #[serde(default, deserialize_with = "nullable")]
    pub repo_digests: Vec<String>,
    /// What containers inherit.
    #[serde(default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
}

/// `GET /images/{reference}/json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ImageDetails {
    /// Full id.
    pub id: ImageId,
    /// `name:tag`.
    #[serde(default, deserialize_with = "nullable")]
    pub repo_tags: Vec<String>,
    /// `name@sha256:…`.
    #[serde(default, deserialize_with = "nullable")]
    pub repo_digests: Vec<String>,
    /// What containers inherit.
    #[serde(default)]
    pub config: Value,
}

/// `GET /networks/{name}`.
#[derive(Debug, Clone, Deserialize)]
pub struct NetworkDetails {
    /// Full id.
    #[serde(rename = "Id")]
    pub id: NetworkId,
    /// As it is called.
    #[serde(rename = "Name")]
    pub name: String,
    /// Such as `bridge`, `macvlan`, `host`, `null`.
    #[serde(rename = "Driver", default)]
    pub driver: String,
    /// Whether it is meant to have IPv6.
    #[serde(rename = "EnableIPv6", default)]
    pub enable_ipv6: bool,
    /// Its addresses.
    #[serde(rename = "IPAM", default)]
    pub ipam: Ipam,
    /// Whose it is.
    #[serde(rename = "Labels", default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
}

/// `GET /volumes/{name}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VolumeDetails {
    /// Volumes have no id.
    pub name: String,
    /// Where it lies on the engine's host.
    #[serde(default)]
    pub mountpoint: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
}

/// `GET /volumes`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VolumeList {
    /// The rows.
    #[serde(default, deserialize_with = "nullable")]
    pub volumes: Vec<VolumeDetails>,
}

/// A network's addresses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Ipam {
    #[serde(default, deserialize_with = "nullable")]
    config: Vec<IpamSubnet>,
}

/// One range of a network's addresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IpamSubnet {
    /// `address/prefix`.
    #[serde(default)]
    pub subnet: String,
}

impl NetworkDetails {
    /// The ranges of its addresses.
    pub fn subnets(&self) -> &[IpamSubnet] {
        &self.ipam.config
    }
}

/// `GET /exec/{id}/json`.
#[derive(Debug, Clone, Deserialize)]
pub struct ExecDetails {
    /// Still running.
    #[serde(rename = "Running")]
    pub running: bool,
    /// `None` until it has ended.
    #[serde(rename = "ExitCode")]
    pub exit_code: Option<i64>,
    /// Where it runs.
    #[serde(rename = "ContainerID")]
    pub container_id: ContainerId,
}

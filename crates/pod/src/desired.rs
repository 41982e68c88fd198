//! A pod as it should be on this host and this engine: every container with the exact specification that will be
//! asked for, and the hash by which it is known again.

use crate::settings::{Surroundings, member_settings, root_settings};
use crate::{Condition, OnChange, Pod, SecretUse, StartupHealthCheck, addresses};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use thiserror::Error;
use wharf_model::{
    ContainerId, ContainerName, EngineName, EnvName, ImageRef, PodName, SecretGeneration, SecretName,
    SecretOwner,
};
use wharf_wire::{
    BindSource, ContainerSpec, ExtraHost, MemberPlace, NetworkChoice, Place, PublishSpec, RootPlace,
    SecretBind, SecretFile, Settings,
};

/// What the pod should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// The pod.
    pub pod: PodName,
    /// The container that holds the namespaces.
    pub root: DesiredRoot,
    /// The others, in the order of the file.
    pub members: Vec<DesiredMember>,
}

/// The root container.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredRoot {
    /// The pause image.
    pub image: ImageRef,
    settings: Settings,
    place: RootPlace,
    /// What it is known by.
    pub hash: ConfigHash,
}

/// A member.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredMember {
    /// Its key in the file.
    pub name: ContainerName,
    /// What it runs.
    pub image: ImageRef,
    /// Whether the reference is pulled on every run.
    pub update_image: bool,
    settings: Settings,
    share_pid: bool,
    /// What follows when a secret has another value; of those that it uses.
    on_change: BTreeMap<SecretName, OnChange>,
    /// What it is known by.
    pub hash: ConfigHash,
    /// What comes first.
    pub waits: Vec<Wait>,
    /// Run after the start.
    pub startup_health_check: Option<StartupHealthCheck>,
}

/// Something that must be so before a member starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The member awaited.
    pub on: ContainerName,
    /// What is awaited of it. Started includes that its `startup_health_check` passed.
    pub until: Condition,
}

/// The digest of a container's specification without image and labels of wharf's own: `hmac-sha256:` under the host's
/// key, or `sha256:` for whoever has no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigHash {
    text: String,
    /// As it is without a key: what was made before there was one is not made anew.
    plain: String,
}

/// The host's key for configuration hashes. Without one, a variable's value could be guessed from the hash that
/// `docker inspect` shows.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey([u8; 32]);

impl HashKey {
    /// These bytes, chosen at random once.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey(..)")
    }
}

/// What is known of a pod's secrets without opening any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFacts {
    /// The host's place for secrets.
    pub place: String,
    /// Whose they are.
    pub owner: SecretOwner,
    /// Those that the pod's sealed file has.
    pub generations: BTreeMap<SecretName, SecretGeneration>,
}

/// What the host contributes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HostFacts {
    /// The host's name in the names of pods; `None` is the engine's name for its host.
    pub hostname: Option<String>,
    /// The directory below which every pod has its own.
    pub mount_root: Option<String>,
    /// Mount the host's `/etc/resolv.conf` into every container.
    pub use_host_resolv_conf: bool,
    /// The pod's members keep `NET_RAW`.
    pub keep_net_raw: bool,
    /// Values of `environment_files`.
    pub environment_files: BTreeMap<(ContainerName, EnvName), String>,
    /// The key of configuration hashes, for whoever may have it.
    pub hash_key: Option<HashKey>,
    /// The pod's secrets; `None` where it uses none.
    pub secrets: Option<SecretFacts>,
}

/// What the engine contributes.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineFacts {
    /// CPUs that containers may use.
    pub cpus: u64,
    /// Its host's name.
    pub hostname: String,
    /// The network that pods join.
    pub network: NetworkChoice,
    /// The network's IPv6 range, when it has IPv6: first address and prefix length.
    pub ipv6_subnet: Option<(std::net::Ipv6Addr, u8)>,
    /// The root container's image.
    pub pause_image: ImageRef,
}

/// Why a pod cannot be as its file says on this host or this engine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DesireError {
    /// `limits.cpus` is above what the engine has.
    #[error("`containers.{container}.limits.cpus` is more than the {cpus} CPUs that the engine has")]
    TooManyCpus {
        /// The member.
        container: ContainerName,
        /// What there is.
        cpus: u64,
    },
    /// There is a mount, and nowhere to mount from.
    #[error(
        "`containers.{container}` has mounts, but this host has no mount root (`mount_root` in the host configuration)"
    )]
    NoMountRoot {
        /// The member.
        container: ContainerName,
    },
    /// A secret is not in the pod's sealed file.
    #[error("`containers.{container}.secrets`: there is no secret `{secret}` in the pod's sealed file")]
    NoSuchSecret {
        /// The member.
        container: ContainerName,
        /// The secret.
        secret: SecretName,
    },
    /// The host's name gives no host name for the pod.
    #[error("the pod's host name would be `{0}`, which is not one; set `hostname` in the pod file")]
    BadHostname(String),
}

/// The pod as it should be here.
///
/// # Errors
/// All that stands against it.
pub fn desired(
    pod: &Pod,
    name: &PodName,
    host: &HostFacts,
    engine: &EngineFacts,
) -> Result<Desired, Vec<DesireError>> {
    let host_name = host.hostname.as_ref().unwrap_or(&engine.hostname);
    let hostname = hostname(pod, name, host_name);
    let errors = misfits(pod, &hostname, host, engine);
    if !errors.is_empty() {
        return Err(errors);
    }
    let around = Surroundings { pod, name, host };
    let members = (0..).zip(&pod.containers).map(|(position, container)| {
        let settings = member_settings(container, &around);
        let waits = waits(pod, position);
        DesiredMember {
            name: container.name.clone(),
            image: container.image.clone(),
            update_image: container.update_image,
            hash: ConfigHash::of(host.hash_key.as_ref(), &(&settings, pod.share_pid, wait_label(&waits))),
            on_change: on_change(&container.secrets),
            settings,
            share_pid: pod.share_pid,
            waits,
            startup_health_check: container.startup_health_check.clone(),
        }
    });
    Ok(Desired {
        pod: name.clone(),
        root: root(&around, engine, hostname, host_name),
        members: members.collect(),
    })
}

/// Of a secret that is used twice, a restart counts before a signal, and that before nothing.
fn on_change(uses: &[SecretUse]) -> BTreeMap<SecretName, OnChange> {
    let mut changes: BTreeMap<SecretName, OnChange> = BTreeMap::new();
    for used in uses {
        let said = changes.entry(used.name.clone()).or_insert(used.on_change);
        match (*said, used.on_change) {
            (OnChange::Nothing, other) | (_, other @ OnChange::Restart) => *said = other,
            _ => {}
        }
    }
    changes
}

fn misfits(pod: &Pod, hostname: &str, host: &HostFacts, engine: &EngineFacts) -> Vec<DesireError> {
    let mut errors = Vec::new();
    for container in &pod.containers {
        let most = engine.cpus.saturating_mul(1_000_000_000);
        if container.limits.nano_cpus.is_some_and(|wanted| wanted > most) {
            errors.push(DesireError::TooManyCpus { container: container.name.clone(), cpus: engine.cpus });
        }
        let known = |name: &SecretName| {
            host.secrets.as_ref().is_some_and(|secrets| secrets.generations.contains_key(name))
        };
        errors.extend(container.secrets.iter().filter(|used| !known(&used.name)).map(|used| {
            DesireError::NoSuchSecret { container: container.name.clone(), secret: used.name.clone() }
        }));
        let mounts = !(container.mounts.is_empty() && pod.common_mounts.is_empty());
        if mounts && host.mount_root.is_none() {
            errors.push(DesireError::NoMountRoot { container: container.name.clone() });
        }
    }
    if hostname.len() > 64 || hostname.is_empty() {
        errors.push(DesireError::BadHostname(hostname.to_owned()));
    }
    errors
}

fn root(around: &Surroundings<'_>, engine: &EngineFacts, hostname: String, host_name: &str) -> DesiredRoot {
    let Surroundings { pod, name, .. } = around;
    let mac_address = addresses::mac_address(name, host_name);
    let place = RootPlace {
        hostname,
        network: engine.network.clone(),
        mac_address,
        ipv6_address: engine
            .ipv6_subnet
            .map(|(subnet, prefix)| addresses::ipv6_address(mac_address, subnet, prefix)),
        exposed: pod.expose.iter().copied().collect(),
        published: published(pod),
        publish_all: pod.publish_all,
        dns: pod.dns.clone(),
        extra_hosts: pod
            .extra_hosts
            .iter()
            .map(|h| ExtraHost { name: h.name.clone(), address: h.address })
            .collect(),
        shm_size: pod.containers.iter().filter_map(|container| container.limits.shm_size).max(),
    };
    let settings = root_settings(around);
    let hash = ConfigHash::of(around.host.hash_key.as_ref(), &(&settings, &place));
    DesiredRoot { image: engine.pause_image.clone(), settings, place, hash }
}

/// As moby-derp names pods' hosts: `<pod, _ becomes ->-<host's name>`.
fn hostname(pod: &Pod, name: &PodName, host_name: &str) -> String {
    let default = || format!("{}-{}", name.as_str().replace('_', "-"), host_name);
    pod.hostname.clone().unwrap_or_else(default)
}

fn published(pod: &Pod) -> Vec<PublishSpec> {
    let mut published: Vec<PublishSpec> = pod
        .publish
        .iter()
        .map(|p| PublishSpec {
            address: p.address,
            host: p.host,
            container: p.container,
            protocol: p.protocol,
        })
        .collect();
    published.sort();
    published.dedup();
    published
}

/// What the file says, and the members before this one that have a `startup_health_check`: those gate what follows.
fn waits(pod: &Pod, position: usize) -> Vec<Wait> {
    let Some(container) = pod.containers.get(position) else {
        return Vec::new();
    };
    let gates = pod.containers.iter().take(position).filter(|earlier| earlier.startup_health_check.is_some());
    let gates = gates.filter(|gate| !container.depends_on.contains_key(&gate.name));
    let gates = gates.map(|gate| Wait { on: gate.name.clone(), until: Condition::Started });
    let named = container.depends_on.iter().map(|(on, until)| Wait { on: on.clone(), until: *until });
    named.chain(gates).collect()
}

impl DesiredRoot {
    /// What is asked of the engine.
    pub fn spec(&self, pod: &PodName) -> ContainerSpec {
        let mut settings = self.settings.clone();
        add_labels(&mut settings, pod, &self.hash, &self.image);
        ContainerSpec { settings, place: Place::Root(Box::new(self.place.clone())) }
    }

    /// What it has, without wharf's own labels.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whose namespaces: its own.
    pub fn place(&self) -> &RootPlace {
        &self.place
    }
}

impl DesiredMember {
    /// What is asked of the engine, once the root container has an id.
    pub fn spec(&self, pod: &PodName, root: &ContainerId) -> ContainerSpec {
        let mut settings = self.settings.clone();
        add_labels(&mut settings, pod, &self.hash, &self.image);
        settings.labels.insert("wharf.container".into(), self.name.to_string());
        settings.labels.insert(ROOT_LABEL.into(), root.to_string());
        // Empty, too: an image may bring the label, and what is written here wins.
        settings.labels.insert(WAITS_LABEL.into(), wait_label(&self.waits));
        settings.labels.insert(SECRETS_LABEL.into(), secrets_label(self.secrets()));
        ContainerSpec {
            settings,
            place: Place::Member(MemberPlace { root: root.clone(), share_pid: self.share_pid }),
        }
    }

    /// What it has, without wharf's own labels.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What lies in its directory of secrets.
    pub fn secrets(&self) -> &[SecretFile] {
        self.secret_bind().map(|bind| bind.files.as_slice()).unwrap_or_default()
    }

    /// Its directory of secrets, where it uses some.
    pub fn secret_bind(&self) -> Option<&SecretBind> {
        self.settings.binds.iter().find_map(|bind| match &bind.source {
            BindSource::Secrets(secrets) => Some(secrets.as_ref()),
            _ => None,
        })
    }

    /// Whether it sees the processes of the pod's others, and they its own.
    pub fn shares_processes(&self) -> bool {
        self.share_pid
    }

    /// What follows when this secret has another value.
    pub(crate) fn on_change(&self, secret: &SecretName) -> OnChange {
        self.on_change.get(secret).copied().unwrap_or(OnChange::Restart)
    }

    /// Its name on the engine.
    pub fn engine_name(&self, pod: &PodName) -> EngineName {
        EngineName::member(pod, &self.name)
    }
}

/// The root container that a member was made for.
pub(crate) const ROOT_LABEL: &str = "org.hezmatt.moby-derp.root-container-id";
/// How hashes under the host's key begin.
pub(crate) const KEYED: &str = "hmac-sha256:";
/// What a container is known by.
pub(crate) const HASH_LABEL: &str = "wharf.config-hash";

/// What comes before a member, for starting it again when no pod file is at hand.
const WAITS_LABEL: &str = "wharf.starts-after";

/// Which values of which secrets a container was made with: for telling, without its directory, that it has some.
const SECRETS_LABEL: &str = "wharf.secrets";

/// `db-password=1763847600 tls-key=1763847601`.
fn secrets_label(files: &[SecretFile]) -> String {
    let words: BTreeSet<String> =
        files.iter().map(|file| format!("{}={}", file.name, file.generation)).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Whether a container was made with secrets, from its labels.
pub fn has_secrets_by_labels(labels: &BTreeMap<String, String>) -> bool {
    labels.get(SECRETS_LABEL).is_some_and(|said| !said.is_empty())
}

/// `db=healthy migrate=completed`.
fn wait_label(waits: &[Wait]) -> String {
    let words: Vec<String> =
        waits.iter().map(|wait| format!("{}={}", wait.on, wait.until.as_str())).collect();
    words.join(" ")
}

/// What a member waits for, from its labels; words that are not understood are passed over.
pub fn waits_from_labels(labels: &BTreeMap<String, String>) -> Vec<Wait> {
    let wait = |word: &str| {
        let (on, until) = word.split_once('=')?;
        let until = Condition::ALL.into_iter().find(|condition| condition.as_str() == until)?;
        Some(Wait { on: on.parse().ok()?, until })
    };
    labels.get(WAITS_LABEL).into_iter().flat_map(|text| text.split(' ')).filter_map(wait).collect()
}

/// moby-derp's labels are written beside ours, so that it recognises our pods as we recognise its.
fn add_labels(settings: &mut Settings, pod: &PodName, hash: &ConfigHash, image: &ImageRef) {
    let labels = [
        (HASH_LABEL, hash.text.clone()),
        ("wharf.image", image.to_string()),
        ("wharf.pod", pod.to_string()),
        ("org.hezmatt.moby-derp.config-hash", hash.text.clone()),
        ("org.hezmatt.moby-derp.pod-name", pod.to_string()),
    ];
    settings.labels.extend(labels.map(|(name, value)| (name.to_owned(), value)));
}

impl ConfigHash {
    fn of(key: Option<&HashKey>, specification: &impl serde::Serialize) -> Self {
        // These types always serialise: their map keys are strings. Maps are sorted, so equal specifications are
        // equal texts.
        let text = serde_json::to_vec(specification).unwrap_or_default();
        let plain = format!("sha256:{}", hex(&Sha256::digest(&text)));
        // A key of any length is taken, so there is always one.
        let mac = key.and_then(|key| Hmac::<Sha256>::new_from_slice(&key.0).ok()).map(|mut mac| {
            mac.update(&text);
            format!("{KEYED}{}", hex(&mac.finalize().into_bytes()))
        });
        Self { text: mac.unwrap_or_else(|| plain.clone()), plain }
    }

    /// Whether a container with this label is the one that is meant.
    pub(crate) fn fits(&self, label: Option<&str>) -> bool {
        label.is_some_and(|label| label == self.text || label == self.plain)
    }

    /// The text in the label.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
        out
    })
}

impl DesiredMember {
    /// Whether its file wants it running for good, so that `up` starts it when it is found stopped.
    pub(crate) fn is_service(&self) -> bool {
        use wharf_wire::RestartPolicy::{Always, UnlessStopped};
        matches!(self.settings.restart, Always | UnlessStopped)
    }
}

//! Making a container: every name resolved, every limit put, and what the engine made compared with what was permitted.

use crate::answer::{self, Answer};
use crate::asked::{self, Asked};
use crate::containers::not_understood;
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::index::Container;
use crate::pins::Pinned;
use crate::reservation::when_made;
use crate::resolve::Found;
use crate::verify;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::PoisonError;
use wharf_model::{ContainerId, NetworkId, ObjectName, TargetPath, VolumeName};
use wharf_policy::{Facts, Owned, complete};
use wharf_wire::ask::other_runtime;
use wharf_wire::tenant::{
    ContainerAct, ContainerWish, Endpoint, IpcMode, MountKind, MountSpec, NetworkMode, PodDirectory,
    Resources, RestartChoice, SharedWith, TenantCall, TenantContainer, VolumeWish, VolumesFrom,
};
use wharf_wire::{ContainerById, Info, InfoDocument, MountPoint};

/// References resolved so far, and the proof that they are the tenant's.
#[derive(Default)]
struct Resolved {
    facts: Facts,
    endpoints: Vec<(NetworkId, Endpoint)>,
    mounts: Vec<MountSpec<VolumeName>>,
}

impl Errand {
    /// `POST /containers/create`.
    pub(crate) async fn create_container(
        &self,
        name: Option<ObjectName>,
        platform: Option<String>,
        wish: ContainerWish,
    ) -> Result<Answer, Fault> {
        self.check_runtime(wish.runtime.as_deref()).await?;
        let image = self.find_image(&wish.image).await?;
        let name = match name {
            Some(name) => name,
            None => self.free_name()?,
        };
        let shown = name.clone();
        let (mut container, mut facts) =
            self.resolved(name, image, wish).await.map_err(Fault::beside_the_image)?;
        let pinned = self.pin_mounts(&shown, &mut container, &mut facts).await?;
        // Apart: it is the larger half, and the rest need not carry it.
        let made = Box::pin(self.make(&shown, container, facts, platform, &pinned)).await;
        if made.is_ok() {
            pinned.keep();
        } else {
            pinned.abandon();
        }
        made
    }

    /// The engine's default, said by its name, is what every container has; another may confine less.
    async fn check_runtime(&self, asked: Option<&str>) -> Result<(), Fault> {
        let Some(asked) = asked else { return Ok(()) };
        let info = self.desk.gateway.engine.observe(&InfoDocument).await?;
        let default = info.get("DefaultRuntime").and_then(Value::as_str);
        if default == Some(asked) { Ok(()) } else { Err(other_runtime().into()) }
    }

    /// Judges, makes, compares.
    async fn make(
        &self,
        shown: &ObjectName,
        mut container: TenantContainer,
        mut facts: Facts,
        platform: Option<String>,
        pinned: &Pinned,
    ) -> Result<Answer, Fault> {
        self.settle_disk().await?;
        self.settle_sums(None, &self.counted_when_made(&container)?).await?;
        // One creation at a time for each tenant: the sums that are judged are those that hold when it is done.
        let creating = self.desk.gateway.creating(self.tenant());
        let _one_at_a_time = creating.lock().await;
        self.check_free(shown)?;
        let gateway = &self.desk.gateway;
        let door = pinned.wording(Door::new(self, shown.as_str(), None));
        complete(&mut container, &self.rights()?.grant, &gateway.index.taken_ports())
            .map_err(|denial| door.denied("create container", denial))?;
        self.learn_mounted(&container, &mut facts).await?;
        facts.tenant.gateway_socket =
            gateway.tenant_socket(self.tenant()).map(|path| path.to_string_lossy().into_owned());
        let wished = container.clone();
        let call = TenantCall::CreateContainer { container: Box::new(container), platform };
        let (permit, _place) = {
            let _admission = gateway.admission.lock().unwrap_or_else(PoisonError::into_inner);
            facts.tenant.usage = gateway.usage(self.tenant(), None);
            let permit = door.judge(call, &facts)?;
            (permit, gateway.reservations.for_new(&self.tenant().name, when_made(&wished)))
        };
        let (_, _, bytes) = door.finish(permit).await?;
        let made: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        let id = made.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<ContainerId>().ok());
        let id = id.ok_or(Fault::Tampered)?;
        self.compare(&id, &wished).await?;
        let warnings = made.get("Warnings").cloned().unwrap_or_else(|| json!([]));
        Ok(answer::document(StatusCode::CREATED, &json!({ "Id": id, "Warnings": warnings })))
    }

    /// What it will count for before anybody starts it, with what it gets that it does not ask for.
    fn counted_when_made(&self, container: &TenantContainer) -> Result<Resources, Fault> {
        if container.host.restart == RestartChoice::No {
            return Ok(Resources::default());
        }
        let usual = &self.rights()?.grant.limits.per_container;
        let asked = container.resources.clone();
        let (memory, pids) = (asked.memory.or(Some(usual.memory.bytes())), asked.pids.or(Some(usual.pids)));
        Ok(Resources { memory, pids, ..asked })
    }

    /// What the engine made is what was permitted, or it goes again.
    async fn compare(&self, id: &ContainerId, wished: &TenantContainer) -> Result<(), Fault> {
        let now = self.desk.gateway.index.now();
        let details = self.desk.gateway.engine.observe(&ContainerById(id.clone())).await?;
        let made = Container::observed(&details, now);
        let Some(made) = made else { return Err(Fault::Tampered) };
        let mut lent = Vec::new();
        for from in &wished.volumes_from {
            // Of one that is gone, nothing is expected: then the new one goes, too.
            if let Ok(other) = self.desk.gateway.engine.observe(&ContainerById(from.container.clone())).await
            {
                lent.extend(other.mounts);
            }
        }
        let difference = verify::difference(wished, &lent, &details);
        let index = &self.desk.gateway.index;
        let _newer_is_known = index.learn_container(made.clone());
        let (owner, volumes) =
            (wished.owner.labels(), details.mounts.iter().filter(|mount| mount.kind == "volume"));
        // Those that it made for this container; what was there before has labels of its own, and is known.
        let fresh = volumes.filter(|mount| wished.mounts.iter().any(|wish| is_anonymous_at(wish, mount)));
        fresh
            .filter_map(|mount| Owned::<VolumeName>::observed(&mount.name, &owner))
            .for_each(|v| index.learn_volume(v));
        let fault = match difference {
            Some(field) => {
                let name = made.name.as_str();
                let _recorded = Door::record_denial(&self.desk, "create container", name, "tampered", field);
                Some(Fault::Tampered)
            }
            None => self.desk.gateway.count_container(self.tenant(), &details).await.err(),
        };
        let Some(fault) = fault else { return Ok(()) };
        let act = ContainerAct::Remove { volumes: true, force: true };
        let call = TenantCall::Container { container: id.clone(), act };
        let door = Door::new(self, made.name.as_str(), Some(id.as_str()));
        door.ask(call, &self.facts_of(&made)).await?;
        self.desk.gateway.container_is_gone(id);
        Err(fault)
    }

    async fn resolved(
        &self,
        name: ObjectName,
        image: Found,
        wish: ContainerWish,
    ) -> Result<(TenantContainer, Facts), Fault> {
        let mut resolved = Resolved::default();
        let binds = asked::binds(&wish.mounts);
        let mut asked = Asked { image: wish.image.clone(), network: written(&wish.network), binds };
        let image_id = image.visible.id().clone();
        let labels = image.details.config.get("Labels").and_then(Value::as_object);
        let labels = labels.into_iter().flat_map(|labels| labels.keys().cloned()).collect();
        resolved.facts.image_labels.insert(image_id.clone(), labels);
        resolved.facts.tenant.images.push(image.visible.clone());

        let network = self.network_of(&name, &wish, &mut resolved).await?;
        self.mounts_of(&wish, &image, &mut resolved).await?;
        let mut volumes_from = Vec::new();
        for from in wish.volumes_from {
            let other = self.find_container(&from.container).await?;
            for bind in other.binds {
                asked.binds.entry(bind.target).or_insert(bind.asked);
            }
            let container = self.joined(&from.container, &mut resolved).await?;
            volumes_from.push(VolumesFrom { container, readonly: from.readonly });
        }
        let ipc = match wish.ipc {
            IpcMode::Private => IpcMode::Private,
            IpcMode::Shareable => IpcMode::Shareable,
            IpcMode::None => IpcMode::None,
            IpcMode::Container(other) => IpcMode::Container(self.joined(&other, &mut resolved).await?),
        };
        let pid = match wish.pid {
            SharedWith::Own => SharedWith::Own,
            SharedWith::Container(other) => SharedWith::Container(self.joined(&other, &mut resolved).await?),
        };
        let mut process = wish.process;
        if wish.host.publish_all {
            // What the image exposes is published, too: each port gets a number of the tenant's range.
            let exposed = image.details.config.get("ExposedPorts").and_then(Value::as_object);
            let ports = exposed
                .into_iter()
                .flat_map(|ports| ports.keys())
                .filter_map(|port| port.parse::<wharf_model::ContainerPort>().ok());
            process.exposed_ports.extend(ports);
        }
        let Resolved { facts, endpoints, mounts } = resolved;
        let container = TenantContainer {
            name: self.engine_name(&name),
            owner: self.owner(asked.text()),
            image: image_id,
            process,
            resources: wish.resources,
            host: wish.host,
            network,
            endpoints,
            mounts,
            volumes_from,
            ipc,
            pid,
            cgroup_parent: self.desk.gateway.cgroup_parent(self.tenant()),
        };
        Ok((container, facts))
    }

    /// Another container of the tenant's: there now, since the engine would look it up only at the start.
    async fn joined(&self, written: &str, resolved: &mut Resolved) -> Result<ContainerId, Fault> {
        let other = self.find_container(written).await?;
        let id = other.owned.id().clone();
        resolved.facts.tenant.containers.push(other.owned);
        Ok(id)
    }

    async fn network_of(
        &self,
        name: &ObjectName,
        wish: &ContainerWish,
        resolved: &mut Resolved,
    ) -> Result<NetworkMode<ContainerId, NetworkId>, Fault> {
        let first = match &wish.network {
            NetworkMode::None => return Ok(NetworkMode::None),
            NetworkMode::Container(other) => {
                return Ok(NetworkMode::Container(self.joined(other, resolved).await?));
            }
            NetworkMode::Default => self.default_network().await?,
            NetworkMode::Network(written) => self.find_network(written).await?,
        };
        let mode = first.owned.id().clone();
        resolved.facts.tenant.networks.push(first.owned);
        for (written, endpoint) in &wish.endpoints {
            let network = match written.as_str() {
                "bridge" | "default" => self.default_network().await?,
                _ => self.find_network(written).await?,
            };
            let id = network.owned.id().clone();
            resolved.facts.tenant.networks.push(network.owned);
            resolved.endpoints.push((id, endpoint.clone()));
        }
        if !resolved.endpoints.iter().any(|(id, _)| *id == mode) {
            resolved.endpoints.push((mode.clone(), Endpoint::default()));
        }
        for (_, endpoint) in &mut resolved.endpoints {
            // Between own containers, DNS knows every one by the name that the tenant gave it.
            if !endpoint.aliases.iter().any(|alias| alias == name.as_str()) {
                endpoint.aliases.push(name.to_string());
            }
        }
        Ok(NetworkMode::Network(mode))
    }

    async fn mounts_of(
        &self,
        wish: &ContainerWish,
        image: &Found,
        resolved: &mut Resolved,
    ) -> Result<(), Fault> {
        for mount in &wish.mounts {
            let kind = match &mount.kind {
                MountKind::Volume { volume, no_copy, subpath } => {
                    let volume = self.volume_for(volume, resolved).await?;
                    MountKind::Volume { volume, no_copy: *no_copy, subpath: subpath.clone() }
                }
                MountKind::AnonymousVolume { no_copy } => MountKind::AnonymousVolume { no_copy: *no_copy },
                MountKind::Tmpfs { size, mode, exec } => {
                    MountKind::Tmpfs { size: *size, mode: *mode, exec: *exec }
                }
                // Judged, and refused, by the policy: only a pin may stand in its place.
                MountKind::Host { path, make } => self.host_path(path, *make),
                MountKind::Pinned { place } => self.host_path(place, false),
                MountKind::PodDirectory(directory) => self.host_path(&directory.path(), false),
                MountKind::GatewaySocket { .. } => {
                    let path = self.desk.gateway.tenant_socket(self.tenant());
                    let path = path.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
                    MountKind::GatewaySocket { path }
                }
            };
            resolved.mounts.push(MountSpec { target: mount.target.clone(), readonly: mount.readonly, kind });
        }
        // What the image declares would be made without a label.
        let declared = image.details.config.get("Volumes").and_then(Value::as_object);
        for declared in declared.into_iter().flat_map(|volumes| volumes.keys()) {
            let Ok(target) = declared.parse::<TargetPath>() else { return Err(undeclarable(declared)) };
            if !resolved.mounts.iter().any(|mount| mount.target == target) {
                let kind = MountKind::AnonymousVolume { no_copy: false };
                resolved.mounts.push(MountSpec { target, readonly: false, kind });
            }
        }
        Ok(())
    }

    /// A path of the host's: a directory of the tenant's own pods, or another, for which a pin may stand.
    fn host_path(&self, path: &str, make: bool) -> MountKind<VolumeName> {
        let root = self.standing.grants.mount_root.as_deref();
        match root.and_then(|root| PodDirectory::from_path(root, path)) {
            Some(directory) => MountKind::PodDirectory(directory),
            None => MountKind::Host { path: path.to_owned(), make },
        }
    }

    /// Whom the host takes containers' root for, and what is mounted already, where a pod's directory is asked for.
    async fn learn_mounted(&self, container: &TenantContainer, facts: &mut Facts) -> Result<(), Fault> {
        if !container.mounts.iter().any(|mount| matches!(mount.kind, MountKind::PodDirectory(_))) {
            return Ok(());
        }
        let gateway = &self.desk.gateway;
        facts.container_root = gateway.engine.observe(&Info).await?.container_root();
        let others = gateway.index.containers(self.tenant(), self.rights()?);
        let paths = others.into_iter().flat_map(|other| other.binds).map(|bind| bind.source);
        facts.tenant.mounted_paths = paths.collect();
        Ok(())
    }

    /// A volume by name; one that is not there is made, as the engine would.
    async fn volume_for(&self, written: &str, resolved: &mut Resolved) -> Result<VolumeName, Fault> {
        if self.find_volume(written).await.is_err() {
            let name = written.parse().map_err(|error: wharf_model::ObjectNameError| {
                let words = format!("{error}: `{}`", crate::fault::printable(written));
                Fault::Refused(wharf_wire::ask::Refusal::malformed(words))
            })?;
            self.create_volume(VolumeWish { name: Some(name), ..VolumeWish::default() }).await?;
        }
        let owned = self.find_volume(written).await?;
        let volume = owned.id().clone();
        resolved.facts.tenant.volumes.push(owned);
        Ok(volume)
    }

    /// A name for what the tenant did not name.
    fn free_name(&self) -> Result<ObjectName, Fault> {
        let taken: BTreeSet<String> = self
            .desk
            .gateway
            .index
            .containers(self.tenant(), self.rights()?)
            .into_iter()
            .map(|container| container.name.to_string())
            .collect();
        let digits = crate::volumes::random_name("")?;
        let bytes = digits.as_str().as_bytes();
        let pick = |words: &[&'static str], at: usize| {
            let number =
                bytes.iter().skip(at * 8).take(8).fold(0_usize, |n, b| n.wrapping_mul(31) + usize::from(*b));
            words.get(number % words.len().max(1)).copied().unwrap_or_default()
        };
        let plain = format!("{}_{}", pick(&WEATHERS, 0), pick(&VESSELS, 1));
        let name = if taken.contains(&plain) {
            format!("{plain}_{}", digits.as_str().get(..6).unwrap_or_default())
        } else {
            plain
        };
        name.parse().map_err(|_| Fault::Tampered)
    }
}

fn is_anonymous_at(wish: &MountSpec<VolumeName>, mount: &MountPoint) -> bool {
    matches!(wish.kind, MountKind::AnonymousVolume { .. }) && wish.target.as_str() == mount.destination
}

/// For a volume that an image declares where none can be: the engine would make it, and it would be nobody's.
fn undeclarable(place: &str) -> Fault {
    let reason = format!("the image declares a volume at `{}`", crate::fault::printable(place));
    let hint = "use an image whose volumes are at plain absolute paths";
    wharf_wire::ask::Refusal::forbidden(wharf_wire::ask::Forbidden::MountKind, reason, hint).into()
}

/// Words of the names that we give.
const WEATHERS: [&str; 16] = [
    "amber", "breezy", "bright", "calm", "clear", "coastal", "foggy", "gentle", "hazy", "lively", "misty",
    "moonlit", "quiet", "salty", "sunny", "windy",
];
const VESSELS: [&str; 16] = [
    "barge", "brig", "canoe", "clipper", "cog", "cutter", "dinghy", "ferry", "frigate", "galley", "ketch",
    "lugger", "punt", "schooner", "sloop", "yawl",
];

/// The network mode as the tenant wrote it, for showing it back.
fn written(network: &NetworkMode<String, String>) -> String {
    match network {
        NetworkMode::Default => "bridge".to_owned(),
        NetworkMode::Network(name) => name.clone(),
        // The engine shows these as they are.
        NetworkMode::None | NetworkMode::Container(_) => String::new(),
    }
}

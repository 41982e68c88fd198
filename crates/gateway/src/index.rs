//! Whose is what: every tenant's containers, networks, volumes and execs, by id and by name.
//!
//! An object's owner stands in its labels, which never change for a full id, and ids are never used again; so an id once
//! known needs no second look. Names follow what the gateway does itself and the engine's events; where the index knows
//! nothing, the engine is asked. Being late is harmless: a stale name leads to an id of the same tenant's.

mod superseded;

use crate::asked::{Asked, AskedBind};
use crate::networks::DEFAULT;
use crate::reservation::Pending;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use wharf_model::{
    ByteSize, ContainerId, ExecId, NetworkId, ObjectName, Protocol, TenantId, TenantName, TenantObject,
    VolumeName,
};
use wharf_policy::{Owned, TenantStanding, Usage};
use wharf_wire::tenant::{PortBinding, Resources, RestartChoice};
use wharf_wire::{ContainerDetails, ContainerState, NetworkDetails, VolumeDetails};

/// Whose is what.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Goes on with each look at the engine and each change that the gateway makes itself: what was seen before another
    /// change says nothing about after it.
    clock: AtomicU64,
    tenants: RwLock<HashMap<TenantName, Holdings>>,
}

/// What all tenants of one name have.
#[derive(Debug, Default)]
struct Holdings {
    containers: HashMap<ContainerId, Container>,
    networks: HashMap<NetworkId, Network>,
    volumes: BTreeMap<VolumeName, Owned<VolumeName>>,
    execs: HashMap<ExecId, Owned<ExecId>>,
}

/// A container as far as the gateway needs to know it.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    /// Whose.
    pub(crate) owned: Owned<ContainerId>,
    /// What the tenant calls it.
    pub(crate) name: ObjectName,
    /// Its limits.
    pub(crate) resources: Resources,
    /// Ports of the host that it asks for.
    pub(crate) published: Vec<PortBinding>,
    /// Whether the engine starts it again by itself.
    pub(crate) restarts: bool,
    /// Whether it goes when it ends.
    pub(crate) auto_remove: bool,
    /// Whether it runs, is paused or is about to.
    pub(crate) alive: bool,
    /// What it has of the host's file systems.
    pub(crate) binds: Vec<Bind>,
    /// Bytes that its log may take.
    pub(crate) log: u64,
    /// When the engine was asked for this, by the index's clock.
    pub(crate) seen: u64,
}

/// A mount of something of the host's.
#[derive(Debug, Clone)]
pub(crate) struct Bind {
    /// As the engine knows it.
    pub(crate) source: String,
    /// In the container.
    pub(crate) target: String,
    /// As the tenant wrote it.
    pub(crate) asked: AskedBind,
}

/// A network as far as the gateway needs to know it.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Whose.
    pub(crate) owned: Owned<NetworkId>,
    /// What the tenant calls it.
    pub(crate) name: ObjectName,
}

impl Container {
    /// From what the engine says of it, asked at that [`Index::now`]; `None` when it is no tenant's.
    pub(crate) fn observed(details: &ContainerDetails, seen: u64) -> Option<Self> {
        let name = details.name.trim_start_matches('/');
        let owned = Owned::<ContainerId>::observed(details.id.clone(), name, &details.labels())?;
        let name = TenantObject::from_engine(name)?.name;
        let host = &details.host_config;
        let number = |field: &str| host.get(field).and_then(serde_json::Value::as_u64).filter(|n| *n > 0);
        let restart =
            host.pointer("/RestartPolicy/Name").and_then(serde_json::Value::as_str).unwrap_or_default();
        let resources = Resources {
            memory: number("Memory"),
            memory_swap: number("MemorySwap"),
            nano_cpus: number("NanoCpus"),
            pids: number("PidsLimit").and_then(|pids| u32::try_from(pids).ok()),
            ..Resources::default()
        };
        Some(Self {
            owned,
            name,
            resources,
            published: published(host),
            auto_remove: host.get("AutoRemove").and_then(serde_json::Value::as_bool).unwrap_or(false),
            restarts: matches!(restart, "always" | "unless-stopped" | "on-failure"),
            alive: is_alive(details.state.status),
            binds: binds(details),
            log: log(host),
            seen,
        })
    }

    /// Whether what it may use counts: it runs, or the engine will start it again.
    fn counts(&self) -> bool {
        self.alive || self.restarts
    }
}

/// The most that its log takes: so large is each file, and so many are kept.
fn log(host: &serde_json::Value) -> u64 {
    let option = |name: &str| host.pointer("/LogConfig/Config")?.get(name)?.as_str();
    let size = option("max-size").and_then(|text| text.parse::<ByteSize>().ok()).map_or(0, ByteSize::bytes);
    let files = option("max-file").and_then(|text| text.parse::<u64>().ok()).unwrap_or(1);
    size.saturating_mul(files)
}

fn is_alive(state: ContainerState) -> bool {
    matches!(state, ContainerState::Running | ContainerState::Paused | ContainerState::Restarting)
}

fn binds(details: &ContainerDetails) -> Vec<Bind> {
    let asked = Asked::of_labels(details.config.get("Labels").unwrap_or(&serde_json::Value::Null));
    let of_the_host = details.mounts.iter().filter(|mount| mount.kind == "bind");
    let bind = |mount: &wharf_wire::MountPoint| Bind {
        source: mount.source.clone(),
        target: mount.destination.clone(),
        asked: asked.binds.get(&mount.destination).cloned().unwrap_or_default(),
    };
    of_the_host.map(bind).collect()
}

/// The bindings of `HostConfig.PortBindings`.
fn published(host: &serde_json::Value) -> Vec<PortBinding> {
    let Some(bindings) = host.get("PortBindings").and_then(serde_json::Value::as_object) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (container, entries) in bindings {
        let Ok(container) = container.parse() else { continue };
        for entry in entries.as_array().into_iter().flatten() {
            let text = |field: &str| entry.get(field).and_then(serde_json::Value::as_str).unwrap_or_default();
            let (address, port) = (text("HostIp").parse().ok(), text("HostPort").parse().ok());
            all.push(PortBinding { container, address, port });
        }
    }
    all
}

impl Index {
    fn read<T>(&self, tenant: &TenantName, look: impl FnOnce(&Holdings) -> T) -> Option<T> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.get(tenant).map(look)
    }

    fn write<T>(&self, tenant: &TenantName, change: impl FnOnce(&mut Holdings) -> T) -> T {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        change(tenants.entry(tenant.clone()).or_default())
    }

    /// A moment of its own: later than everything before.
    pub(crate) fn now(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Everything anew.
    pub(crate) fn replace(
        &self,
        containers: impl IntoIterator<Item = Container>,
        networks: impl IntoIterator<Item = Network>,
        volumes: impl IntoIterator<Item = Owned<VolumeName>>,
    ) {
        let mut fresh: HashMap<TenantName, Holdings> = HashMap::new();
        for container in containers {
            let holdings = fresh.entry(container.owned.tenant().name.clone()).or_default();
            holdings.containers.insert(container.owned.id().clone(), container);
        }
        for network in networks {
            let holdings = fresh.entry(network.owned.tenant().name.clone()).or_default();
            holdings.networks.insert(network.owned.id().clone(), network);
        }
        for volume in volumes {
            let holdings = fresh.entry(volume.tenant().name.clone()).or_default();
            holdings.volumes.insert(volume.id().clone(), volume);
        }
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        for (name, holdings) in tenants.iter_mut() {
            // Execs cannot be listed; those of containers that are still there are still theirs.
            let execs = std::mem::take(&mut holdings.execs);
            let renewed = fresh.entry(name.clone()).or_default();
            renewed.execs = execs;
            // What has happened since the engine was asked stays.
            for (id, known) in holdings.containers.drain() {
                if let Some(container) = renewed.containers.get_mut(&id)
                    && container.seen < known.seen
                {
                    *container = known;
                }
            }
        }
        *tenants = fresh;
    }

    /// The container that `written` means for this tenant: its full id, else its name, else the beginning of its id.
    pub(crate) fn container(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        written: &str,
    ) -> Option<Container> {
        let visible = |container: &&Container| standing.owns(container.owned.tenant());
        self.read(&tenant.name, |holdings| {
            if let Ok(id) = written.parse::<ContainerId>() {
                return holdings.containers.get(&id).filter(visible).cloned();
            }
            let name = written.strip_prefix('/').unwrap_or(written);
            let mut own = holdings.containers.values().filter(visible);
            let named = own.clone().filter(|container| container.name.as_str() == name);
            // What a former tenant left is called so only while nothing later is.
            if let Some(latest) = named.max_by_key(|container| container.owned.tenant().generation) {
                return Some(latest.clone());
            }
            let mut begun = own.by_ref().filter(|container| begins(container.owned.id().as_str(), written));
            let first = begun.next().cloned();
            if begun.next().is_some() { None } else { first }
        })
        .flatten()
    }

    /// As [`Self::container`], for networks.
    pub(crate) fn network(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        written: &str,
    ) -> Option<Network> {
        let visible = |network: &&Network| standing.owns(network.owned.tenant());
        self.read(&tenant.name, |holdings| {
            if let Ok(id) = written.parse::<NetworkId>() {
                return holdings.networks.get(&id).filter(visible).cloned();
            }
            let own = holdings.networks.values().filter(visible);
            let named = own.clone().filter(|network| network.name.as_str() == written);
            if let Some(latest) = named.max_by_key(|network| network.owned.tenant().generation) {
                return Some(latest.clone());
            }
            let mut begun = own.filter(|network| begins(network.owned.id().as_str(), written));
            let first = begun.next().cloned();
            if begun.next().is_some() { None } else { first }
        })
        .flatten()
    }

    /// A volume by its name.
    pub(crate) fn volume(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        name: &VolumeName,
    ) -> Option<Owned<VolumeName>> {
        self.read(&tenant.name, |holdings| {
            holdings.volumes.get(name).filter(|volume| standing.owns(volume.tenant())).cloned()
        })
        .flatten()
    }

    /// An exec by its id.
    pub(crate) fn exec(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        id: &ExecId,
    ) -> Option<Owned<ExecId>> {
        self.read(&tenant.name, |holdings| {
            holdings.execs.get(id).filter(|exec| standing.owns(exec.tenant())).cloned()
        })
        .flatten()
    }

    /// Learns a container, or learns it anew. Says no when it knows something newer: then the engine is to be asked again.
    pub(crate) fn learn_container(&self, container: Container) -> bool {
        let tenant = container.owned.tenant().name.clone();
        self.write(&tenant, |holdings| {
            let known = holdings.containers.get(container.owned.id());
            if known.is_some_and(|known| known.seen > container.seen) {
                return false;
            }
            holdings.containers.insert(container.owned.id().clone(), container);
            true
        })
    }

    /// Changes what is known of a container.
    pub(crate) fn change_container(&self, owned: &Owned<ContainerId>, change: impl FnOnce(&mut Container)) {
        let now = self.now();
        self.write(&owned.tenant().name, |holdings| {
            if let Some(container) = holdings.containers.get_mut(owned.id()) {
                change(container);
                container.seen = now;
            }
        });
    }

    /// Learns a network.
    pub(crate) fn learn_network(&self, network: Network) {
        let tenant = network.owned.tenant().name.clone();
        self.write(&tenant, |holdings| holdings.networks.insert(network.owned.id().clone(), network));
    }

    /// Learns a volume.
    pub(crate) fn learn_volume(&self, volume: Owned<VolumeName>) {
        let tenant = volume.tenant().name.clone();
        self.write(&tenant, |holdings| holdings.volumes.insert(volume.id().clone(), volume));
    }

    /// Learns an exec.
    pub(crate) fn learn_exec(&self, exec: Owned<ExecId>) {
        let tenant = exec.tenant().name.clone();
        self.write(&tenant, |holdings| holdings.execs.insert(exec.id().clone(), exec));
    }

    /// A container is gone, and its execs with it, whoever's it was.
    pub(crate) fn forget_container(&self, id: &ContainerId) {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        for holdings in tenants.values_mut() {
            holdings.containers.remove(id);
        }
    }

    /// An exec has ended; clients may still ask for its exit status for a while, so it is the container's end, or the
    /// number of execs, that makes room.
    pub(crate) fn forget_old_execs(&self, tenant: &TenantName, most: usize) {
        self.write(tenant, |holdings| {
            if holdings.execs.len() > most {
                holdings.execs.clear(); // the engine is asked again for those that are still of interest
            }
        });
    }

    /// A network is gone.
    pub(crate) fn forget_network(&self, id: &NetworkId) {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        for holdings in tenants.values_mut() {
            holdings.networks.remove(id);
        }
    }

    /// A volume is gone.
    pub(crate) fn forget_volume(&self, volume: &VolumeName) {
        let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
        for holdings in tenants.values_mut() {
            holdings.volumes.remove(volume);
        }
    }

    /// Which tenant has this volume, as far as is known.
    pub(crate) fn owner_of_volume(&self, volume: &VolumeName) -> Option<Owned<VolumeName>> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.values().find_map(|holdings| holdings.volumes.get(volume).cloned())
    }

    /// Which tenant has this container, as far as is known.
    pub(crate) fn owner_of(&self, id: &ContainerId) -> Option<Container> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.values().find_map(|holdings| holdings.containers.get(id).cloned())
    }

    /// Which tenant has this network, as far as is known.
    pub(crate) fn owner_of_network(&self, id: &NetworkId) -> Option<Network> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        tenants.values().find_map(|holdings| holdings.networks.get(id).cloned())
    }

    /// Every container of a tenant.
    pub(crate) fn containers(&self, tenant: &TenantId, standing: &TenantStanding) -> Vec<Container> {
        let own = |holdings: &Holdings| {
            let all = holdings.containers.values();
            all.filter(|container| standing.owns(container.owned.tenant())).cloned().collect()
        };
        self.read(&tenant.name, own).unwrap_or_default()
    }

    /// What a tenant uses, without one container. Objects of removed tenants of the same name count, too: they hold
    /// what they hold. `pending` are containers that the engine is being asked to start or to change: they count with the
    /// more of both.
    pub(crate) fn usage(
        &self,
        tenant: &TenantId,
        without: Option<&ContainerId>,
        pending: &[Pending],
    ) -> Usage {
        let sum = |holdings: &Holdings| {
            let mut usage = Usage {
                networks: count(
                    holdings.networks.values().filter(|network| network.name.as_str() != DEFAULT),
                ),
                volumes: count(holdings.volumes.values()),
                ..Usage::default()
            };
            let others =
                holdings.containers.values().filter(|container| Some(container.owned.id()) != without);
            for container in others {
                usage.containers += 1;
                usage.disk = usage.disk.saturating_add(container.log);
                let own = container.counts().then_some(&container.resources);
                let asked = pending.iter().filter(|pending| pending.id == *container.owned.id());
                let all = || own.into_iter().chain(asked.clone().map(|pending| &pending.resources));
                usage.memory = usage.memory.saturating_add(all().map(memory_of).max().unwrap_or(0));
                usage.pids =
                    usage.pids.saturating_add(all().filter_map(|r| r.pids).max().unwrap_or(0).into());
            }
            usage
        };
        self.read(&tenant.name, sum).unwrap_or_default()
    }

    /// Whether anybody has containers, and whether volumes.
    pub(crate) fn kinds(&self) -> (bool, bool) {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        let has = |some: fn(&Holdings) -> bool| tenants.values().any(some);
        (has(|holdings| !holdings.containers.is_empty()), has(|holdings| !holdings.volumes.is_empty()))
    }

    /// Every tenant's networks.
    pub(crate) fn every_network(&self) -> Vec<(TenantId, ObjectName)> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        let networks = tenants.values().flat_map(|holdings| holdings.networks.values());
        networks.map(|network| (network.owned.tenant().clone(), network.name.clone())).collect()
    }

    /// What containers of these tenants publish that run, or that the engine will start again.
    pub(crate) fn every_binding(&self, is_meant: impl Fn(&TenantId) -> bool) -> Vec<PortBinding> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        let containers = tenants.values().flat_map(|holdings| holdings.containers.values());
        let those = containers.filter(|container| container.counts() && is_meant(container.owned.tenant()));
        those.flat_map(|container| container.published.iter().cloned()).collect()
    }

    /// Ports of the host that tenants' containers ask for.
    pub(crate) fn taken_ports(&self) -> BTreeSet<(Protocol, u16)> {
        let tenants = self.tenants.read().unwrap_or_else(PoisonError::into_inner);
        let containers = tenants.values().flat_map(|holdings| holdings.containers.values());
        let bindings = containers.flat_map(|container| &container.published);
        bindings.filter_map(|b| Some((b.container.protocol, b.port?.number()))).collect()
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

/// Swap counts as memory.
pub(crate) fn memory_of(resources: &Resources) -> u64 {
    resources.memory.unwrap_or(0).max(resources.memory_swap.unwrap_or(0))
}

/// Whether `written` can be the beginning of this id: at least one digit, and no more than the id has.
fn begins(id: &str, written: &str) -> bool {
    !written.is_empty() && id.starts_with(written)
}

/// A network from what the engine says of it; `None` when it is no tenant's.
pub(crate) fn network_observed(details: &NetworkDetails) -> Option<Network> {
    let owned = Owned::<NetworkId>::observed(details.id.clone(), &details.name, &details.labels)?;
    Some(Network { owned, name: TenantObject::from_engine(&details.name)?.name })
}

/// A volume from what the engine says of it; `None` when it is no tenant's.
pub(crate) fn volume_observed(details: &VolumeDetails) -> Option<Owned<VolumeName>> {
    Owned::<VolumeName>::observed(&details.name, &details.labels)
}

/// Whether a restart policy has the engine start a container again by itself.
pub(crate) fn restarts(choice: RestartChoice) -> bool {
    choice != RestartChoice::No
}

#[cfg(test)]
mod tests;

//! What one gateway consists of, shared by all its connections.

use crate::disk::Disk;
use crate::events::Feed;
use crate::filter::{Filter, Rules};
use crate::identity::{Identity, StandingCell};
use crate::index::{Container, Index, network_observed, volume_observed};
use crate::pins::{PinHelper, Pinning};
use crate::pulled::Pulled;
use crate::pushes::Pushes;
use crate::reservation::Reservations;
use crate::serve::Connections;
use crate::standing::Standing;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tokio::sync::Notify;
use wharf_docker::{Engine, EngineError};
use wharf_model::{ContainerId, TenantId, TenantName};
use wharf_pin::own_socket;
use wharf_policy::CgroupDriver;
use wharf_store::{AuditTrail, LentNames};
use wharf_wire::{AllNetworks, ContainerById, TenantContainers, TenantVolumes};

/// What a gateway is made of.
pub struct Parts {
    /// The engine behind it.
    pub engine: Engine,
    /// Where every denial and every change is recorded.
    pub audit: AuditTrail,
    /// Who may do what, to begin with.
    pub standing: Standing,
    /// Where each tenant's own socket lies, for containers that want one; `None` gives none.
    pub tenant_sockets: Option<PathBuf>,
    /// What makes pins of tenants' directories; `None` binds none.
    pub pins: Option<PinHelper>,
    /// How the engine makes control groups.
    pub cgroup_driver: CgroupDriver,
    /// The names that pushes have borrowed.
    pub lent: LentNames,
    /// Who may come over the network; `None` where nobody may.
    pub identity: Option<Identity>,
    /// The packet filter around tenants' networks; `None` only where every tenant may reach everything.
    pub filter: Option<Arc<dyn Filter>>,
}

/// The gateway.
pub struct Gateway {
    pub(crate) engine: Engine,
    pub(crate) audit: AuditTrail,
    standing: StandingCell,
    pub(crate) identity: Option<Arc<Identity>>,
    pub(crate) index: Index,
    pub(crate) feed: Feed,
    pub(crate) disk: Disk,
    pub(crate) pulled: Pulled,
    pub(crate) reservations: Arc<Reservations>,
    pub(crate) pushes: Pushes,
    /// Admission of what has sums: held from looking at the sums to having taken the place.
    pub(crate) admission: Mutex<()>,
    /// One creation at a time for each tenant.
    creating: Mutex<HashMap<TenantName, Arc<tokio::sync::Mutex<()>>>>,
    /// Making a tenant's default network, or choosing a subnet: one at a time.
    pub(crate) making_networks: tokio::sync::Mutex<()>,
    pub(crate) tenant_sockets: Option<PathBuf>,
    pub(crate) pinning: Pinning,
    /// Told whenever somebody may have left something running that is to be stopped.
    pub(crate) departed: Notify,
    pub(crate) cgroup_driver: CgroupDriver,
    pub(crate) connections: Connections,
    pub(crate) rules: Rules,
}

impl Gateway {
    /// A gateway that knows nothing yet: see [`Self::learn`].
    pub fn new(parts: Parts) -> Arc<Self> {
        let standing = StandingCell::new(RwLock::new(Arc::new(parts.standing)));
        if let Some(identity) = &parts.identity {
            identity.heed(&standing);
        }
        Arc::new(Self {
            engine: parts.engine,
            audit: parts.audit,
            standing,
            identity: parts.identity.map(Arc::new),
            index: Index::default(),
            feed: Feed::default(),
            disk: Disk::default(),
            pulled: Pulled::default(),
            reservations: Arc::default(),
            pushes: Pushes::new(parts.lent),
            admission: Mutex::default(),
            creating: Mutex::default(),
            making_networks: tokio::sync::Mutex::default(),
            tenant_sockets: parts.tenant_sockets,
            pinning: Pinning::new(parts.pins),
            departed: Notify::new(),
            cgroup_driver: parts.cgroup_driver,
            connections: Connections::default(),
            rules: Rules::of(parts.filter),
        })
    }

    /// Who may come over the network.
    pub fn identity(&self) -> Option<&Arc<Identity>> {
        self.identity.as_ref()
    }

    /// What is in force now. A request takes it once and is judged by it to its end.
    pub fn standing(&self) -> Arc<Standing> {
        Arc::clone(&self.standing.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another configuration in force.
    pub fn replace_standing(&self, standing: Standing) {
        *self.standing.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(standing);
    }

    /// Learns what tenants have: at the start, and whenever events may have been missed.
    ///
    /// # Errors
    /// When the engine cannot be asked.
    pub async fn learn(&self) -> Result<(), EngineError> {
        self.pulled.doubt_all();
        let rows = self.engine.observe(&TenantContainers).await?;
        let mut containers = Vec::with_capacity(rows.len());
        for row in rows {
            let now = self.index.now();
            match self.engine.observe(&ContainerById(row.id)).await {
                Ok(details) => containers.extend(Container::observed(&details, now)),
                Err(error) if error.status() == Some(404) => {} // gone meanwhile
                Err(error) => return Err(error),
            }
        }
        let networks = self.engine.observe(&AllNetworks).await?;
        let volumes = self.engine.observe(&TenantVolumes).await?.volumes;
        self.index.replace(
            containers,
            networks.iter().filter_map(network_observed),
            volumes.iter().filter_map(volume_observed),
        );
        self.pinning.look_at_all();
        self.disk.holding.stir();
        self.departed.notify_one();
        Ok(())
    }

    /// Learns how a container is now. Somebody may change it meanwhile, and then what was seen may be from before.
    pub(crate) async fn look_at(&self, id: &ContainerId) {
        for _ in 0..3 {
            let now = self.index.now();
            let details = self.engine.observe(&ContainerById(id.clone())).await.ok();
            let Some(seen) = details.and_then(|details| Container::observed(&details, now)) else { return };
            if self.index.learn_container(seen) {
                return;
            }
        }
    }

    /// A container is gone, and so may be what it had alone.
    pub(crate) fn container_is_gone(&self, id: &ContainerId) {
        let container = self.index.owner_of(id);
        self.index.forget_container(id);
        self.disk.holding.forget(id.as_str());
        let binds = container.iter().flat_map(|container| &container.binds);
        self.pinning.doubt(binds.map(|bind| bind.source.as_str()));
    }

    /// Held while a container of this tenant's is made.
    pub(crate) fn creating(&self, tenant: &TenantId) -> Arc<tokio::sync::Mutex<()>> {
        let mut all = self.creating.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(tenant.name.clone()).or_default())
    }

    /// The control group under which this tenant's containers run.
    pub(crate) fn cgroup_parent(&self, tenant: &TenantId) -> Option<String> {
        wharf_policy::cgroup_parent(tenant, self.cgroup_driver)
    }

    /// Where this tenant's own socket lies.
    pub(crate) fn tenant_socket(&self, tenant: &TenantId) -> Option<PathBuf> {
        Some(own_socket(self.tenant_sockets.as_ref()?, tenant))
    }
}

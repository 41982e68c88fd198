//! What the administrator allows, as the rules need it.

use crate::TenantStanding;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use wharf_model::{ImagePattern, PodName, Port, Subnet, TenantName};

/// What the administrator of this machine allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Grants {
    /// The directory below which every pod has its own; `None` allows no mounts.
    pub mount_root: Option<String>,
    /// The place in memory below which every container that uses secrets has its own directory; `None` allows none.
    pub secret_place: Option<String>,
    /// The pod that may publish each fixed host port.
    pub ports: BTreeMap<Port, PodName>,
    /// The name of the network that pods join.
    pub network: String,
    /// Whether containers may see the host's `/etc/resolv.conf`.
    pub host_resolv_conf: bool,
    /// Pods whose members keep `NET_RAW`.
    pub net_raw: BTreeSet<PodName>,
    /// Prefixes of labels that pod files may not set.
    pub reserved_labels: Vec<String>,
    /// Pods that may use the host's account at each registry.
    pub registries: BTreeMap<String, BTreeSet<PodName>>,
    /// Whether credentials are the caller's own, to be used anywhere.
    pub own_credentials: bool,
    /// Tenants of the gateway, those of today.
    pub tenants: BTreeMap<TenantName, Arc<TenantStanding>>,
    /// Images on the engine that every tenant sees and none can change.
    pub shared_images: Vec<ImagePattern>,
    /// Where tenants' networks get their addresses; empty leaves that to the engine.
    pub subnet_pool: Vec<Subnet>,
}

impl Default for Grants {
    /// Nothing beyond containers on the default bridge.
    fn default() -> Self {
        Self {
            mount_root: None,
            secret_place: None,
            ports: BTreeMap::new(),
            network: "bridge".to_owned(),
            host_resolv_conf: false,
            net_raw: BTreeSet::new(),
            reserved_labels: Vec::new(),
            registries: BTreeMap::new(),
            own_credentials: false,
            tenants: BTreeMap::new(),
            shared_images: Vec::new(),
            subnet_pool: Vec::new(),
        }
    }
}

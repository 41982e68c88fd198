//! The host configuration as a value. The same keys serve `/etc/wharf/host.yml` and `/etc/moby-derp.conf`.

use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{PodName, Port};

/// What the administrator decides for this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// Absolute directory below which every pod has its own; `None` only where there is no configuration file, and
    /// then no pod may mount anything.
    pub mount_root: Option<String>,
    /// The pod that may publish each fixed host port.
    pub port_whitelist: BTreeMap<Port, PodName>,
    /// The engine's network that pods join; `bridge` by default.
    pub network_name: String,
    /// Mount the host's `/etc/resolv.conf` into every container.
    pub use_host_resolv_conf: bool,
    /// The host's name in the names of pods; `None` means this machine's own.
    pub host_hostname: Option<String>,
    /// Accounts that are the administrator under sudo.
    pub admins: BTreeSet<String>,
    /// Pods whose members keep `NET_RAW`.
    pub allow_net_raw: BTreeSet<PodName>,
    /// Prefixes of labels that pod files may not set.
    pub reserved_labels: Vec<String>,
    /// Registries with credentials of this host, and the pods that may use them.
    pub registries: BTreeMap<String, BTreeSet<PodName>>,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            mount_root: None,
            port_whitelist: BTreeMap::new(),
            network_name: "bridge".to_owned(),
            use_host_resolv_conf: false,
            host_hostname: None,
            admins: BTreeSet::new(),
            allow_net_raw: BTreeSet::new(),
            reserved_labels: Vec::new(),
            registries: BTreeMap::new(),
        }
    }
}

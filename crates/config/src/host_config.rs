//! The host configuration as a value. The same keys serve `/etc/wharf/host.yml` and `/etc/moby-derp.conf`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use wharf_model::{ImagePattern, ListenAddress, PodName, Port, Subnet, TenantGrant, TenantName};

/// What the administrator decides for this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// Absolute directory below which every pod has its own; `None` only where there is no configuration file or where
    /// the file is about tenants, and then no pod may mount anything.
    pub mount_root: Option<String>,
    /// The pod that may publish each fixed host port; none of them is in a tenant's range.
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
    /// The engine, as `unix:///path` or `tcp://host:port`; `None` means it is found as `wharf up` finds it.
    pub engine: Option<String>,
    /// The tenants' doors, in the order of the file. The gateway's other sockets lie beside the first that is a socket.
    pub listen: Vec<ListenAddress>,
    /// The certificate that the gateway shows at network addresses; `None` means one of its own authority.
    pub server_certificate: Option<CertificateFiles>,
    /// Absolute directory where the gateway keeps its state.
    pub state_dir: Option<String>,
    /// Absolute directory where containers' secrets are kept, in memory.
    pub secret_place: Option<String>,
    /// Public keys, as in `authorized_keys`, of those whose signature a sealed file needs; empty needs none.
    pub secret_signers: Vec<String>,
    /// Images already on the engine that every tenant sees and none can change.
    pub shared_images: Vec<ImagePattern>,
    /// Serve tenants although containers' users are the host's own.
    pub allow_unmapped_users: bool,
    /// Stop the containers of tenants that were removed.
    pub stop_removed_tenants: bool,
    /// Name servers that tenants' containers may ask, beside the host's own and the engine's.
    pub resolvers: BTreeSet<IpAddr>,
    /// Where tenants' networks get their addresses; no two overlap.
    pub subnet_pool: Vec<Subnet>,
    /// What each tenant is allowed. No account, group or key is in two of them, and neither ports nor mounts overlap but
    /// for those that both tenants' grants call shared.
    pub tenants: BTreeMap<TenantName, TenantGrant>,
}

/// A certificate that somebody else takes care of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// Absolute path of the certificates, the server's own first.
    pub cert: String,
    /// Absolute path of the key.
    pub key: String,
}

impl HostConfig {
    /// Where secrets are kept when nothing else is said.
    pub const USUAL_SECRET_PLACE: &str = "/run/wharf/secrets";

    /// Where containers' secrets are kept, in memory.
    pub fn secret_place(&self) -> &str {
        self.secret_place.as_deref().unwrap_or(Self::USUAL_SECRET_PLACE)
    }

    /// Where the gateway's sockets lie: the folder of the first that tenants have, or the usual one.
    pub fn sockets_folder(&self) -> &str {
        self.listen.iter().find_map(ListenAddress::folder).unwrap_or(ListenAddress::USUAL_FOLDER)
    }

    /// The path of the administrator's socket; `None` where the gateway does not listen at all.
    pub fn admin_path(&self) -> Option<String> {
        let socket = self.listen.iter().find(|address| address.folder().is_some());
        socket.or(self.listen.first()).map(ListenAddress::admin_path)
    }
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
            engine: None,
            listen: Vec::new(),
            server_certificate: None,
            state_dir: None,
            secret_place: None,
            secret_signers: Vec::new(),
            shared_images: Vec::new(),
            allow_unmapped_users: false,
            stop_removed_tenants: false,
            resolvers: BTreeSet::new(),
            subnet_pool: Subnet::default_pool().into(),
            tenants: BTreeMap::new(),
        }
    }
}

//! Host configuration to `HostConfig`: every key read, every value checked, every error told.

mod addresses;
mod capabilities;
mod certificates;
mod grammars;
mod images;
mod limits;
mod mounts;
mod overlap;
mod ports;
mod tenants;

use crate::HostConfig;
use addresses::{EngineAddress, Listen, Pools, Resolver};
use certificates::RawCertificateFiles;
use grammars::{
    Account, HostPort, Hostname, LabelPrefix, MountRoot, Network, Pod, RegistryHost, SecretPlace, SignerKey,
    StateDir,
};
use images::Images;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tenants::{RawTenant, Tenant};
use wharf_document::{
    Diagnostic, Errors, Flag, Limits, List, Map, Node, Parsed, Read, Shape, Spanned, Value, mapping, utf8,
};
use wharf_model::PodName;

mapping! {
    /// What the administrator of this machine decides. The keys of moby-derp's configuration mean the same here.
    pub(crate) struct RawConfig {
        /// Absolute directory below which every pod has its own. It must exist, and should be mounted nosuid,nodev.
        /// Required, unless the file has `listen` or `tenants`.
        optional "mount_root" mount_root: Parsed<MountRoot>,
        /// The pod that may publish each fixed port of the host.
        optional "port_whitelist" port_whitelist: Map<HostPort, Parsed<Pod>>,
        /// The engine's network that pods join. Default: bridge.
        optional "network_name" network_name: Parsed<Network>,
        /// Mount the host's /etc/resolv.conf into every container. Default: false.
        optional "use_host_resolv_conf" use_host_resolv_conf: Flag,
        /// The host's name in the names of pods. Default: this machine's own.
        optional "host_hostname" host_hostname: Parsed<Hostname>,
        /// Accounts that are the administrator when they run wharf with sudo.
        optional "admins" admins: List<Parsed<Account>>,
        /// Pods whose containers keep NET_RAW, and so could pose as their neighbours on the network. Default: none.
        optional "allow_net_raw" allow_net_raw: List<Parsed<Pod>>,
        /// Prefixes of labels that pod files may not set, because something on this host obeys them: `traefik.`.
        optional "reserved_labels" reserved_labels: List<Parsed<LabelPrefix>>,
        /// Registries with credentials of this host, each with the pods that may use them.
        optional "registries" registries: Map<RegistryHost, List<Parsed<Pod>>>,
        /// The engine behind the gateway: unix:///path or tcp://host:port. Default: found as `wharf up` finds it.
        optional "engine" engine: Parsed<EngineAddress>,
        /// Where tenants find the gateway: sockets, such as unix:///run/wharf/docker.sock, and network addresses, such as
        /// tcp://0.0.0.0:2376, where everybody needs a certificate (`wharf ca init`). The administrator's own socket is
        /// admin/docker.sock in the directory of the first socket, or in /run/wharf.
        optional "listen" listen: List<Parsed<Listen>>,
        /// A certificate from elsewhere that the gateway shows at network addresses. The files are followed when they change.
        /// Default: one of the host's own authority.
        optional "server_certificate" server_certificate: RawCertificateFiles,
        /// Absolute directory where the gateway keeps its state.
        optional "state_dir" state_dir: Parsed<StateDir>,
        /// Absolute directory where containers' secrets are kept: a mount of its own, in memory, made when it is needed.
        /// Default: /run/wharf/secrets.
        optional "secret_place" secret_place: Parsed<SecretPlace>,
        /// Public SSH keys of those who may sign sealed files: `ssh-ed25519 AAAA...`. Where there are any, a file that none
        /// of them signed is refused. Default: none.
        optional "secret_signers" secret_signers: List<Parsed<SignerKey>>,
        /// Images already on the engine that every tenant sees and none can change: `base:*`. Default: none.
        optional "shared_images" shared_images: List<Parsed<Images>>,
        /// Serve tenants on an engine that does not map users (`userns-remap`). Then container users are the host's own, and
        /// a tenant with an account on this machine can become root. Default: false.
        optional "allow_unmapped_users" allow_unmapped_users: Flag,
        /// Stop the containers of tenants that are no longer written here. Nothing is removed, and whoever adopts them
        /// (`wharf tenant adopt`) may start them. Default: false, they go on.
        optional "stop_removed_tenants" stop_removed_tenants: Flag,
        /// Name servers that tenants' containers may ask wherever they are, beside the host's own and those that the
        /// engine's configuration names. Default: none.
        optional "resolvers" resolvers: List<Parsed<Resolver>>,
        /// Where tenants' networks get their addresses. Default: 10.89.0.0/16 and fd00:89::/48.
        optional "subnet_pool" subnet_pool: Pools,
        /// Who shares this machine, and what each is allowed.
        optional "tenants" tenants: Map<Tenant, RawTenant>,
    }
    refused {
        "network" => "did you mean `network_name`?",
        "hostname" => "did you mean `host_hostname`?",
        "ports" => "did you mean `port_whitelist`? a tenant's ports are written below `tenants`",
        "users" => "users are written below a tenant: `tenants: {alice: {users: [alice]}}`",
        "socket" => "did you mean `listen`?",
        "certificates" => "certificates are written below a tenant: `tenants: {alice: {certificates: {laptop: \"sha256:\u{2026}\"}}}`",
        "tls" => "there is no way without: whoever comes by `tcp://` needs a certificate",
        "tlsverify" => "there is no way without: whoever comes by `tcp://` needs a certificate",
    }
}

/// A whole file: the keys above, and `mount_root` among them where nothing else is what the file is for.
#[derive(Debug)]
pub(crate) enum HostFile {}

/// The keys of which a file has at least one.
const PURPOSES: [&str; 3] = ["mount_root", "listen", "tenants"];

impl Read for HostFile {
    type Value = RawConfig;

    fn shape() -> Shape {
        let purposes: Vec<_> = PURPOSES.iter().map(|key| json!({ "required": [key] })).collect();
        RawConfig::shape().with("anyOf", json!(purposes))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<RawConfig> {
        let raw = RawConfig::read(node, errors)?;
        if let Value::Map(entries) = &node.value
            && !entries.iter().any(|entry| PURPOSES.contains(&entry.key.text.as_str()))
        {
            let help = "add `mount_root:` with a value".to_owned();
            errors.push(node.span, "the key `mount_root` is missing", Some(help));
        }
        Some(raw)
    }
}

/// Reads a host configuration. The errors are all there are, in the order of the text.
pub fn parse(text: &str) -> Result<HostConfig, Vec<Diagnostic>> {
    let mut errors = Errors::new();
    let config = wharf_document::parse(text, &Limits::FILE, &mut errors)
        .and_then(|root| HostFile::read(&root, &mut errors))
        .map(|raw| raw.check(&mut errors));
    errors.finish(config)
}

/// Reads a host configuration whose encoding nobody has checked yet.
pub fn parse_bytes(bytes: &[u8]) -> Result<HostConfig, Vec<Diagnostic>> {
    utf8(bytes).map_err(|refusal| vec![refusal]).and_then(parse)
}

impl RawConfig {
    fn check(self, errors: &mut Errors) -> HostConfig {
        overlap::check(&self, errors);
        addresses::check_listen(self.listen.as_ref(), self.engine.as_ref(), errors);
        addresses::check_pool(self.subnet_pool.as_ref(), errors);
        let defaults = HostConfig::default();
        HostConfig {
            mount_root: plain(self.mount_root),
            port_whitelist: entries(self.port_whitelist, |pod| pod),
            network_name: plain(self.network_name).unwrap_or(defaults.network_name),
            use_host_resolv_conf: plain(self.use_host_resolv_conf).unwrap_or(defaults.use_host_resolv_conf),
            host_hostname: plain(self.host_hostname),
            admins: items(self.admins),
            allow_net_raw: items(self.allow_net_raw),
            reserved_labels: items::<_, BTreeSet<_>>(self.reserved_labels).into_iter().collect(),
            registries: entries(self.registries, |pods: Vec<Spanned<PodName>>| {
                pods.into_iter().map(|pod| pod.value).collect()
            }),
            engine: plain(self.engine),
            listen: items(self.listen),
            server_certificate: self.server_certificate.map(|files| files.value.check()),
            state_dir: plain(self.state_dir),
            secret_place: plain(self.secret_place),
            secret_signers: items(self.secret_signers),
            shared_images: items(self.shared_images),
            allow_unmapped_users: plain(self.allow_unmapped_users).unwrap_or(defaults.allow_unmapped_users),
            stop_removed_tenants: plain(self.stop_removed_tenants).unwrap_or(defaults.stop_removed_tenants),
            resolvers: items(self.resolvers),
            subnet_pool: plain_items(self.subnet_pool).unwrap_or(defaults.subnet_pool),
            tenants: entries(self.tenants, |tenant| tenants::check(tenant, errors)),
        }
    }
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}

/// What a list reads as.
type RawItems<T> = Spanned<Vec<Spanned<T>>>;

/// The items of a list, none when there is no list.
fn items<T, C: FromIterator<T>>(raw: Option<RawItems<T>>) -> C {
    raw.into_iter().flat_map(|list| list.value).map(|item| item.value).collect()
}

/// The items of a list when there is one.
fn plain_items<T>(raw: Option<RawItems<T>>) -> Option<Vec<T>> {
    raw.map(|list| list.value.into_iter().map(|item| item.value).collect())
}

/// What a mapping with keys of the author's reads as.
type RawEntries<K, V> = Spanned<Vec<(Spanned<K>, Spanned<V>)>>;

fn entries<K: Ord, V, U>(raw: Option<RawEntries<K, V>>, mut change: impl FnMut(V) -> U) -> BTreeMap<K, U> {
    let raw = raw.into_iter().flat_map(|map| map.value);
    raw.map(|(key, value)| (key.value, change(value.value))).collect()
}

//! Host configuration to `HostConfig`: every key read, every value checked, every error told.

mod grammars;

use crate::HostConfig;
use grammars::{Account, HostPort, Hostname, LabelPrefix, MountRoot, Network, Pod, RegistryHost};
use std::collections::{BTreeMap, BTreeSet};
use wharf_document::{Diagnostic, Errors, Flag, Limits, List, Map, Parsed, Read, Spanned, mapping, utf8};
use wharf_model::PodName;

mapping! {
    /// What the administrator of this machine decides. The keys of moby-derp's configuration mean the same here.
    pub(crate) struct RawConfig {
        /// Absolute directory below which every pod has its own. It must exist, and should be mounted nosuid,nodev.
        required "mount_root" mount_root: Parsed<MountRoot>,
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
    }
    refused {
        "network" => "did you mean `network_name`?",
        "hostname" => "did you mean `host_hostname`?",
        "ports" => "did you mean `port_whitelist`?",
    }
}

/// Reads a host configuration. The errors are all there are, in the order of the text.
pub fn parse(text: &str) -> Result<HostConfig, Vec<Diagnostic>> {
    let mut errors = Errors::new();
    let config = wharf_document::parse(text, &Limits::FILE, &mut errors)
        .and_then(|root| RawConfig::read(&root, &mut errors))
        .and_then(RawConfig::check);
    errors.finish(config)
}

/// Reads a host configuration whose encoding nobody has checked yet.
pub fn parse_bytes(bytes: &[u8]) -> Result<HostConfig, Vec<Diagnostic>> {
    utf8(bytes).map_err(|refusal| vec![refusal]).and_then(parse)
}

impl RawConfig {
    fn check(self) -> Option<HostConfig> {
        let defaults = HostConfig::default();
        Some(HostConfig {
            mount_root: Some(self.mount_root?.value),
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
        })
    }
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}

fn items<T, C: FromIterator<T>>(raw: Option<Spanned<Vec<Spanned<T>>>>) -> C {
    raw.into_iter().flat_map(|list| list.value).map(|item| item.value).collect()
}

type RawEntries<K, V> = Spanned<Vec<(Spanned<K>, Spanned<V>)>>;

fn entries<K: Ord, V, U>(raw: Option<RawEntries<K, V>>, change: impl Fn(V) -> U) -> BTreeMap<K, U> {
    let raw = raw.into_iter().flat_map(|map| map.value);
    raw.map(|(key, value)| (key.value, change(value.value))).collect()
}

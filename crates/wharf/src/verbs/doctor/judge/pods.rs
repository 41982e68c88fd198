//! Pods: what they show to the world, and whether they run as they should.

use crate::verbs::doctor::finding::Finding;
use std::collections::BTreeSet;
use wharf_reconcile::{Lag, LeftBehind, Listed, ListedPort};

pub(super) fn published(pods: &[Listed]) -> Vec<Finding> {
    pods.iter().filter_map(open_to_the_world).collect()
}

fn open_to_the_world(pod: &Listed) -> Option<Finding> {
    let ports = pod.containers.iter().flat_map(|container| &container.ports);
    // Every port is listed for IPv4 and for IPv6.
    let open: BTreeSet<(u16, u16, &str)> = ports.filter(|port| is_everywhere(port)).map(numbers).collect();
    let (_, container, _) = open.first()?;
    let listed: Vec<String> = open.iter().map(|(host, _, protocol)| format!("{host}/{protocol}")).collect();
    let message = format!("pod `{}` answers on every address of this host: {}", pod.pod, listed.join(", "));
    let meaning = "fine for a public service. Most firewalls on this host do not close it: the engine's rules come first";
    Some(Finding::note("open-port", message, meaning).fix([
        format!(
            "# in {}.yml, to keep it on this machine, put 127.0.0.1: before what `publish` says of port {container}; then:",
            pod.pod
        ),
        format!("wharf up {}.yml", pod.pod),
    ]))
}

fn numbers(port: &ListedPort) -> (u16, u16, &str) {
    (port.host, port.container, &port.protocol)
}

fn is_everywhere(port: &ListedPort) -> bool {
    matches!(port.address.as_str(), "0.0.0.0" | "::" | "")
}

pub(super) fn left_behind(left: &[LeftBehind]) -> Vec<Finding> {
    left.iter()
        .map(|LeftBehind { name, lag }| {
            let (id, message, meaning) = match lag {
                Lag::Down => (
                    "down",
                    format!("`{name}` should run, and does not"),
                    "the engine does not start pods in order; wharf-pods.service does, after each start of the engine",
                ),
                Lag::Apart => (
                    "apart",
                    format!("`{name}` runs apart from its pod, whose root container has been started anew since"),
                    "the pod's others, and its published ports, do not reach it",
                ),
            };
            Finding::warning(id, message, meaning).fix(["wharf resume"])
        })
        .collect()
}

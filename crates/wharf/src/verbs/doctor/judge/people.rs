//! Who may use the engine without wharf: that is root on this machine.

use crate::verbs::doctor::facts::EngineSide;
use crate::verbs::doctor::finding::{Finding, word};
use std::collections::{BTreeMap, BTreeSet};
use wharf_docker::Endpoint;

pub(super) fn groups(groups: &BTreeMap<String, BTreeSet<String>>) -> Vec<Finding> {
    let each = groups.iter().flat_map(|(group, members)| members.iter().map(move |member| (group, member)));
    each.map(|(group, member)| {
        Finding::danger(
            "engine-group",
            format!("`{member}` is in the group `{group}`, which may use the engine"),
            "who may use the engine can mount this host's root directory into a container: it is root. If that is meant, \
             name the account under `admins`",
        )
        .fix([format!("gpasswd -d {member} {group}")])
    })
    .collect()
}

const OTHERS_WRITE: u32 = 0o002;

pub(super) fn socket(engine: &EngineSide) -> Vec<Finding> {
    let path = match &engine.endpoint {
        Endpoint::Unix(path) => path,
        Endpoint::Tcp(address) => {
            return vec![tcp(&format!("wharf reaches the engine at `{address}`, over TCP without TLS"))];
        }
        Endpoint::Tls(..) | Endpoint::Ssh(_) => return Vec::new(),
    };
    let Some(socket) = &engine.socket else { return Vec::new() };
    let open = socket.mode & OTHERS_WRITE != 0;
    let finding = open.then(|| {
        Finding::danger(
            "engine-socket",
            format!(
                "the engine's socket `{}` (mode {:04o}) is open to everybody",
                path.display(),
                socket.mode
            ),
            "every local user and program is root through it",
        )
        .fix([format!("chmod o= {}", word(path))])
    });
    finding.into_iter().collect()
}

/// An engine that listens for whoever comes.
pub(super) fn tcp(message: &str) -> Finding {
    Finding::danger(
        "engine-tcp",
        message,
        "whoever reaches that port, from this machine, a container or the network, is root here",
    )
    .fix([
        "grep -rn 'tcp://' /etc/docker/daemon.json /etc/default/docker /etc/systemd/system /lib/systemd/system/docker.service",
        "# remove it there, then:",
        "systemctl daemon-reload && systemctl restart docker",
    ])
}

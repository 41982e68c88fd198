//! What an engine without root changes.

use crate::verbs::doctor::finding::Finding;
use wharf_wire::EngineInfo;

/// What to know of it, and what does not hold there.
pub(super) fn rootless(owner: Option<&str>, info: &EngineInfo) -> Vec<Finding> {
    if !info.is_rootless() {
        return Vec::new();
    }
    no_limits(info).into_iter().chain([changes(owner)]).collect()
}

/// Whether a warning of the engine's is among what is told here.
pub(super) fn is_told(info: &EngineInfo, warning: &str) -> bool {
    let limits = ["limit support", "cfs", "cpu shares", "cpuset", "blkio", "io.max", "io.weight", "cgroup"];
    info.is_rootless() && limits.iter().any(|word| warning.contains(word))
}

fn changes(owner: Option<&str>) -> Finding {
    let (said, name) = match owner {
        Some(owner) => (format!("the rights of `{owner}`"), owner),
        None => ("an account's rights".to_owned(), "ACCOUNT"),
    };
    Finding::note(
        "rootless",
        format!("this engine is rootless: it has {said}, and no more"),
        "containers' root is that account, so userns-remap is not needed, and whoever may use the socket is that account and \
         not root. What differs: directories of pods must be that account's to read and write; ports below 1024 cannot be \
         published; containers see all visitors from one address and not from their own; everything stops when the account \
         logs out, unless it lingers",
    )
    .fix([
        format!("# so that containers outlive a session and start at boot: loginctl enable-linger {name}"),
        "# so that ports from 80 on can be published: sysctl -w net.ipv4.ip_unprivileged_port_start=80".to_owned(),
        "# so that containers see who visits: DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=slirp4netns, for the engine's unit"
            .to_owned(),
    ])
}

fn no_limits(info: &EngineInfo) -> Option<Finding> {
    let holds = |holds: bool| holds && info.cgroup_driver != "none";
    let kinds = [(info.memory_limit, "memory"), (info.pids_limit, "processes"), (info.cpu_cfs_quota, "CPU")];
    let missing: Vec<&str> =
        kinds.into_iter().filter(|(has, _)| !holds(*has)).map(|(_, kind)| kind).collect();
    if missing.is_empty() {
        return None;
    }
    let finding = Finding::warning(
        "rootless-no-limits",
        format!("this rootless engine holds containers to no limit of {}", missing.join(", ")),
        "what pod files say under `limits` has no effect there: one pod can starve the others, and the machine. It needs \
         cgroup v2, and systemd that lets accounts have these control groups",
    );
    Some(finding.fix([
        "mkdir -p /etc/systemd/system/user@.service.d",
        "printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' > /etc/systemd/system/user@.service.d/delegate.conf",
        "systemctl daemon-reload",
        "# then log out and in again, or restart user@UID.service",
    ]))
}

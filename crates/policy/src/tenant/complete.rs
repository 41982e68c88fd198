//! What a tenant's container gets that it did not ask for.

mod ports;

use crate::Denial;
use std::collections::BTreeSet;
use wharf_model::{Protocol, TenantGrant};
use wharf_wire::tenant::{HostSettings, LogDriver, LogSettings, MountKind, Resources, TenantContainer};

/// Capabilities that every tenant's container may have: the engine's default set (the same from 1.13 to 28), less
/// [`UNGRANTED_CAPABILITIES`].
pub(crate) const BASE_CAPABILITIES: [&str; 12] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// In the engine's default set, and only for tenants that they are granted to.
pub(crate) const UNGRANTED_CAPABILITIES: [&str; 2] = ["MKNOD", "NET_RAW"];

/// Of each log.
const LOG_SIZE: u64 = 10 << 20;
const LOG_FILES: u32 = 3;

/// Of a memory file system, unless the container has less memory.
const TMPFS_SIZE: u64 = 64 << 20;

/// Says everything that the client left out and the grant has an answer to: limits, dropped capabilities, the size of
/// logs and of memory file systems, ports and addresses of the host. `taken` are ports not to be chosen, as
/// [`crate::TenantFacts::taken_ports`] has them. What the client did say stays, allowed or not: [`crate::decide`]
/// judges it. With `publish_all` the ports that the container exposes are published; those of the image are to be
/// among them by then. Done twice, it changes nothing more.
///
/// # Errors
/// [`crate::Rule::Ports`], when a port of the host is to be chosen and none of the tenant's is left.
pub fn complete(
    container: &mut TenantContainer,
    grant: &TenantGrant,
    taken: &BTreeSet<(Protocol, u16)>,
) -> Result<(), Denial> {
    complete_resources(&mut container.resources, grant);
    complete_capabilities(&mut container.host, grant);
    complete_log(&mut container.host.log);
    let most = TMPFS_SIZE.min(container.resources.memory.unwrap_or(TMPFS_SIZE));
    for mount in &mut container.mounts {
        if let MountKind::Tmpfs { size, .. } = &mut mount.kind {
            *size = said(*size).or(Some(most));
        }
    }
    ports::complete(container, grant, taken)
}

fn complete_resources(resources: &mut Resources, grant: &TenantGrant) {
    let usual = &grant.limits.per_container;
    resources.memory = said(resources.memory).or_else(|| Some(usual_memory(resources, usual.memory.bytes())));
    resources.memory_swap = said(resources.memory_swap).or(resources.memory);
    resources.nano_cpus = said(resources.nano_cpus).or(Some(usual.nano_cpus));
    resources.pids = resources.pids.filter(|pids| *pids > 0).or(Some(usual.pids));
}

/// Whoever reserves memory, or asks for a little of memory and swap together, has said something of memory, too.
fn usual_memory(resources: &Resources, usual: u64) -> u64 {
    let at_least = resources.memory_reservation.unwrap_or(0);
    let at_most = said(resources.memory_swap).unwrap_or(u64::MAX);
    usual.max(at_least).min(at_most)
}

fn complete_capabilities(host: &mut HostSettings, grant: &TenantGrant) {
    // The engine would take `ALL` at its word; for a tenant it is all that it may have, less what it drops by name.
    if host.cap_add.remove("ALL") {
        let all = BASE_CAPABILITIES.into_iter().chain(grant.capabilities.iter().map(String::as_str));
        let wanted = all.filter(|name| !host.cap_drop.contains(*name)).map(str::to_owned);
        host.cap_add.extend(wanted);
    }
    let ungranted = UNGRANTED_CAPABILITIES.into_iter().filter(|name| !grant.capabilities.contains(*name));
    host.cap_drop.extend(ungranted.map(str::to_owned));
}

fn complete_log(log: &mut LogSettings) {
    match log.driver {
        LogDriver::JsonFile | LogDriver::Local => {
            log.max_size = said(log.max_size).or(Some(LOG_SIZE));
            log.max_file = log.max_file.filter(|files| *files > 0).or(Some(LOG_FILES));
        }
        LogDriver::None => {}
    }
}

/// The engine takes zero for "not said".
fn said(value: Option<u64>) -> Option<u64> {
    value.filter(|value| *value > 0)
}

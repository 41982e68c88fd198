//! limits: what a container alone may not have, whatever the tenant's sums are. The sums are next door.

use crate::{Denial, Rule};
use wharf_wire::tenant::{LogDriver, LogSettings, MountKind, Resources, TenantContainer, Ulimit};

/// The engine's shared memory where none is said.
const USUAL_SHM: u64 = 64 << 20;

/// Bytes of all files of one container's log.
const MOST_LOG: u64 = 256 << 20;

/// Weights above these would outweigh the host's own: they are the usual ones, unless the tenant's control group holds.
const USUAL_SHARES: u32 = 1024;
const USUAL_BLKIO_WEIGHT: u16 = 500;

/// What a process may be limited in. Not `nice` and `rtprio`: those let it run before the host's own.
const ULIMITS: [&str; 13] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nofile",
    "nproc",
    "rss",
    "rttime",
    "sigpending",
    "stack",
];

/// Above that the host's own table of files is at stake.
const MOST_FILES: i64 = 1 << 20;

pub(crate) fn check_creation(container: &TenantContainer) -> Result<(), Denial> {
    let resources = &container.resources;
    let memory = resources.memory.unwrap_or(0);
    check_log(&container.host.log)?;
    check_ulimits(&resources.ulimits)?;
    if container.cgroup_parent.is_none() {
        check_weights(resources, None)?;
    }
    if resources.memory_swap.is_none_or(|both| both < memory) {
        return Err(refused(
            "memory and swap together are less than memory",
            "ask for both, or for memory alone",
        ));
    }
    if resources.memory_reservation.is_some_and(|soft| soft > memory) {
        return Err(refused("the memory reserved is more than the memory", "reserve less"));
    }
    if container.host.shm_size.is_some_and(|size| size > memory.max(USUAL_SHM)) {
        return Err(refused(
            "the shared memory is larger than the container's memory",
            "ask for less (`--shm-size`)",
        ));
    }
    let tmpfs = container.mounts.iter().filter_map(|mount| match &mount.kind {
        MountKind::Tmpfs { size, .. } => Some(size),
        _ => None,
    });
    // Its pages count as the container's memory, so that a ceiling for each is enough.
    if tmpfs.into_iter().any(|size| size.is_none_or(|size| size > memory)) {
        return Err(refused(
            "a memory file system is larger than the container's memory",
            "give it a smaller `size`",
        ));
    }
    Ok(())
}

/// An update says what changes; `None` and zero change nothing, but for processes, where zero lifts the limit.
pub(crate) fn check_update(update: &Resources, now: &Resources) -> Result<(), Denial> {
    if update.pids == Some(0) {
        return Err(refused(
            "the container would have no limit of processes",
            "give it one (`--pids-limit`)",
        ));
    }
    let memory = said(update.memory).or(now.memory);
    if update.memory_reservation.is_some_and(|soft| memory.is_none_or(|memory| soft > memory)) {
        return Err(refused("the memory reserved is more than the memory", "reserve less"));
    }
    check_weights(update, Some(now))
}

fn check_weights(asked: &Resources, now: Option<&Resources>) -> Result<(), Denial> {
    let shares = now.and_then(|now| now.cpu_shares).unwrap_or(0).max(USUAL_SHARES);
    let weight = now.and_then(|now| now.blkio_weight).unwrap_or(0).max(USUAL_BLKIO_WEIGHT);
    if asked.cpu_shares.is_some_and(|asked| asked > shares) {
        let hint = format!("weigh the others less; {shares} is the most (`--cpu-shares`)");
        return Err(refused("the container would outweigh the host's own processes", &hint));
    }
    if asked.blkio_weight.is_some_and(|asked| asked > weight) {
        let hint = format!("weigh the others less; {weight} is the most (`--blkio-weight`)");
        return Err(refused("the container would outweigh the host's own processes", &hint));
    }
    Ok(())
}

fn check_ulimits(ulimits: &[Ulimit]) -> Result<(), Denial> {
    for limit in ulimits {
        if !ULIMITS.contains(&limit.name.as_str()) {
            let reason = format!("limit `{}` is not for tenants to set", limit.name);
            return Err(refused(&reason, &format!("those are: {}", ULIMITS.join(", "))));
        }
        let is_within = |value: i64| (0..=MOST_FILES).contains(&value);
        if limit.name == "nofile" && !(is_within(limit.soft) && is_within(limit.hard)) {
            let hint = format!("{MOST_FILES} is the most (`--ulimit nofile`)");
            return Err(refused("a process would have more open files than the host allows one", &hint));
        }
    }
    Ok(())
}

fn check_log(log: &LogSettings) -> Result<(), Denial> {
    if log.driver == LogDriver::None {
        return Ok(());
    }
    let size = said(log.max_size).zip(log.max_file.filter(|files| *files > 0));
    let total = size.map(|(size, files)| size.saturating_mul(u64::from(files)));
    if total.is_some_and(|total| total <= MOST_LOG) {
        return Ok(());
    }
    Err(refused(
        "the container's log would be larger than 256M",
        "ask for fewer or smaller files (`--log-opt max-size`, `--log-opt max-file`)",
    ))
}

fn said(value: Option<u64>) -> Option<u64> {
    value.filter(|value| *value > 0)
}

fn refused(reason: &str, hint: &str) -> Denial {
    Denial::new(Rule::Limits, reason, hint)
}

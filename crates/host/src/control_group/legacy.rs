//! A tenant's groups on cgroup v1: one in each controller's hierarchy.

use super::directory::Directory;
use super::{ABOVE, ControlGroupError, Refused, TenantGroup};
use rustix::io::Errno;
use std::io;

/// In microseconds: what engines use.
const PERIOD: u64 = 100_000;
/// The kernel keeps limits of memory in whole pages. Where pages are larger, a limit is only written more often.
const PAGE: u64 = 4096;

fn made(root: &Directory, name: &str, mark: &str) -> Result<Directory, ControlGroupError> {
    let above = Directory::at(root.path().join(ABOVE));
    above.make()?;
    // Before 5.11 a group of memory holds what is below it only where this says so, and only before anything is.
    if above.has("memory.use_hierarchy") && above.read("memory.use_hierarchy")? == "0" {
        above.write("memory.use_hierarchy", "1")?;
    }
    let own = Directory::at(above.path().join(name));
    own.make()?;
    own.mark(mark);
    Ok(own)
}

pub(super) fn hold_cpu(
    root: &Directory,
    name: &str,
    group: &TenantGroup,
    mark: &str,
) -> Result<Vec<Refused>, ControlGroupError> {
    let own = made(root, name, mark)?;
    let quota = (group.nano_cpus / 1_000 * PERIOD / 1_000_000).max(1_000);
    if own.number("cpu.cfs_period_us")? != Some(PERIOD) {
        own.write("cpu.cfs_period_us", &PERIOD.to_string())?;
    }
    if own.number("cpu.cfs_quota_us")? == Some(quota) {
        return Ok(Vec::new());
    }
    match own.try_write("cpu.cfs_quota_us", &quota.to_string()) {
        Ok(()) => Ok(Vec::new()),
        // No group may have more than the one above it.
        Err(error) if is(&error, Errno::INVAL) => Ok(vec![Refused::child_has_more(&group.name)]),
        Err(error) => Err(own.failed("write", "cpu.cfs_quota_us", error)),
    }
}

/// Memory alone is never above memory with swap, so that what grows grows there first, and what shrinks here.
pub(super) fn hold_memory(
    root: &Directory,
    name: &str,
    group: &TenantGroup,
    mark: &str,
) -> Result<Vec<Refused>, ControlGroupError> {
    const ALONE: (&str, &str) = ("memory.limit_in_bytes", "memory");
    const WITH_SWAP: (&str, &str) = ("memory.memsw.limit_in_bytes", "memory and swap");
    let own = made(root, name, mark)?;
    let wanted = group.memory / PAGE * PAGE;
    let now = own.number(ALONE.0)?;
    let grows = now.is_some_and(|now| now < wanted);
    let mut order = if grows { vec![WITH_SWAP, ALONE] } else { vec![ALONE, WITH_SWAP] };
    order.retain(|(file, _)| own.has(file)); // swap is counted only where the kernel was told to
    for (file, what) in order {
        if own.number(file)? == Some(wanted) {
            continue;
        }
        match own.try_write(file, &wanted.to_string()) {
            Ok(()) => {}
            Err(error) if is(&error, Errno::BUSY) => return Ok(vec![Refused::in_use(&group.name, what)]),
            Err(error) => return Err(own.failed("write", file, error)),
        }
    }
    Ok(Vec::new())
}

/// More than the limit may run already: then nothing new begins.
pub(super) fn hold_pids(
    root: &Directory,
    name: &str,
    group: &TenantGroup,
    mark: &str,
) -> Result<(), ControlGroupError> {
    let own = made(root, name, mark)?;
    set(&own, "pids.max", &group.pids.to_string())
}

pub(super) fn set(own: &Directory, file: &str, text: &str) -> Result<(), ControlGroupError> {
    if own.read(file)? == text { Ok(()) } else { own.write(file, text) }
}

fn is(error: &io::Error, errno: Errno) -> bool {
    error.raw_os_error() == Some(errno.raw_os_error())
}

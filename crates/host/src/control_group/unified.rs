//! A tenant's group on cgroup v2.

use super::directory::Directory;
use super::legacy::set;
use super::{ABOVE, ControlGroupError, Refused, TenantGroup};

const CONTROLLERS: [&str; 3] = ["cpu", "memory", "pids"];
/// In microseconds: what engines use.
const PERIOD: u64 = 100_000;
const PAGE: u64 = 4096;

pub(super) fn hold(
    root: &Directory,
    name: &str,
    group: &TenantGroup,
    mark: &str,
) -> Result<Vec<Refused>, ControlGroupError> {
    let there = root.read("cgroup.controllers")?;
    for controller in CONTROLLERS {
        if !there.split(' ').any(|there| there == controller) {
            return Err(ControlGroupError::NoController { controller });
        }
    }
    enable(root)?;
    let above = Directory::at(root.path().join(ABOVE));
    above.make()?;
    enable(&above)?;
    let own = Directory::at(above.path().join(name));
    own.make()?;
    own.mark(mark);
    let quota = (group.nano_cpus / 1_000 * PERIOD / 1_000_000).max(1_000);
    set(&own, "cpu.max", &format!("{quota} {PERIOD}"))?;
    set(&own, "pids.max", &group.pids.to_string())?;
    hold_memory(&own, group)
}

/// Gives the groups below their controllers.
fn enable(above: &Directory) -> Result<(), ControlGroupError> {
    const FILE: &str = "cgroup.subtree_control";
    let enabled = above.read(FILE)?;
    let missing = CONTROLLERS.into_iter().filter(|wanted| !enabled.split(' ').any(|have| have == *wanted));
    let words = missing.map(|controller| format!("+{controller}")).collect::<Vec<_>>().join(" ");
    if words.is_empty() { Ok(()) } else { above.write(FILE, &words) }
}

/// The kernel would end processes rather than refuse a limit below what is in use. So it is asked to make room first,
/// which ends nobody, and the limit itself is set when it has.
fn hold_memory(own: &Directory, group: &TenantGroup) -> Result<Vec<Refused>, ControlGroupError> {
    let wanted = group.memory / PAGE * PAGE;
    // It cannot limit both together: there is no swap, so that the sum is what was granted.
    if own.has("memory.swap.max") {
        set(own, "memory.swap.max", "0")?;
    }
    if own.number("memory.max")?.is_some_and(|now| now <= wanted) || used(own)? <= wanted {
        set(own, "memory.max", &wanted.to_string())?;
        set(own, "memory.high", "max")?;
        return Ok(Vec::new());
    }
    own.write("memory.high", &wanted.to_string())?;
    if used(own)? > wanted {
        return Ok(vec![Refused::in_use(&group.name, "memory")]);
    }
    own.write("memory.max", &wanted.to_string())?;
    own.write("memory.high", "max")?;
    Ok(Vec::new())
}

fn used(own: &Directory) -> Result<u64, ControlGroupError> {
    Ok(own.number("memory.current")?.unwrap_or(0))
}

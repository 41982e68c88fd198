//! limits: a tenant's objects together stay below its ceilings. Which containers count is said at [`crate::Usage`].
//!
//! Memory and processes are there or not, and so their sums are judged. CPU time is a rate: containers that together ask
//! for more than the grant are only slower, and the tenant's control group holds what they get. So for CPU time it is
//! each container alone that may not exceed the grant; the kernel would refuse its control group anyway.

use super::case::Case;
use super::quantity::Quantity;
use crate::{Denial, Rule};
use wharf_model::TenantObject;
use wharf_wire::tenant::{Resources, RestartChoice, TenantContainer};

/// One thing that is limited: how much counts already, how much is asked, how much is granted.
struct Sum {
    name: &'static str,
    key: &'static str,
    used: Quantity,
    asked: Option<Quantity>,
    allowed: Quantity,
}

/// Whether what is asked stands beside the other containers at once, or is only measured against the whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Now,
    WhenStarted,
}

pub(crate) fn check_creation(case: &Case<'_>, container: &TenantContainer) -> Result<(), Denial> {
    let usage = &case.facts.usage;
    check_count(
        case,
        "containers",
        "limits.containers",
        usage.containers,
        1,
        case.grant().limits.containers,
    )?;
    // The engine starts it when it starts itself, whether or not anybody did before.
    let counts = match container.host.restart {
        RestartChoice::Always | RestartChoice::UnlessStopped => Counts::Now,
        RestartChoice::No | RestartChoice::OnFailure(_) => Counts::WhenStarted,
    };
    check_cpus(case, &container.resources)?;
    sums(case, &container.resources).iter().try_for_each(|sum| check_sum(case, sum, counts))
}

pub(crate) fn check_start(case: &Case<'_>) -> Result<(), Denial> {
    check_cpus(case, &case.facts.asking)?;
    sums(case, &case.facts.asking).iter().try_for_each(|sum| check_sum(case, sum, Counts::Now))
}

/// What only lowers is always permitted: the grant may have become less than what stands.
pub(crate) fn check_update(
    case: &Case<'_>,
    update: &Resources,
    restart: Option<RestartChoice>,
) -> Result<(), Denial> {
    let now = &case.facts.asking;
    let then = Resources {
        memory: said(update.memory).or(now.memory),
        memory_swap: said(update.memory_swap).or(now.memory_swap),
        nano_cpus: said(update.nano_cpus).or(now.nano_cpus),
        pids: update.pids.or(now.pids),
        ..Resources::default()
    };
    let may_come_to_count = restart.is_some_and(|restart| restart != RestartChoice::No);
    let before = sums(case, now);
    for (sum, before) in sums(case, &then).iter().zip(&before) {
        let number = |sum: &Sum| sum.asked.map_or(u64::MAX, Quantity::number);
        if may_come_to_count || number(sum) > number(before) {
            check_sum(case, sum, Counts::Now)?;
        }
    }
    let cpus = |resources: &Resources| said(resources.nano_cpus).unwrap_or(u64::MAX);
    if may_come_to_count || cpus(&then) > cpus(now) { check_cpus(case, &then) } else { Ok(()) }
}

pub(crate) fn check_volumes(case: &Case<'_>, made: usize) -> Result<(), Denial> {
    if made == 0 {
        return Ok(());
    }
    let made = u32::try_from(made).unwrap_or(u32::MAX);
    let used = case.facts.usage.volumes;
    check_count(case, "volumes", "limits.volumes", used, made, case.grant().limits.volumes)
}

/// The tenant's default network is not counted: the gateway makes it, as the engine does its own.
pub(crate) fn check_networks(case: &Case<'_>, name: &TenantObject) -> Result<(), Denial> {
    if name.name.as_str() == "bridge" {
        return Ok(());
    }
    let used = case.facts.usage.networks;
    check_count(case, "networks", "limits.networks", used, 1, case.grant().limits.networks)
}

/// Before anything that takes room on disk: nobody knows how much it will be.
pub(crate) fn check_disk(case: &Case<'_>) -> Result<(), Denial> {
    let (used, allowed) = (case.facts.usage.disk, case.grant().limits.disk.bytes());
    if used < allowed {
        return Ok(());
    }
    let (used, allowed) = (Quantity::Bytes(used), Quantity::Bytes(allowed));
    Err(Denial::new(
        Rule::Limits,
        format!("disk: {used} used, {allowed} allowed"),
        format!("remove images, volumes or containers, or {}", case.ask_for("limits.disk")),
    ))
}

/// Memory and processes.
fn sums(case: &Case<'_>, asked: &Resources) -> [Sum; 2] {
    let (usage, limits) = (&case.facts.usage, &case.grant().limits);
    [
        Sum {
            name: "memory",
            key: "limits.memory",
            used: Quantity::Bytes(usage.memory),
            asked: memory_of(asked).map(Quantity::Bytes),
            allowed: Quantity::Bytes(limits.memory.bytes()),
        },
        Sum {
            name: "pids",
            key: "limits.pids",
            used: Quantity::Count(usage.pids),
            asked: said(asked.pids.map(u64::from)).map(Quantity::Count),
            allowed: Quantity::Count(u64::from(limits.pids)),
        },
    ]
}

/// Swap counts as memory. A container that says nothing of swap is one whose kernel cannot account for it: every
/// container of a tenant is made with both.
fn memory_of(asked: &Resources) -> Option<u64> {
    said(asked.memory).map(|memory| memory.max(asked.memory_swap.unwrap_or(0)))
}

fn check_sum(case: &Case<'_>, sum: &Sum, counts: Counts) -> Result<(), Denial> {
    let Sum { name, key, used, asked, allowed } = *sum;
    let Some(asked) = asked else { return Err(unlimited(name)) };
    let beside = if counts == Counts::Now { used.number() } else { 0 };
    if beside.checked_add(asked.number()).is_some_and(|total| total <= allowed.number()) {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Limits,
        format!("{name}: {used} used, {asked} asked, {allowed} allowed"),
        format!("stop or remove containers, or {}", case.ask_for(key)),
    ))
}

/// One container's, alone.
fn check_cpus(case: &Case<'_>, asked: &Resources) -> Result<(), Denial> {
    let allowed = case.grant().limits.nano_cpus;
    let Some(asked) = said(asked.nano_cpus) else { return Err(unlimited("cpus")) };
    if asked <= allowed {
        return Ok(());
    }
    let (asked, allowed) = (Quantity::NanoCpus(asked), Quantity::NanoCpus(allowed));
    Err(Denial::new(
        Rule::Limits,
        format!("cpus: {asked} asked for one container, {allowed} allowed for all together"),
        format!("ask for less (`--cpus`), or {}", case.ask_for("limits.cpus")),
    ))
}

fn unlimited(name: &str) -> Denial {
    Denial::new(
        Rule::Limits,
        format!("the container has no limit of {name}"),
        "make it anew through the gateway, which gives every container one",
    )
}

fn check_count(
    case: &Case<'_>,
    name: &'static str,
    key: &'static str,
    used: u32,
    asked: u32,
    allowed: u32,
) -> Result<(), Denial> {
    if used.checked_add(asked).is_some_and(|total| total <= allowed) {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Limits,
        format!("{name}: {used} used, {asked} asked, {allowed} allowed"),
        format!("remove {name}, or {}", case.ask_for(key)),
    ))
}

/// The engine takes zero for "not said".
fn said(value: Option<u64>) -> Option<u64> {
    value.filter(|value| *value > 0)
}

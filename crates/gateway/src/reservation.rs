//! A place in a tenant's sums for what the engine is being asked to make: taken before it is asked, given up when the
//! index knows what it made, or that it made nothing. Without it, a container that will count from its creation, and one
//! that is started meanwhile, would both find room for one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use wharf_model::TenantName;
use wharf_policy::Usage;
use wharf_wire::tenant::{MountKind, RestartChoice, TenantContainer};

/// Every place that is taken so far.
#[derive(Debug, Default)]
pub(crate) struct Reservations {
    taken: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    places: HashMap<u64, (TenantName, Usage)>,
}

/// One place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Reservation<'r> {
    all: &'r Reservations,
    number: u64,
}

impl Reservations {
    /// Takes a place.
    pub(crate) fn take(&self, tenant: &TenantName, usage: Usage) -> Reservation<'_> {
        let mut state = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next = number.wrapping_add(1);
        state.places.insert(number, (tenant.clone(), usage));
        Reservation { all: self, number }
    }

    /// What is known to be used, and what has a place.
    pub(crate) fn beside(&self, tenant: &TenantName, mut used: Usage) -> Usage {
        let state = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, place) in state.places.values().filter(|(whose, _)| whose == tenant) {
            used.memory = used.memory.saturating_add(place.memory);
            used.pids = used.pids.saturating_add(place.pids);
            used.containers = used.containers.saturating_add(place.containers);
            used.volumes = used.volumes.saturating_add(place.volumes);
        }
        used
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.all.taken.lock().unwrap_or_else(PoisonError::into_inner).places.remove(&self.number);
    }
}

/// What a container will count for once it is made, before anybody starts it.
pub(crate) fn when_made(container: &TenantContainer) -> Usage {
    let resources = &container.resources;
    let counts = container.host.restart != RestartChoice::No;
    let memory = resources.memory.unwrap_or(0).max(resources.memory_swap.unwrap_or(0));
    let anonymous = |kind: &MountKind<_>| matches!(kind, MountKind::AnonymousVolume { .. });
    let volumes = container.mounts.iter().filter(|mount| anonymous(&mount.kind)).count();
    Usage {
        memory: if counts { memory } else { 0 },
        pids: if counts { resources.pids.unwrap_or(0).into() } else { 0 },
        containers: 1,
        volumes: u32::try_from(volumes).unwrap_or(u32::MAX),
        ..Usage::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_for_its_tenant_until_it_is_given_up() {
        let reservations = Reservations::default();
        let (alice, bob): (TenantName, TenantName) = ("alice".parse().unwrap(), "bob".parse().unwrap());
        let one = Usage { memory: 5, pids: 2, containers: 1, volumes: 3, ..Usage::default() };
        let first = reservations.take(&alice, one);
        let second = reservations.take(&alice, one);
        let both = Usage { memory: 10, pids: 4, containers: 2, volumes: 6, disk: 9, networks: 1 };
        let used = Usage { disk: 9, networks: 1, ..Usage::default() };
        assert_eq!(reservations.beside(&alice, used), both);
        assert_eq!(reservations.beside(&bob, used), used);
        drop(first);
        assert_eq!(reservations.beside(&alice, Usage::default()), one);
        drop(second);
        assert_eq!(reservations.beside(&alice, used), used);
    }
}

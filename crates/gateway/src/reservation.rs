//! A place in a tenant's sums for what the engine is being asked to do: taken before it is asked, given up when the index
//! knows what came of it. Without it, two requests would both find room for one.

use crate::index::memory_of;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use wharf_model::{ContainerId, TenantName};
use wharf_policy::Usage;
use wharf_wire::tenant::{MountKind, Resources, RestartChoice, TenantContainer};

/// Every place that is taken so far.
#[derive(Debug, Default)]
pub(crate) struct Reservations {
    taken: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    places: HashMap<u64, (TenantName, Place)>,
}

#[derive(Debug, Clone)]
enum Place {
    /// Something that is not there yet.
    New(Usage),
    /// A container that is there.
    Changing(Pending),
}

/// A container that is being started or changed.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    /// Which.
    pub(crate) id: ContainerId,
    /// What it may use when that is done.
    pub(crate) resources: Resources,
}

/// One place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    all: Arc<Reservations>,
    number: u64,
}

impl Reservations {
    /// A place for something new.
    pub(crate) fn for_new(self: &Arc<Self>, tenant: &TenantName, usage: Usage) -> Reservation {
        self.take(tenant, Place::New(usage))
    }

    /// A place for what a container is going to use.
    pub(crate) fn for_change(self: &Arc<Self>, tenant: &TenantName, pending: Pending) -> Reservation {
        self.take(tenant, Place::Changing(pending))
    }

    fn take(self: &Arc<Self>, tenant: &TenantName, place: Place) -> Reservation {
        let mut state = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.next;
        state.next = number.wrapping_add(1);
        state.places.insert(number, (tenant.clone(), place));
        Reservation { all: Arc::clone(self), number }
    }

    /// A tenant's places: for what is new, and for what changes.
    pub(crate) fn of(&self, tenant: &TenantName) -> (Vec<Usage>, Vec<Pending>) {
        let state = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut new, mut changing) = (Vec::new(), Vec::new());
        for (_, place) in state.places.values().filter(|(whose, _)| whose == tenant) {
            match place {
                Place::New(usage) => new.push(*usage),
                Place::Changing(pending) => changing.push(pending.clone()),
            }
        }
        (new, changing)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.all.taken.lock().unwrap_or_else(PoisonError::into_inner).places.remove(&self.number);
    }
}

/// What is used, with what is being made.
pub(crate) fn with(used: Usage, places: &[Usage]) -> Usage {
    places.iter().fold(used, |used, place| Usage {
        memory: used.memory.saturating_add(place.memory),
        pids: used.pids.saturating_add(place.pids),
        containers: used.containers.saturating_add(place.containers),
        volumes: used.volumes.saturating_add(place.volumes),
        ..used
    })
}

/// What a container will count for once it is made, before anybody starts it.
pub(crate) fn when_made(container: &TenantContainer) -> Usage {
    let resources = &container.resources;
    let counts = container.host.restart != RestartChoice::No;
    let anonymous = |kind: &MountKind<_>| matches!(kind, MountKind::AnonymousVolume { .. });
    let volumes = container.mounts.iter().filter(|mount| anonymous(&mount.kind)).count();
    Usage {
        memory: if counts { memory_of(resources) } else { 0 },
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
        let reservations = Arc::new(Reservations::default());
        let (alice, bob): (TenantName, TenantName) = ("alice".parse().unwrap(), "bob".parse().unwrap());
        let one = Usage { memory: 5, pids: 2, containers: 1, volumes: 3, ..Usage::default() };
        let first = reservations.for_new(&alice, one);
        let second = reservations.for_new(&alice, one);
        let id: ContainerId = "a".repeat(64).parse().unwrap();
        let pending = Pending { id: id.clone(), resources: Resources::default() };
        let third = reservations.for_change(&alice, pending);
        let both = Usage { memory: 10, pids: 4, containers: 2, volumes: 6, disk: 9, networks: 1 };
        let used = Usage { disk: 9, networks: 1, ..Usage::default() };
        assert_eq!(with(used, &reservations.of(&alice).0), both);
        assert_eq!(reservations.of(&alice).1.into_iter().map(|pending| pending.id).collect::<Vec<_>>(), [id]);
        assert_eq!(reservations.of(&bob).0, []);
        drop((first, third));
        assert_eq!(with(used, &reservations.of(&alice).0).memory, 5);
        assert!(reservations.of(&alice).1.is_empty());
        drop(second);
        assert_eq!(with(used, &reservations.of(&alice).0), used);
    }
}

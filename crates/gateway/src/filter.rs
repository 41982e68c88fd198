//! What the packet filter around tenants' networks must hold: worked out here from the index and from what is granted,
//! and handed to a [`Filter`], which knows how. Nothing here knows a rule.
//!
//! One hand-over at a time, each of what is wanted when its turn comes: of a burst of changes, the first carries all
//! that have happened by then, and the others find nothing left to do.

use crate::fault::Fault;
use crate::gateway::Gateway;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use wharf_host::{BridgeName, PublishedPort, TenantNetwork};
use wharf_model::{ObjectName, TenantId};
use wharf_policy::bridge_name;
use wharf_wire::tenant::PortBinding;

/// The packet filter in the engine's network namespace. May block; says itself, to whoever runs it, what fails and what
/// it had to mend.
pub trait Filter: Send + Sync {
    /// Sees to it that these networks are guarded, and none else are open. Never called twice at once.
    ///
    /// # Errors
    /// Why it cannot be done, in one line; what was in force before still is.
    fn hold(
        &self,
        networks: &[TenantNetwork],
        published: &BTreeSet<PublishedPort>,
        look: Look,
    ) -> Result<(), String>;

    /// Sees whether a bridge that the engine has just made is where the rules are.
    ///
    /// # Errors
    /// Why not: the engine works in another network namespace, or on another machine.
    fn check_made(&self, bridge: &BridgeName) -> Result<(), String>;
}

/// How sure one wants to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What was put in before is taken to be there still.
    Trusting,
    /// The kernel is asked; what is missing or altered is mended.
    Closely,
}

/// How long changes are gathered that nobody waits for.
const GATHER: Duration = Duration::from_millis(100);
/// How often the kernel is asked whether the rules are still there.
const PERIOD: Duration = Duration::from_secs(30);

/// The rules, as the gateway keeps them.
pub(crate) struct Rules {
    /// `None` where every tenant may reach everything.
    filter: Option<Arc<dyn Filter>>,
    /// What the filter was last handed with success; taken while it is.
    held: Arc<tokio::sync::Mutex<Option<Wanted>>>,
    /// Networks that are about to be made.
    expected: Mutex<BTreeSet<(TenantId, ObjectName)>>,
    changed: Notify,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    networks: Vec<TenantNetwork>,
    published: BTreeSet<PublishedPort>,
}

/// A network whose rules are there and that is about to be made. When this goes, the network is known, or is not to be.
pub(crate) struct Expected<'a> {
    rules: &'a Rules,
    network: (TenantId, ObjectName),
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.rules.expected.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.network);
        self.rules.stir();
    }
}

impl Rules {
    pub(crate) fn of(filter: Option<Arc<dyn Filter>>) -> Self {
        Self { filter, held: Arc::default(), expected: Mutex::default(), changed: Notify::new() }
    }

    /// Something may be otherwise: looked at soon, without anybody's waiting for it.
    pub(crate) fn stir(&self) {
        self.changed.notify_one();
    }

    fn expects(&self, network: (TenantId, ObjectName)) -> Expected<'_> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).insert(network.clone());
        Expected { rules: self, network }
    }
}

impl Gateway {
    /// Has the filter hold what must hold now. Costs nothing where that is what it holds already, unless one looks
    /// closely.
    ///
    /// # Errors
    /// Why it cannot; the filter has told its side already.
    pub async fn hold_rules(&self, look: Look) -> Result<(), String> {
        let Some(filter) = self.rules.filter.clone() else { return Ok(()) };
        let mut held = Arc::clone(&self.rules.held).lock_owned().await;
        let wanted = self.wanted();
        if look == Look::Trusting && held.as_ref() == Some(&wanted) {
            return Ok(());
        }
        // The lock goes along: a client that leaves does not let another in while this one is under way.
        let handed = tokio::task::spawn_blocking(move || {
            let done = filter.hold(&wanted.networks, &wanted.published, look);
            *held = done.is_ok().then_some(wanted);
            done
        });
        handed.await.unwrap_or_else(|_| Err("the packet filter was not asked to the end".to_owned()))
    }

    /// Keeps the rules as they must be, for ever: soon after something changed, and now and then in case somebody else
    /// changed them.
    pub async fn keep_rules(self: Arc<Self>) {
        let mut period = tokio::time::interval(PERIOD);
        period.set_missed_tick_behavior(MissedTickBehavior::Delay);
        period.tick().await; // the first is now, and the start has looked
        loop {
            let look = tokio::select! {
                () = self.rules.changed.notified() => {
                    tokio::time::sleep(GATHER).await;
                    Look::Trusting
                }
                _ = period.tick() => Look::Closely,
            };
            // The filter has said what fails; the next time it is tried again.
            let _held = self.hold_rules(look).await;
        }
    }

    /// Puts a network's rules in force before there is such a network.
    pub(crate) async fn expect_network(
        &self,
        tenant: &TenantId,
        name: &ObjectName,
    ) -> Result<Expected<'_>, Fault> {
        let expected = self.rules.expects((tenant.clone(), name.clone()));
        self.hold_rules(Look::Trusting).await.map_err(|_told| Fault::Unguarded)?;
        Ok(expected)
    }

    /// Whether the network that the engine made is where its rules are.
    pub(crate) async fn check_guarded(&self, tenant: &TenantId, name: &ObjectName) -> Result<(), Fault> {
        let Some(filter) = self.rules.filter.clone() else { return Ok(()) };
        let bridge = bridge(tenant, name).ok_or(Fault::Unguarded)?;
        let looked = tokio::task::spawn_blocking(move || filter.check_made(&bridge)).await;
        if matches!(looked, Ok(Ok(()))) { Ok(()) } else { Err(Fault::Unguarded) }
    }

    /// Opens what a container is about to publish.
    pub(crate) async fn open_ports(&self, published: &[PortBinding]) -> Result<(), Fault> {
        if published.iter().flat_map(opened).next().is_none() {
            return Ok(());
        }
        self.hold_rules(Look::Trusting).await.map_err(|_told| Fault::Unguarded)
    }

    /// A network of a tenant that is no more, or whose successor has not adopted it, is on no list: its bridge is shut.
    fn wanted(&self) -> Wanted {
        let standing = self.standing();
        let granted = |tenant: &TenantId| {
            let rights = standing.grants.tenants.get(&tenant.name)?;
            rights.owns(tenant).then_some(rights.grant.network)
        };
        let expected = self.rules.expected.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let all: BTreeSet<_> = self.index.every_network().into_iter().chain(expected).collect();
        let of_one = |(tenant, name): &(TenantId, ObjectName)| {
            let (network, bridge) = (granted(tenant)?, bridge(tenant, name)?);
            Some(TenantNetwork { bridge, tenant: tenant.name.clone(), network })
        };
        let networks = all.iter().filter_map(of_one).collect();
        let bindings = self.index.every_binding(|tenant| granted(tenant).is_some());
        Wanted { networks, published: bindings.iter().flat_map(opened).collect() }
    }
}

fn bridge(tenant: &TenantId, name: &ObjectName) -> Option<BridgeName> {
    bridge_name(tenant, name).parse().ok()
}

/// What a binding opens to other containers. One on loopback opens nothing: they have a loopback of their own.
fn opened(binding: &PortBinding) -> Vec<PublishedPort> {
    let Some(port) = binding.port else { return Vec::new() };
    let everywhere = [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)];
    let addresses = binding.address.map_or_else(|| everywhere.to_vec(), |address| vec![address]);
    let protocol = binding.container.protocol;
    let those = addresses.into_iter().filter(|address| !address.is_loopback());
    those.map(|address| PublishedPort { address, protocol, port }).collect()
}

#[cfg(test)]
mod tests;

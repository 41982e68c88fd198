//! Ports and addresses of the host that a client left out.

use crate::{Denial, Rule};
use std::collections::BTreeSet;
use std::net::IpAddr;
use wharf_model::{ContainerPort, Port, PortGrant, Protocol, TenantGrant};
use wharf_wire::tenant::{PortBinding, TenantContainer};

/// Nobody means one of those who leaves the port out.
const PRIVILEGED: u16 = 1024;

pub(super) fn complete(
    container: &mut TenantContainer,
    grant: &TenantGrant,
    taken: &BTreeSet<(Protocol, u16)>,
) -> Result<(), Denial> {
    publish_exposed(container);
    let published = &mut container.host.published;
    let mut chosen: BTreeSet<(Protocol, u16)> =
        published.iter().filter_map(|b| Some((b.container.protocol, b.port?.number()))).collect();
    for binding in published {
        if let Some(port) = binding.port {
            binding.address = binding.address.or_else(|| granted_address(grant, port));
            continue;
        }
        let protocol = binding.container.protocol;
        let is_free = |port: u16| !taken.contains(&(protocol, port)) && !chosen.contains(&(protocol, port));
        let Some((port, address)) = choose(grant, binding.address, is_free) else {
            return Err(none_left(binding, grant, &container.owner.tenant.name));
        };
        chosen.insert((protocol, port.number()));
        (binding.port, binding.address) = (Some(port), address);
    }
    Ok(())
}

/// `-P` gives each port a place, but for those that have one.
fn publish_exposed(container: &mut TenantContainer) {
    if !std::mem::take(&mut container.host.publish_all) {
        return;
    }
    let bound: BTreeSet<ContainerPort> = container.host.published.iter().map(|b| b.container).collect();
    let exposed: BTreeSet<ContainerPort> = container.process.exposed_ports.iter().copied().collect();
    let missing = exposed.difference(&bound);
    container.host.published.extend(missing.map(|port| PortBinding {
        container: *port,
        address: None,
        port: None,
    }));
}

/// Where this port is granted; `None` when it is granted everywhere, or not at all.
fn granted_address(grant: &TenantGrant, port: Port) -> Option<IpAddr> {
    let covering = || grant.ports.iter().filter(|g| (g.first()..=g.last()).contains(&port.number()));
    if covering().any(|g| g.address().is_none()) {
        return None;
    }
    covering().find_map(PortGrant::address)
}

/// The lowest free port of the first grant that has one, and the address it is granted at.
fn choose(
    grant: &TenantGrant,
    address: Option<IpAddr>,
    is_free: impl Fn(u16) -> bool,
) -> Option<(Port, Option<IpAddr>)> {
    grant.ports.iter().find_map(|granted| {
        let fits = |port: &u16| match address {
            Some(_) => granted.covers(address, *port),
            None => true,
        };
        let range = granted.first().max(PRIVILEGED)..=granted.last();
        let port = range.into_iter().find(|port| fits(port) && is_free(*port))?;
        Some((Port::try_from(u64::from(port)).ok()?, address.or(granted.address())))
    })
}

fn none_left(binding: &PortBinding, grant: &TenantGrant, tenant: &wharf_model::TenantName) -> Denial {
    let reason = if grant.ports.is_empty() {
        "no port of the host is granted".to_owned()
    } else {
        format!("no granted port of the host is left for {}", binding.container)
    };
    Denial::new(
        Rule::Ports,
        reason,
        format!("publish less, or ask the administrator (`tenants.{tenant}.ports`)"),
    )
}

//! network: bridges of the tenant's own, with addresses from the pool.
//!
//! The engine gives the *host* the first address of whatever subnet it is told (ENGINE-API V17), and takes any interface
//! for a bridge of its own.

use super::case::Case;
use crate::{Denial, Rule, bridge_name};
use std::fmt::Display;
use std::net::IpAddr;
use wharf_model::{ContainerId, NetworkId, Subnet};
use wharf_wire::tenant::{IpamPool, NetworkMode, TenantNetwork};

/// Names that mean something to the engine or its clients. `bridge` is the tenant's own default network.
const MEANINGFUL: [&str; 4] = ["host", "none", "default", "container"];

/// The largest subnets of one network: no tenant takes the whole pool with one.
const WIDEST_V4: u8 = 24;
const WIDEST_V6: u8 = 64;

pub(crate) fn check_mode(mode: &NetworkMode<ContainerId, NetworkId>) -> Result<(), Denial> {
    match mode {
        NetworkMode::Default => Err(Denial::new(
            Rule::Network,
            "the container would join the network that everyone's containers are on",
            "the tenant's own default network has to be made first",
        )),
        NetworkMode::None | NetworkMode::Network(_) | NetworkMode::Container(_) => Ok(()),
    }
}

pub(crate) fn check_creation(case: &Case<'_>, network: &TenantNetwork) -> Result<(), Denial> {
    let name = &network.name.name;
    if MEANINGFUL.contains(&name.as_str()) {
        let reason = format!("network `{name}` is the engine's own");
        return Err(Denial::new(Rule::Network, reason, "choose another name"));
    }
    if network.bridge != bridge_name(case.tenant, name) {
        let reason = format!("interface `{}` is not the one for this network", network.bridge);
        return Err(Denial::new(Rule::Network, reason, "leave the bridge's name out"));
    }
    if network.pools.is_empty() && !case.grants.subnet_pool.is_empty() {
        return Err(Denial::new(
            Rule::Network,
            format!("network `{name}` would get its addresses from elsewhere than the pool"),
            "no subnet is free; remove a network, or ask the administrator (`subnet_pool`)",
        ));
    }
    network.pools.iter().try_for_each(|pool| check_pool(case, pool))
}

fn check_pool(case: &Case<'_>, pool: &IpamPool) -> Result<(), Denial> {
    let refused = |what: &dyn Display| {
        Denial::new(
            Rule::Network,
            what.to_string(),
            "leave the subnet out, or take one within the administrator's `subnet_pool`",
        )
    };
    let subnet: Subnet = pool
        .subnet
        .parse()
        .map_err(|error| refused(&format_args!("subnet `{}` is none: {error}", pool.subnet)))?;
    let is_within = |whole: &Subnet| whole.contains(subnet.address()) && whole.prefix() <= subnet.prefix();
    if !case.grants.subnet_pool.iter().any(is_within) {
        return Err(refused(&format_args!("subnet `{subnet}` is not within the pool for tenants")));
    }
    let widest = if subnet.address().is_ipv4() { WIDEST_V4 } else { WIDEST_V6 };
    if subnet.prefix() < widest {
        return Err(refused(&format_args!("subnet `{subnet}` is larger than a network's share, /{widest}")));
    }
    match pool.gateway.filter(|gateway: &IpAddr| !subnet.contains(*gateway)) {
        Some(gateway) => Err(refused(&format_args!("gateway `{gateway}` is not in subnet `{subnet}`"))),
        None => Ok(()),
    }
}

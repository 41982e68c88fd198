//! What rules are made from: whose network is where, and what is published.

use super::BridgeName;
use std::net::IpAddr;
use wharf_model::{NetworkGrant, Port, Protocol, TenantName};

/// A network of a tenant's and what its containers may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantNetwork {
    /// Its bridge: the engine's option `com.docker.network.bridge.name`.
    pub bridge: BridgeName,
    /// Whose it is.
    pub tenant: TenantName,
    /// What the tenant was granted.
    pub network: NetworkGrant,
}

/// A port of the host that a tenant has published, and that every tenant's containers may therefore reach.
///
/// A tenant publishes only what it was granted, and a port so published is open to all around the host; the containers
/// beside it are no exception. That is also how a container reaches its own port at the host's address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishedPort {
    /// The host's address; `0.0.0.0` and `::` are all of their family. One of loopback opens nothing: containers have
    /// a loopback of their own.
    pub address: IpAddr,
    /// What it speaks.
    pub protocol: Protocol,
    /// Its number at the host.
    pub port: Port,
}

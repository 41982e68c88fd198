//! Networks as tenants may have them: bridges, with addresses from the pool.

use crate::tenant::Owner;
use std::collections::BTreeMap;
use std::net::IpAddr;
use wharf_model::{ObjectName, TenantObject};

/// What a client asked for. (`POST /networks/create`.)
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkWish {
    /// Only bridges exist; `None` when nothing was said.
    pub name: Option<ObjectName>,
    /// Without a way out.
    pub internal: bool,
    /// With IPv6.
    pub ipv6: bool,
    /// Containers may be attached later; every bridge allows it.
    pub attachable: bool,
    /// The client's own.
    pub labels: BTreeMap<String, String>,
    /// Subnets that the client chose: `subnet`, `gateway`, as text. Judged against the pool.
    pub pools: Vec<IpamPool>,
    /// The bridge's MTU.
    pub mtu: Option<u16>,
    /// `com.docker.network.bridge.enable_icc`: whether containers on it reach one another.
    pub icc: Option<bool>,
}

/// A subnet and the gateway's address in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IpamPool {
    /// `10.89.3.0/24`.
    pub subnet: String,
    /// Within the subnet; `None` lets the engine choose.
    pub gateway: Option<IpAddr>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantNetwork {
    /// Its name on the engine.
    pub name: TenantObject,
    /// Whose it is.
    pub owner: Owner,
    /// The host's interface, at most 15 bytes, made by us.
    pub bridge: String,
    /// Without a way out.
    pub internal: bool,
    /// With IPv6.
    pub ipv6: bool,
    /// The client's own labels.
    pub labels: BTreeMap<String, String>,
    /// From the pool.
    pub pools: Vec<IpamPool>,
    /// The bridge's MTU.
    pub mtu: Option<u16>,
    /// Whether containers on it reach one another.
    pub icc: Option<bool>,
}

//! Requests about networks.

use crate::ask::container::prune_filters;
use crate::ask::object::Object;
use crate::ask::reading::{Reading, container, is_name};
use crate::ask::{Ask, Forbidden, ListNetworks, Refusal, endpoint};
use crate::tenant::{IpamPool, NetworkAct, NetworkWish};
use std::collections::BTreeMap;

const MTU: &str = "com.docker.network.driver.mtu";
const ICC: &str = "com.docker.network.bridge.enable_icc";

pub(crate) fn list(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut filters = reading.query.filters()?;
    let list = ListNetworks {
        name: filters.many("name"),
        id: filters.many("id"),
        label: filters.many("label"),
        driver: filters.many("driver"),
        scope: filters.many("scope"),
        kind: filters.many("type"),
        dangling: filters.flag("dangling")?,
    };
    filters.check_empty()?;
    Ok(Ask::ListNetworks(list))
}

pub(crate) fn create(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut body = reading.object()?;
    check_driver(&mut body)?;
    let (mtu, icc) = options(&body.text_map("Options")?.unwrap_or_default())?;
    let name =
        body.text("Name")?.ok_or_else(|| Refusal::malformed("the network has no name; give `Name`"))?;
    Ok(Ask::CreateNetwork(NetworkWish {
        name: Some(own_name(&name)?),
        internal: body.is_on("Internal")?,
        ipv6: body.is_on("EnableIPv6")?,
        attachable: body.is_on("Attachable")?,
        labels: body.text_map("Labels")?.unwrap_or_default(),
        pools: pools(&mut body)?,
        mtu,
        icc,
    }))
}

fn check_driver(body: &mut Object) -> Result<(), Refusal> {
    if let Some(driver) =
        body.text("Driver")?.filter(|driver| !matches!(driver.as_str(), "bridge" | "default"))
    {
        let reason = format!("networks of the driver `{driver}` do not exist here");
        return Err(Refusal::forbidden(Forbidden::Driver, reason, "leave the driver out; it is `bridge`"));
    }
    if body.text("Scope")?.is_some_and(|scope| scope != "local") {
        return Err(body.forbidden(Forbidden::Swarm, "Scope", "is for a swarm", "leave it out"));
    }
    if body.flag("EnableIPv4")? == Some(false) {
        return Err(body.forbidden(
            Forbidden::Driver,
            "EnableIPv4",
            "cannot be off: every network here has IPv4",
            "leave it out",
        ));
    }
    Ok(())
}

fn own_name(name: &str) -> Result<wharf_model::ObjectName, Refusal> {
    if matches!(name, "bridge" | "host" | "none" | "default") {
        return Err(Refusal::malformed(format!("operation is not permitted on predefined {name} network")));
    }
    name.parse().map_err(|error| Refusal::malformed(format!("invalid network name `{name}`: {error}")))
}

fn options(options: &BTreeMap<String, String>) -> Result<(Option<u16>, Option<bool>), Refusal> {
    let (mut mtu, mut icc) = (None, None);
    for (name, value) in options {
        let wrong = || Refusal::malformed(format!("`{name}` cannot be `{value}`"));
        match name.as_str() {
            MTU => mtu = Some(value.parse().map_err(|_| wrong())?),
            ICC => icc = Some(value.parse().map_err(|_| wrong())?),
            _ => {
                let reason = format!("the network option `{name}` would reach the host");
                let hint = format!("leave it out; `{MTU}` and `{ICC}` are taken");
                return Err(Refusal::forbidden(Forbidden::Driver, reason, hint));
            }
        }
    }
    Ok((mtu, icc))
}

fn pools(body: &mut Object) -> Result<Vec<IpamPool>, Refusal> {
    let Some(mut ipam) = body.object("IPAM")? else { return Ok(Vec::new()) };
    if ipam.text("Driver")?.is_some_and(|driver| driver != "default") {
        return Err(ipam.forbidden(
            Forbidden::Driver,
            "Driver",
            "would have another driver choose addresses",
            "leave it out",
        ));
    }
    let mut pools = Vec::new();
    for mut pool in ipam.objects("Config")? {
        let (subnet, gateway) = (pool.text("Subnet")?, pool.text("Gateway")?);
        let gateway = gateway.map(|text| endpoint::address(&pool, "Gateway", &text)).transpose()?;
        match (subnet, gateway) {
            (None, None) => {}
            (Some(subnet), gateway) => pools.push(IpamPool { subnet, gateway }),
            (None, Some(_)) => return Err(pool.malformed("Gateway", "is said without `Subnet`")),
        }
    }
    Ok(pools)
}

pub(crate) fn prune(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut said = reading.query.filters()?;
    let filters = prune_filters(&mut said)?;
    said.check_empty()?;
    Ok(Ask::PruneNetworks(filters))
}

fn path_network(reading: &Reading<'_>) -> Result<String, Refusal> {
    network(reading.name()?)
}

/// A network's name or id, or the beginning of one.
pub(crate) fn network(text: &str) -> Result<String, Refusal> {
    if is_name(text) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::NotFound(format!("network {text} not found")))
    }
}

pub(crate) fn inspect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let network = path_network(reading)?;
    if reading.query.text("scope").is_some_and(|scope| scope != "local") {
        return Err(Refusal::NotFound(format!("network {network} not found")));
    }
    Ok(Ask::Network { network, act: NetworkAct::Inspect })
}

pub(crate) fn remove(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Network { network: path_network(reading)?, act: NetworkAct::Remove })
}

pub(crate) fn connect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let network = path_network(reading)?;
    let mut body = reading.object()?;
    let container = body_container(&mut body)?;
    let endpoint = match body.object("EndpointConfig")? {
        Some(endpoint) => endpoint::read(endpoint, &network)?,
        None => crate::tenant::Endpoint::default(),
    };
    Ok(Ask::Connect { network, container, endpoint })
}

pub(crate) fn disconnect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let network = path_network(reading)?;
    let mut body = reading.object()?;
    Ok(Ask::Disconnect { network, container: body_container(&mut body)?, force: body.is_on("Force")? })
}

fn body_container(body: &mut Object) -> Result<String, Refusal> {
    let text = body.text("Container")?.ok_or_else(|| Refusal::malformed("`Container` is missing"))?;
    container(&text)
}

//! A container's place on a network.

use crate::ask::Refusal;
use crate::ask::object::Object;
use crate::ask::reading::one_line;
use crate::tenant::Endpoint;
use std::net::IpAddr;

/// Reads a place on `network`. Of a `NetworkID` the engine takes more notice than of everything else (V9): it must say
/// the same, or nothing.
pub(crate) fn read(mut said: Object, network: &str) -> Result<Endpoint, Refusal> {
    if said.text("NetworkID")?.is_some_and(|id| id != network) {
        return Err(
            said.malformed("NetworkID", &format!("names another network than `{network}`; leave it out"))
        );
    }
    let (mut ipv4, mut ipv6) = (None, None);
    if let Some(mut ipam) = said.object("IPAMConfig")? {
        ipv4 = parsed(&mut ipam, "IPv4Address")?;
        ipv6 = parsed(&mut ipam, "IPv6Address")?;
    }
    let aliases = said.texts("Aliases")?.unwrap_or_default();
    let alias = |text: String| one_line("Aliases", text);
    let mac_address = said.text("MacAddress")?.map(|text| mac(&said, &text)).transpose()?;
    let priority = said.int("GwPriority")?.filter(|priority| *priority != 0);
    let priority = priority.map(i32::try_from).transpose();
    Ok(Endpoint {
        aliases: aliases.into_iter().map(alias).collect::<Result<_, _>>()?,
        ipv4,
        ipv6,
        mac_address,
        gateway_priority: priority.map_err(|_| said.malformed("GwPriority", "does not fit"))?,
    })
}

fn parsed<T: std::str::FromStr>(ipam: &mut Object, name: &'static str) -> Result<Option<T>, Refusal> {
    let Some(text) = ipam.text(name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| ipam.malformed(name, &format!("cannot be `{text}`; write an address")))
}

/// An address in a field.
pub(crate) fn address(object: &Object, name: &str, text: &str) -> Result<IpAddr, Refusal> {
    text.parse().map_err(|_| object.malformed(name, &format!("cannot be `{text}`; write an address")))
}

/// `02:42:ac:11:00:02`, in lower case.
pub(crate) fn mac(object: &Object, text: &str) -> Result<String, Refusal> {
    let lower = text.to_ascii_lowercase().replace('-', ":");
    let byte = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if lower.split(':').count() == 6 && lower.split(':').all(byte) {
        return Ok(lower);
    }
    Err(object.malformed("MacAddress", &format!("cannot be `{text}`; write such as `02:42:ac:11:00:02`")))
}

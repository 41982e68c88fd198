//! What the rules must know of the host's own network: who resolves names for it, and which addresses are its
//! neighbours'. Read afresh each time, since both change while the host runs.

use crate::packet_filter::BRIDGE_PREFIX;
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use thiserror::Error;
use wharf_model::Subnet;

/// Where systemd's resolver keeps the real list when it stands in /etc/resolv.conf itself, as `127.0.0.53`. The engine
/// reads this one then, too.
const BEHIND_STUB: &str = "/run/systemd/resolve/resolv.conf";

/// Flags of a route: through a router; refused; the host's own address; anycast (`linux/route.h`, `linux/ipv6_route.h`).
const NO_NEIGHBOURS: u32 = 0x2 | 0x200 | 0x8000_0000 | 0x10_0000;

/// A route straight out of an interface to more than this is a tunnel that everything goes through, not a neighbourhood.
const SHORTEST_V4: u8 = 8;
const SHORTEST_V6: u8 = 20;

/// Ranges that `table.nft` closes by itself.
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// What surrounds the host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Who resolves names for the host. Containers of tenants with the internet may ask these on port 53, wherever they
    /// are: the resolver that the engine gives containers (127.0.0.11) forwards from the *container's* address (20.10
    /// always; 28.5 for resolvers given with `--dns`, else from the host's). Add those of the engine's own
    /// `"dns"` setting.
    pub resolvers: BTreeSet<IpAddr>,
    /// Public addresses that are reached without a router: the LAN, when its addresses are not private ones. With IPv6
    /// that is every home network.
    pub on_link: BTreeSet<Subnet>,
}

/// The host's own network could not be read.
#[derive(Debug, Error)]
#[error("cannot read `{}`", path.display())]
pub struct SurroundingsError {
    path: PathBuf,
    source: io::Error,
}

impl Surroundings {
    /// Those of the calling thread's network namespace.
    ///
    /// # Errors
    /// When the kernel's routes or the list of resolvers cannot be read.
    pub fn observe() -> Result<Self, SurroundingsError> {
        let mut resolvers = resolvers(&read("/etc/resolv.conf")?);
        if resolvers.iter().eq([&IpAddr::V4(Ipv4Addr::new(127, 0, 0, 53))]) {
            resolvers = self::resolvers(&read(BEHIND_STUB)?);
        }
        // The engine asks those on the host's loopback from the host's side.
        resolvers.retain(|address| !address.is_loopback());
        let v4 = read("/proc/thread-self/net/route")?;
        let v6 = read("/proc/thread-self/net/ipv6_route")?;
        let on_link =
            v4.lines().skip(1).filter_map(neighbours_v4).chain(v6.lines().filter_map(neighbours_v6));
        Ok(Self { resolvers, on_link: on_link.filter(is_told_by_no_range).collect() })
    }
}

/// What is not there has nothing in it: a kernel without IPv6 has no such routes.
fn read(path: &str) -> Result<String, SurroundingsError> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| SurroundingsError { path: Path::new(path).to_owned(), source }),
    }
}

/// The name servers of a resolv.conf(5). Those with a zone (`fe80::1%eth0`) mean nothing inside a container.
fn resolvers(text: &str) -> BTreeSet<IpAddr> {
    let of_line = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next()? == "nameserver").then(|| words.next()?.parse().ok()).flatten()
    };
    text.lines().filter_map(of_line).collect()
}

/// A line of /proc/net/route: interface, destination, gateway, flags, three numbers, mask. Addresses are words of the
/// host's byte order, in hexadecimal.
fn neighbours_v4(line: &str) -> Option<Subnet> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[interface, destination, _, flags, _, _, _, mask, ..] = words.as_slice() else { return None };
    let number = |text| u32::from_str_radix(text, 16).ok();
    if is_of_a_tenant(interface) || number(flags)? & NO_NEIGHBOURS != 0 {
        return None;
    }
    let address = Ipv4Addr::from(number(destination)?.to_ne_bytes());
    let prefix = u8::try_from(number(mask)?.count_ones()).ok()?;
    (prefix >= SHORTEST_V4).then(|| Subnet::of(address.into(), prefix).ok()).flatten()
}

/// A line of /proc/net/ipv6_route: destination and its prefix, source and its prefix, next hop, three numbers, flags,
/// interface.
fn neighbours_v6(line: &str) -> Option<Subnet> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[destination, prefix, _, _, _, _, _, _, flags, interface] = words.as_slice() else { return None };
    if is_of_a_tenant(interface) || u32::from_str_radix(flags, 16).ok()? & NO_NEIGHBOURS != 0 {
        return None;
    }
    let address = Ipv6Addr::from(u128::from_str_radix(destination, 16).ok()?);
    let prefix = u8::from_str_radix(prefix, 16).ok()?;
    (prefix >= SHORTEST_V6).then(|| Subnet::of(address.into(), prefix).ok()).flatten()
}

fn is_of_a_tenant(interface: &str) -> bool {
    interface.starts_with(BRIDGE_PREFIX)
}

/// Whether no range leads to it already; else the rules would change whenever the engine makes a network.
fn is_told_by_no_range(subnet: &Subnet) -> bool {
    let covers = |range: Subnet| range.contains(subnet.address()) && range.prefix() <= subnet.prefix();
    !PRIVATE.iter().filter_map(|range| range.parse().ok()).any(covers)
}

#[cfg(test)]
mod tests;

//! Ports of the host that a tenant may publish.

use crate::Port;
use serde::{Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// `[ADDRESS:]PORT[-PORT]`: a range of the host's ports, at one of its addresses or at all.
///
/// `0.0.0.0` is every IPv4 address and `[::]` every IPv6 address; without one, both are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortGrant {
    address: Option<IpAddr>,
    first: Port,
    last: Port,
    is_shared: bool,
}

/// Why a text grants no ports.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortGrantError {
    /// Not a number from 1 to 65535 without a zero before it, or not two of them.
    #[error("ports are numbers from 1 to 65535, without a zero before them")]
    NotAPort,
    /// The first is above the last.
    #[error("the range `{0}` runs backwards")]
    Backwards(String),
    /// What stands before the ports.
    #[error("`{0}` is not an address of the host")]
    NotAnAddress(String),
}

impl PortGrant {
    /// The host's address; `None` is any.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The lowest port.
    pub fn first(&self) -> u16 {
        self.first.number()
    }

    /// The highest port; at least the lowest.
    pub fn last(&self) -> u16 {
        self.last.number()
    }

    /// Whether other tenants may be granted the same ports: then whoever comes first has one.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The same ports, and other tenants may be granted them, too.
    pub fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    /// Whether publishing `port` at `address` is granted; `None` asks for all addresses of the host.
    pub fn covers(&self, address: Option<IpAddr>, port: u16) -> bool {
        let in_range = (self.first()..=self.last()).contains(&port);
        in_range && self.covers_address(address.map(|address| address.to_canonical()))
    }

    fn covers_address(&self, asked: Option<IpAddr>) -> bool {
        match (self.address, asked) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(granted), Some(asked)) => {
                granted == asked || (granted.is_unspecified() && granted.is_ipv4() == asked.is_ipv4())
            }
        }
    }

    /// Whether one port at one address is in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ranges_meet = self.first <= other.last && other.first <= self.last;
        ranges_meet && (self.covers_address(other.address) || other.covers_address(self.address))
    }
}

impl FromStr for PortGrant {
    type Err = PortGrantError;

    fn from_str(text: &str) -> Result<Self, PortGrantError> {
        let (address, ports) = match text.rsplit_once(':') {
            Some((address, ports)) => (Some(checked_address(address)?), ports),
            None => (None, text),
        };
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        let (first, last) = (checked_port(first)?, checked_port(last)?);
        if first > last {
            return Err(PortGrantError::Backwards(ports.to_owned()));
        }
        Ok(Self { address, first, last, is_shared: false })
    }
}

fn checked_port(text: &str) -> Result<Port, PortGrantError> {
    match text.parse() {
        Ok(port) if !text.starts_with('0') => Ok(port),
        _ => Err(PortGrantError::NotAPort),
    }
}

/// An IPv4 address, or an IPv6 address in brackets; one that only wraps an IPv4 address is that address.
fn checked_address(text: &str) -> Result<IpAddr, PortGrantError> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let read = match bracketed {
        Some(v6) => v6.parse::<Ipv6Addr>().map(|v6| IpAddr::V6(v6).to_canonical()).ok(),
        None => text.parse::<Ipv4Addr>().map(IpAddr::V4).ok(),
    };
    read.ok_or_else(|| PortGrantError::NotAnAddress(text.to_owned()))
}

impl fmt::Display for PortGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(IpAddr::V6(v6)) => write!(f, "[{v6}]:")?,
            Some(IpAddr::V4(v4)) => write!(f, "{v4}:")?,
            None => {}
        }
        write!(f, "{}", self.first)?;
        if self.first == self.last { Ok(()) } else { write!(f, "-{}", self.last) }
    }
}

impl Serialize for PortGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(text: &str) -> PortGrant {
        text.parse().unwrap()
    }

    fn covers(grant: &str, address: Option<&str>, port: u16) -> bool {
        self::grant(grant).covers(address.map(|address| address.parse().unwrap()), port)
    }

    #[test]
    fn what_is_shown_reads_back() {
        for text in ["8443", "20000-20099", "127.0.0.1:80", "[::1]:8080", "[::]:1-65535", "0.0.0.0:9"] {
            assert_eq!(grant(text).to_string(), text);
            assert_eq!(grant(&grant(text).to_string()), grant(text));
        }
        assert_eq!(grant("80-80").to_string(), "80");
        assert_eq!(grant("[::ffff:127.0.0.1]:80"), grant("127.0.0.1:80"));
    }

    #[test]
    fn a_grant_at_one_address_covers_that_address_alone() {
        assert!(covers("127.0.0.1:20000-20099", Some("127.0.0.1"), 20000));
        assert!(covers("127.0.0.1:20000-20099", Some("::ffff:127.0.0.1"), 20099));
        assert!(!covers("127.0.0.1:20000-20099", Some("127.0.0.1"), 20100));
        assert!(!covers("127.0.0.1:20000-20099", Some("127.0.0.2"), 20000));
        assert!(!covers("127.0.0.1:20000-20099", Some("0.0.0.0"), 20000));
        assert!(!covers("127.0.0.1:20000-20099", None, 20000));
    }

    #[test]
    fn an_unspecified_address_is_all_of_its_family() {
        assert!(covers("0.0.0.0:80", Some("10.0.0.1"), 80));
        assert!(!covers("0.0.0.0:80", Some("::1"), 80));
        assert!(!covers("0.0.0.0:80", None, 80));
        assert!(covers("[::]:80", Some("fd00::1"), 80));
        assert!(!covers("[::]:80", Some("10.0.0.1"), 80));
        for address in [None, Some("0.0.0.0"), Some("::"), Some("10.0.0.1")] {
            assert!(covers("80", address, 80));
        }
    }

    #[test]
    fn grants_overlap_where_one_port_at_one_address_is_in_both() {
        let overlap = |a: &str, b: &str| {
            assert_eq!(grant(a).overlaps(&grant(b)), grant(b).overlaps(&grant(a)), "{a} {b}");
            grant(a).overlaps(&grant(b))
        };
        assert!(overlap("1-10", "10-20"));
        assert!(!overlap("1-10", "11-20"));
        assert!(overlap("80", "127.0.0.1:80"));
        assert!(overlap("0.0.0.0:80", "127.0.0.1:80"));
        assert!(!overlap("0.0.0.0:80", "[::1]:80"));
        assert!(!overlap("0.0.0.0:80", "[::]:80"));
        assert!(!overlap("127.0.0.1:80", "127.0.0.2:80"));
    }

    #[test]
    fn what_grants_no_ports_says_which_part_is_wrong() {
        let error = |text: &str| text.parse::<PortGrant>().unwrap_err();
        for wrong in ["", "0", "65536", "80-", "-80", "080", "1-2-3", "80/tcp", "127.0.0.1:", "+80", "a"] {
            assert_eq!(error(wrong), PortGrantError::NotAPort, "{wrong}");
        }
        assert_eq!(error("9-8"), PortGrantError::Backwards("9-8".into()));
        for wrong in ["::1", "", "localhost", "[127.0.0.1]", "8080", "[::1", "1.2.3"] {
            let text = format!("{wrong}:80");
            assert_eq!(error(&text), PortGrantError::NotAnAddress(wrong.into()), "{wrong}");
        }
    }
}

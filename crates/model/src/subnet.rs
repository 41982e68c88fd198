//! Ranges of addresses.

use serde::{Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// A range of addresses as `ADDRESS/LENGTH`, the bits behind the prefix zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subnet {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is not a subnet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubnetError {
    /// Not an address, a slash and a length.
    #[error("a subnet is an address, a slash and the length of its prefix")]
    NotASubnet,
    /// The length is above that of the address.
    #[error("a prefix of an IPv{version} address has at most {most} bits")]
    PrefixTooLong {
        /// 4 or 6.
        version: u8,
        /// 32 or 128.
        most: u8,
    },
    /// The address is not the first of its subnet.
    #[error("the address has bits behind its prefix; the subnet is `{0}`")]
    HostBits(Subnet),
}

impl Subnet {
    /// Where tenants' networks get their addresses unless the administrator says otherwise: `10.89.0.0/16` and
    /// `fd00:89::/48`. The engine's own bridges begin at 172.17.0.0.
    pub fn default_pool() -> [Self; 2] {
        [
            Self { address: IpAddr::V4(Ipv4Addr::new(10, 89, 0, 0)), prefix: 16 },
            Self { address: IpAddr::V6(Ipv6Addr::new(0xfd00, 0x89, 0, 0, 0, 0, 0, 0)), prefix: 48 },
        ]
    }

    /// The subnet of `address` with this length of prefix.
    pub fn of(address: IpAddr, prefix: u8) -> Result<Self, SubnetError> {
        let (version, most) = if address.is_ipv4() { (4, 32) } else { (6, 128) };
        if prefix > most {
            return Err(SubnetError::PrefixTooLong { version, most });
        }
        let first = Self { address: masked(address, prefix), prefix };
        if first.address == address { Ok(first) } else { Err(SubnetError::HostBits(first)) }
    }

    /// Its first address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The length of its prefix, in bits.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the address is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.address.is_ipv4() == address.is_ipv4() && masked(address, self.prefix) == self.address
    }

    /// Whether its addresses are of IPv6.
    pub fn is_v6(&self) -> bool {
        self.address().is_ipv6()
    }

    /// The subnets of this length that it is made of, lowest first; none when it is smaller itself.
    pub fn parts(&self, prefix: u8) -> impl Iterator<Item = Self> + use<> {
        let bits: u32 = if self.is_v6() { 128 } else { 32 };
        let (v6, own, length) = (self.is_v6(), u32::from(self.prefix()), u32::from(prefix));
        let first: u128 = match self.address() {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        let count: u128 = if length < own || length > bits { 0 } else { 1_u128 << (length - own).min(64) };
        (0..count).filter_map(move |number| {
            let address = first + (number << (bits - length));
            let address =
                if v6 { IpAddr::V6(address.into()) } else { IpAddr::V4(u32::try_from(address).ok()?.into()) };
            Self::of(address, prefix).ok()
        })
    }

    /// Whether an address is in both; then one is inside the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.contains(other.address) || other.contains(self.address)
    }
}

/// The address with all but its first `prefix` bits zero.
fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let behind = u32::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & !behind))
        }
        IpAddr::V6(v6) => {
            let behind = u128::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !behind))
        }
    }
}

impl FromStr for Subnet {
    type Err = SubnetError;

    fn from_str(text: &str) -> Result<Self, SubnetError> {
        let (address, prefix) = text.split_once('/').ok_or(SubnetError::NotASubnet)?;
        let is_plain = prefix == "0" || !prefix.starts_with('0');
        if !is_plain || !prefix.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SubnetError::NotASubnet);
        }
        let address: IpAddr = address.parse().map_err(|_| SubnetError::NotASubnet)?;
        let prefix: u16 = prefix.parse().map_err(|_| SubnetError::NotASubnet)?;
        Self::of(address, u8::try_from(prefix).unwrap_or(u8::MAX))
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Serialize for Subnet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnet(text: &str) -> Subnet {
        text.parse().unwrap()
    }

    #[test]
    fn a_subnet_holds_the_addresses_with_its_prefix() {
        let holds = |text: &str, address: &str| subnet(text).contains(address.parse().unwrap());
        assert!(holds("10.89.0.0/16", "10.89.255.255"));
        assert!(!holds("10.89.0.0/16", "10.90.0.0"));
        assert!(holds("0.0.0.0/0", "255.1.2.3"));
        assert!(!holds("0.0.0.0/0", "::1"));
        assert!(holds("10.0.0.1/32", "10.0.0.1"));
        assert!(!holds("10.0.0.1/32", "10.0.0.0"));
        assert!(holds("fd00:89::/48", "fd00:89:0:ffff::1"));
        assert!(!holds("fd00:89::/48", "fd00:89:1::"));
        assert!(holds("::/0", "ff02::1"));
        assert!(!holds("::1/128", "::"));
    }

    #[test]
    fn the_default_pool_is_what_the_reference_says() {
        assert_eq!(Subnet::default_pool(), ["10.89.0.0/16", "fd00:89::/48"].map(subnet));
    }

    #[test]
    fn subnets_overlap_when_one_is_inside_the_other() {
        assert!(subnet("10.0.0.0/8").overlaps(&subnet("10.89.0.0/16")));
        assert!(subnet("10.89.0.0/16").overlaps(&subnet("10.0.0.0/8")));
        assert!(!subnet("10.88.0.0/16").overlaps(&subnet("10.89.0.0/16")));
        assert!(!subnet("0.0.0.0/0").overlaps(&subnet("::/0")));
    }

    #[test]
    fn bits_behind_the_prefix_are_refused_with_what_was_probably_meant() {
        let error = |text: &str| text.parse::<Subnet>().unwrap_err();
        assert_eq!(error("10.89.0.1/16"), SubnetError::HostBits(subnet("10.89.0.0/16")));
        assert_eq!(error("fd00::1/64"), SubnetError::HostBits(subnet("fd00::/64")));
        assert_eq!(error("10.0.0.0/33"), SubnetError::PrefixTooLong { version: 4, most: 32 });
        assert_eq!(error("::/300"), SubnetError::PrefixTooLong { version: 6, most: 128 });
        for wrong in
            ["10.0.0.0", "10.0/8", "/8", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "::/9999999", "::1"]
        {
            assert_eq!(error(wrong), SubnetError::NotASubnet, "{wrong}");
        }
    }
}

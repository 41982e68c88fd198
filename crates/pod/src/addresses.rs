//! Addresses that a pod keeps: derived from its name and the host's, exactly as moby-derp derives them.

use sha2::{Digest, Sha256};
use std::net::Ipv6Addr;
use wharf_model::PodName;
use wharf_wire::MacAddress;

/// `02:` (locally administered) and the first five bytes of SHA-256 of the pod's name followed by the host's.
pub(crate) fn mac_address(pod: &PodName, host: &str) -> MacAddress {
    let digest: [u8; 32] = Sha256::digest(format!("{pod}{host}")).into();
    let mut bytes = [2; 6];
    bytes.iter_mut().skip(1).zip(digest).for_each(|(byte, hashed)| *byte = hashed);
    MacAddress(bytes)
}

/// The subnet's prefix, and below it the low bits of SHA-256 of the MAC address's text. At /64 this is moby-derp's
/// address; elsewhere moby-derp's may fall outside the subnet, and ours does not.
pub(crate) fn ipv6_address(mac: MacAddress, subnet: Ipv6Addr, prefix: u8) -> Ipv6Addr {
    let digest: [u8; 32] = Sha256::digest(mac.to_string()).into();
    let low = digest.iter().skip(16).fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte));
    let host_mask = u128::MAX.checked_shr(u32::from(prefix)).unwrap_or(0);
    Ipv6Addr::from_bits((subnet.to_bits() & !host_mask) | (low & host_mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values from `printf %s TEXT | sha256sum`.
    #[test]
    fn a_pod_keeps_the_addresses_that_moby_derp_gave_it() {
        let mac = mac_address(&"web".parse().unwrap(), "host1");
        assert_eq!(mac.to_string(), "02:dd:04:38:46:73");
        let subnet = "fd00:d0c::".parse().unwrap();
        assert_eq!(ipv6_address(mac, subnet, 64).to_string(), "fd00:d0c::f69a:8540:272e:cc09");
    }

    #[test]
    fn an_address_stays_in_its_subnet_whatever_the_prefix() {
        let mac = MacAddress([2, 1, 2, 3, 4, 5]);
        let subnet: Ipv6Addr = "fd00:1:2:3:4:5:6:700".parse().unwrap();
        for prefix in 0..=128u8 {
            let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
            let address = ipv6_address(mac, subnet, prefix).to_bits();
            assert_eq!(address & mask, subnet.to_bits() & mask, "/{prefix}");
        }
    }
}

//! Reading what is around the host, from lines as the kernel and administrators write them.

use super::*;

fn subnet(text: &str) -> Subnet {
    text.parse().unwrap()
}

#[test]
fn resolvers_are_read_as_the_engine_reads_them() {
    let text = "# nameserver 9.9.9.9\nsearch lan\nnameserver 192.168.1.1\nnameserver\t2001:db8::53 # here\n\
                nameserver fe80::1%eth0\nnameserver\nnameserver 127.0.0.53\noptions edns0\n";
    let found: Vec<String> = resolvers(text).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["127.0.0.53", "192.168.1.1", "2001:db8::53"]);
}

#[cfg(target_endian = "little")]
#[test]
fn neighbours_are_what_is_reached_without_a_router() {
    // Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
    let line = |text: &str| neighbours_v4(text);
    assert_eq!(line("eth0 00000000 0107A8C0 0003 0 0 0 00000000 0 0 0"), None, "the way out");
    assert_eq!(line("eth0 007100CB 00000000 0001 0 0 0 00FFFFFF 0 0 0"), Some(subnet("203.0.113.0/24")));
    assert_eq!(line("wharf-a 007100CB 00000000 0001 0 0 0 00FFFFFF 0 0 0"), None, "a tenant's");
    assert_eq!(line("tun0 00000000 00000000 0001 0 0 0 00000080 0 0 0"), None, "half of everything");
    assert_eq!(line("eth0 007100CB 00000000 0201 0 0 0 00FFFFFF 0 0 0"), None, "refused");
    assert_eq!(line("eth0 zz 00000000 0001"), None);
}

#[test]
fn ipv6_neighbours_have_public_addresses_at_home() {
    let zero = "0".repeat(32);
    let line = |destination: &str, prefix: &str, flags: &str, interface: &str| {
        neighbours_v6(&format!(
            "{destination} {prefix} {zero} 00 {zero} 00000100 00000002 00000000 {flags} {interface}"
        ))
    };
    let home = "20010db8000700000000000000000000";
    assert_eq!(line(home, "40", "00000001", "eth0"), Some(subnet("2001:db8:7::/64")));
    assert_eq!(line(home, "40", "00000003", "eth0"), None, "through a router");
    assert_eq!(line(home, "80", "80200001", "eth0"), None, "the host's own address");
    assert_eq!(line(home, "80", "00300001", "eth0"), None, "anycast");
    assert_eq!(line(home, "40", "00000001", "wharf-a"), None, "a tenant's");
    assert_eq!(line(&zero, "00", "00000001", "tun0"), None, "everything");
}

#[test]
fn ranges_that_are_closed_anyway_are_not_told_again() {
    for told in ["172.17.0.0/16", "192.168.7.0/24", "100.64.1.0/24", "fd00:1::/64", "fe80::/64", "ff00::/8"] {
        assert!(!is_told_by_no_range(&subnet(told)), "{told}");
    }
    for public in ["203.0.113.0/24", "2001:db8:7::/64", "192.168.0.0/13"] {
        assert!(is_told_by_no_range(&subnet(public)), "{public}");
    }
}

#[test]
fn this_machine_can_be_observed() {
    let seen = Surroundings::observe().unwrap();
    assert!(seen.resolvers.iter().all(|address| !address.is_loopback()));
}

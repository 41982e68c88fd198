//! A host with a LAN, an internet and a cloud's metadata service around it.
//!
//! All around the host is one network namespace with many addresses, since only the addresses matter: it is the router,
//! the LAN and the world behind it.

use std::process::Command;
use wharf_testkit::{Engine, Netns, run};

/// What is around the host: addresses of the LAN (one of them public, as those of IPv6 are), of carriers' NAT, of the
/// world, and of clouds' metadata services.
const AROUND: &[&str] = &[
    "192.168.7.1/24",
    "203.0.113.1/24",
    "2001:db8:7::1/64",
    "fd00:7::1/64",
    "100.64.0.1/32",
    "100.100.100.200/32",
    "169.254.169.254/32",
    "198.51.100.1/32",
    "2001:db8:ffff::1/128",
    "fd00:ec2::254/128",
];

/// The host's own addresses.
const HOST: &[&str] = &["192.168.7.2/24", "203.0.113.2/24", "2001:db8:7::2/64", "fd00:7::2/64"];

/// Connects the engine's namespace with all that is around it.
pub(crate) fn lay_cables(engine: &Engine, outside: &Netns) {
    let (host, world) = (engine.netns().name(), outside.name());
    let ip = |netns: &str, words: &str| {
        let mut command = Command::new("ip");
        command.args(["-n", netns]).args(words.split_whitespace());
        run(&mut command).unwrap_or_else(|error| panic!("{error}"));
    };
    ip(host, &format!("link add eth0 type veth peer name eth0 netns {world}"));
    for (netns, addresses) in [(world, AROUND), (host, HOST)] {
        for address in addresses {
            let nodad = if address.contains(':') { "nodad" } else { "" };
            ip(netns, &format!("address add {address} dev eth0 {nodad}"));
        }
        ip(netns, "link set eth0 up");
    }
    ip(host, "route add default via 192.168.7.1");
    ip(host, "-6 route add default via 2001:db8:7::1");
    // What a neighbour does who tries ports published on the host's loopback.
    ip(world, "address delete 127.0.0.1/8 dev lo");
    ip(world, "route add 127.0.0.0/8 via 192.168.7.2");
    run(around(engine, outside).args(["sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1"]))
        .expect("a setting");
    // 20.10 does not masquerade IPv6; and this is how a neighbour tries containers' own addresses.
    ip(world, "route add 10.89.0.0/16 via 192.168.7.2");
    ip(world, "-6 route add fd00:89::/48 via 2001:db8:7::2");
}

/// A command to be run around the host, with the engine's tools.
pub(crate) fn around(engine: &Engine, outside: &Netns) -> Command {
    let mut command = engine.in_netns("nsenter");
    command.arg(format!("--net=/run/netns/{}", outside.name()));
    command
}

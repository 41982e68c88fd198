//! The addresses that a pod keeps, and networks that do not fit.

use std::process::Command;

use wharf_conformance::{Host, Network, on_each_engine};
use wharf_testkit::run;

#[test]
fn a_pod_keeps_the_addresses_that_moby_derp_derives() {
    on_each_engine(|engine| {
        for (subnet, prefix) in [("fd00:d0c::", 64), ("fd00:d0c:0:1:2::", 80)] {
            let network = Network::on(engine, &["--ipv6", "--subnet", &format!("{subnet}/{prefix}")]);
            let host = Host::on(engine);
            let host = host.config(&format!("network_name: {}\nhost_hostname: quay", network.name()));
            let pod = host.pod("v6", "containers: {a: {$idle}}");
            pod.up().succeeds();
            let seen = pod.root();
            let endpoint = seen.at("/NetworkSettings/Networks")[network.name()].clone();

            let digest = sha256(&format!("{}quay", pod.name()));
            let bytes: Vec<&str> = (0..5).map(|n| &digest[2 * n..2 * n + 2]).collect();
            let mac = format!("02:{}", bytes.join(":"));
            assert_eq!(endpoint["MacAddress"], mac);
            assert_eq!(pod.sh("a", "cat /sys/class/net/eth0/address"), mac);

            let digest = sha256(&mac);
            let low = &digest[digest.len() - (128 - prefix) / 4..];
            let groups: Vec<&str> = (0..low.len() / 4).map(|n| &low[4 * n..4 * n + 4]).collect();
            let wanted: std::net::Ipv6Addr = match prefix {
                64 => format!("{subnet}{}", groups.join(":")),
                _ => format!("fd00:d0c:0:1:2:{}", groups.join(":")),
            }
            .parse()
            .unwrap();
            assert_eq!(endpoint["GlobalIPv6Address"], wanted.to_string());
            let seen = pod.sh("a", "ip -6 addr show dev eth0");
            assert!(seen.contains(&format!("{wanted}/{prefix}")), "{seen}");
            pod.is_as_its_file_says();
            drop(pod);
        }
    });
}

fn sha256(text: &str) -> String {
    let said = run(Command::new("sh").args(["-c", "printf %s \"$1\" | sha256sum", "sh", text])).unwrap();
    said.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_network_that_does_not_fit_is_a_clear_error() {
    on_each_engine(|engine| {
        let refused = |network: &str, message: &str| {
            let host = Host::on(engine).config(&format!("network_name: {network}"));
            let pod = host.pod("no", "containers: {a: {$idle}}");
            pod.up().exits(2).says(message);
            assert_eq!(pod.members(), [""; 0]);
        };
        refused("nowhere", "network `nowhere` does not exist on the engine");
        refused("host", "a pod cannot have the network `host`");
        refused("none", "a pod cannot have the network `none`");
    });
}

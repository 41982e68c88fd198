//! By which names and addresses others may know this machine.

use std::io;
use std::net::IpAddr;

/// The addresses of this network namespace's interfaces, each with its interface's name, without those that mean something
/// on one link alone (`fe80::`).
///
/// # Errors
/// When the kernel cannot be asked.
pub fn interface_addresses() -> io::Result<Vec<(String, IpAddr)>> {
    let mut found = Vec::new();
    for interface in nix::ifaddrs::getifaddrs()? {
        let Some(storage) = interface.address else { continue };
        let four = storage.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
        let six = storage.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip()));
        if let Some(address) = four.or(six).filter(|address| !is_of_one_link(address)) {
            found.push((interface.interface_name, address));
        }
    }
    Ok(found)
}

fn is_of_one_link(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local(),
    }
}

/// What `/etc/hosts` calls the host of this name: its names with a dot. A name server is not asked, since it says what its
/// owner likes.
pub fn full_names(hostname: &str) -> Vec<String> {
    let text = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    full_names_in(&text, hostname)
}

fn full_names_in(hosts: &str, hostname: &str) -> Vec<String> {
    let lines = hosts.lines().map(|line| line.split('#').next().unwrap_or_default());
    let named = lines.filter_map(|line| {
        let names: Vec<&str> = line.split_whitespace().skip(1).collect();
        let is_ours = |name: &&str| name.split('.').next() == Some(hostname);
        names.iter().any(is_ours).then_some(names)
    });
    let mut all: Vec<String> = Vec::new();
    for name in named.flatten().filter(|name| name.contains('.')) {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_among_the_interfaces() {
        let all = interface_addresses().unwrap();
        assert!(all.contains(&("lo".to_owned(), "127.0.0.1".parse().unwrap())), "{all:?}");
        assert!(all.iter().all(|(_, address)| !is_of_one_link(address)), "{all:?}");
    }

    #[test]
    fn full_names_are_those_beside_our_own() {
        let hosts = "127.0.0.1 localhost localhost.example\n127.0.1.1\tquay.example.org quay # quay.comment\n\
                     192.0.2.1 quay.lan quay.example.org\n192.0.2.2 other.example.org other\n#1 quay.old quay\n";
        assert_eq!(full_names_in(hosts, "quay"), ["quay.example.org", "quay.lan"]);
        assert_eq!(full_names_in("", "quay"), [""; 0]);
        assert_eq!(full_names_in(hosts, "qua"), [""; 0]);
    }
}

//! The text of the rules: networks and facts in, a script for `nft -f` out. Pure: no clock, no file, no process.
//!
//! The chains never change and stand in `ruleset/table.nft`; here are the sets that they ask. Nothing else makes a set:
//! names of bridges and tenants are checked nouns, all else is numbers, so that no value can end a set and begin a rule.

use super::{PublishedPort, Surroundings, TenantNetwork};
use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use wharf_model::{NetworkGrant, Protocol};

/// The only table that is ours.
pub(super) const TABLE: &str = "wharf";

/// Where wanted rules are loaded asleep to be compared.
pub(super) const SCRATCH: &str = "wharf-check";

/// Sets and chains that need no telling.
const CHAINS: &str = include_str!("ruleset/table.nft");

/// All rules for all tenants' networks. Shown as a script that `nft -f` takes, also at boot before the engine starts:
/// no interface need be there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruleset {
    sets: Vec<String>,
}

impl Ruleset {
    /// The rules for these networks. What is on no list is refused: without networks, whatever comes from a bridge
    /// that is called as tenants' are.
    ///
    /// A network's rules should be there before the network is: its bridge is shut until then.
    pub fn of(
        networks: &[TenantNetwork],
        published: &BTreeSet<PublishedPort>,
        surroundings: &Surroundings,
    ) -> Self {
        let mut sets = of_networks(networks);
        sets.extend(of_ports(published));
        sets.extend(of_surroundings(surroundings));
        Self { sets }
    }

    /// Rules that were shown before, so that what the kernel has can be compared with them; `None` where the text is
    /// none of this version's.
    pub fn shown(text: &str) -> Option<Self> {
        let sets = text.strip_prefix(&head(TABLE, ""))?.strip_suffix(&tail())?;
        Some(Self { sets: vec![sets.to_owned()] })
    }

    /// The same rules in another table, dormant: it hooks nowhere.
    pub(super) fn to_scratch(&self) -> String {
        self.script(SCRATCH, "\tflags dormant\n")
    }

    /// Deleted and made anew in one transaction; adding first, because what is not there cannot be deleted.
    fn script(&self, name: &str, flags: &str) -> String {
        [head(name, flags), self.sets.concat(), tail()].concat()
    }
}

fn head(name: &str, flags: &str) -> String {
    let table = format!("table inet {name}");
    format!(
        "add {table}\ndelete {table}\n{table} {{\n{flags}\tcomment \"networks of tenants; kept by wharf serve\"\n\n"
    )
}

fn tail() -> String {
    format!("{CHAINS}}}\n")
}

impl fmt::Display for Ruleset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.script(TABLE, ""))
    }
}

fn of_networks(networks: &[TenantNetwork]) -> Vec<String> {
    let granted = |name: &str, grants: fn(&NetworkGrant) -> bool| {
        let bridges = networks.iter().filter(|one| grants(&one.network));
        set(name, "ifname", bridges.map(|one| format!("\"{}\"", one.bridge)))
    };
    let both_ends = networks.iter().map(|one| {
        let TenantNetwork { bridge, tenant, .. } = one;
        format!("\"{bridge}\" . \"{bridge}\" comment \"{tenant}\"")
    });
    vec![
        set("networks", "ifname . ifname", both_ends),
        granted("internet", |grant| grant.internet),
        granted("lan", |grant| grant.lan),
        granted("host", |grant| grant.host),
    ]
}

fn of_ports(published: &BTreeSet<PublishedPort>) -> Vec<String> {
    let ports = |address: String, one: &PublishedPort| {
        let protocol = match one.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        format!("{address} . {protocol} . {}", one.port.number())
    };
    let anywhere = published.iter().filter(|one| one.address.is_unspecified()).map(|one| {
        let family = if one.address.is_ipv4() { "ipv4" } else { "ipv6" };
        ports(family.to_owned(), one)
    });
    let at_one = |is_v4: bool| {
        let is_meant = move |address: IpAddr| {
            address.is_ipv4() == is_v4 && !address.is_unspecified() && !address.is_loopback()
        };
        let those = published.iter().filter(move |one| is_meant(one.address));
        those.map(move |one| ports(one.address.to_string(), one))
    };
    vec![
        set("published", "nf_proto . inet_proto . inet_service", anywhere),
        set("published4", "ipv4_addr . inet_proto . inet_service", at_one(true)),
        set("published6", "ipv6_addr . inet_proto . inet_service", at_one(false)),
    ]
}

fn of_surroundings(surroundings: &Surroundings) -> Vec<String> {
    let resolvers = |is_v4: bool| {
        let those = surroundings.resolvers.iter().filter(move |one| one.is_ipv4() == is_v4);
        those.map(ToString::to_string)
    };
    let on_link = |is_v4: bool| {
        let those = surroundings.on_link.iter().filter(move |one| one.address().is_ipv4() == is_v4);
        those.map(ToString::to_string)
    };
    vec![
        set("resolvers4", "ipv4_addr", resolvers(true)),
        set("resolvers6", "ipv6_addr", resolvers(false)),
        ranges("on_link4", "ipv4_addr", on_link(true)),
        ranges("on_link6", "ipv6_addr", on_link(false)),
    ]
}

fn set(name: &str, kind: &str, elements: impl Iterator<Item = String>) -> String {
    declared(name, kind, "", elements)
}

/// Ranges that may lie in one another, as routes do.
fn ranges(name: &str, kind: &str, elements: impl Iterator<Item = String>) -> String {
    declared(name, kind, "\t\tflags interval\n\t\tauto-merge\n", elements)
}

/// In order and each once, so that equal facts make equal text. An empty list of elements is no syntax: it is left out.
fn declared(name: &str, kind: &str, flags: &str, elements: impl Iterator<Item = String>) -> String {
    let elements = elements.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    let elements = if elements.is_empty() { elements } else { format!("\t\telements = {{ {elements} }}\n") };
    format!("\tset {name} {{\n\t\ttype {kind}\n{flags}{elements}\t}}\n\n")
}

#[cfg(test)]
mod tests;

//! The text of the rules, compared as a whole.

use super::*;

fn network(bridge: &str, tenant: &str, grants: [bool; 3]) -> TenantNetwork {
    let [internet, lan, host] = grants;
    TenantNetwork {
        bridge: bridge.parse().unwrap(),
        tenant: tenant.parse().unwrap(),
        network: NetworkGrant { internet, lan, host },
    }
}

fn port(address: &str, number: &str, protocol: Protocol) -> PublishedPort {
    PublishedPort { address: address.parse().unwrap(), protocol, port: number.parse().unwrap() }
}

/// Two tenants with everything there is to tell.
fn full() -> Ruleset {
    let networks = [
        network("wharf-b2", "bob", [true, true, true]),
        network("wharf-a1", "alice", [true, false, false]),
        network("wharf-a2", "alice", [false, false, false]),
    ];
    let published = BTreeSet::from([
        port("0.0.0.0", "8443", Protocol::Tcp),
        port("::", "8443", Protocol::Tcp),
        port("192.168.7.2", "53", Protocol::Udp),
        port("2001:db8:7::2", "80", Protocol::Tcp),
        port("127.0.0.1", "20000", Protocol::Tcp),
        port("::1", "20000", Protocol::Tcp),
    ]);
    let surroundings = Surroundings {
        resolvers: ["192.168.7.1", "2001:db8:7::1"].map(|one| one.parse().unwrap()).into(),
        on_link: ["203.0.113.0/24", "2001:db8:7::/64"].map(|one| one.parse().unwrap()).into(),
    };
    Ruleset::of(&networks, &published, &surroundings)
}

/// What comes before the chains, which are a file of their own.
fn sets(ruleset: &Ruleset) -> String {
    let text = ruleset.to_string();
    text.split_once(CHAINS).unwrap().0.to_owned()
}

#[test]
fn the_sets_for_two_tenants_are_these() {
    assert_eq!(sets(&full()), include_str!("tests/full.nft"));
}

#[test]
fn without_networks_all_sets_are_empty_and_the_chains_stay() {
    let none = Ruleset::of(&[], &BTreeSet::new(), &Surroundings::default());
    assert_eq!(sets(&none), include_str!("tests/none.nft"));
    assert!(none.to_string().ends_with(&format!("{CHAINS}}}\n")));
}

#[test]
fn equal_networks_in_another_order_make_equal_rules() {
    let one = network("wharf-a1", "alice", [true, false, false]);
    let other = network("wharf-b1", "bob", [true, true, false]);
    let of = |networks: &[TenantNetwork]| Ruleset::of(networks, &BTreeSet::new(), &Surroundings::default());
    assert_eq!(of(&[one.clone(), other.clone()]), of(&[other, one.clone(), one]));
}

#[test]
fn the_table_for_comparing_hooks_nowhere_and_is_else_the_same() {
    let (real, scratch) = (full().to_string(), full().to_scratch());
    assert_eq!(scratch.replace("\tflags dormant\n", "").replace(SCRATCH, TABLE), real);
    assert_eq!(scratch.matches("flags dormant").count(), 1);
}

#[test]
fn rules_are_known_again_by_what_was_shown() {
    let shown = full().to_string();
    let again = Ruleset::shown(&shown).unwrap();
    assert_eq!((again.to_string(), again.to_scratch()), (shown.clone(), full().to_scratch()));
    assert_eq!(
        Ruleset::shown(&shown.replacen("prerouting", "postrouting", 1)),
        None,
        "another version's chains"
    );
    assert_eq!(Ruleset::shown(""), None);
}

//! What a tenant's containers reach and what reaches them, tried address by address, with IPv4 and IPv6: on a bare
//! engine, under wharf's rules with each grant, after the engine restarted, after somebody meddled, and when the rules
//! are gone again.
//!
//! No gateway is needed: the test makes two tenants' networks as the gateway would.

#[path = "network_rules/place.rs"]
mod place;
#[path = "network_rules/serving.rs"]
mod serving;
#[path = "network_rules/table.rs"]
mod table;
#[path = "network_rules/town.rs"]
mod town;

use table::{Column, Proxy};
use town::{Published, Town};
use wharf_host::{Installed, PacketFilter, Surroundings};
use wharf_model::NetworkGrant;
use wharf_testkit::EngineKind;

/// What a tenant has who was granted nothing about the network.
const DEFAULT: NetworkGrant = NetworkGrant { internet: true, lan: false, host: false };
const LAN: NetworkGrant = NetworkGrant { lan: true, ..DEFAULT };
const HOST: NetworkGrant = NetworkGrant { host: true, ..DEFAULT };
const CLOSED: NetworkGrant = NetworkGrant { internet: false, ..DEFAULT };

#[test]
fn docker20_containers_reach_what_is_granted() {
    reaches_what_is_granted(EngineKind::Docker20, Column::Bare20);
}

#[test]
fn docker28_containers_reach_what_is_granted() {
    reaches_what_is_granted(EngineKind::Docker28, Column::Bare28);
}

/// One story, since each step needs the one before: the rules come, stay, change, come back and go.
fn reaches_what_is_granted(kind: EngineKind, bare: Column) {
    let Some(town) = Town::with(kind, Proxy::Runs) else { return };
    town.sees(bare, "before");

    town.apply(DEFAULT, Published::Yes);
    town.sees(Column::Default, "with rules");
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::AsWanted);

    town.engine().restart().expect("the engine again");
    town.wait_for_containers();
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::AsWanted, "after the engine restarted");
    town.sees(Column::Default, "after the engine restarted");

    town.engine().kill().expect("the engine again");
    town.wait_for_containers();
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::AsWanted, "after the engine was killed");
    town.sees(Column::Default, "after the engine was killed");

    for (grant, published, column) in [
        (DEFAULT, Published::No, Column::Unpublished),
        (LAN, Published::Yes, Column::Lan),
        (HOST, Published::Yes, Column::Host),
        (CLOSED, Published::Yes, Column::Closed),
    ] {
        town.apply(grant, published);
        town.sees(column, "with other grants");
    }

    town.in_engine_netns(|| PacketFilter::find().expect("nft").remove()).expect("no rules");
    town.sees(bare, "when the rules are gone");
}

#[test]
fn docker20_containers_reach_no_more_without_the_proxy() {
    reaches_no_more_without_the_proxy(EngineKind::Docker20, Column::Bare20);
}

#[test]
fn docker28_containers_reach_no_more_without_the_proxy() {
    reaches_no_more_without_the_proxy(EngineKind::Docker28, Column::Bare28);
}

/// Published ports are then reached by translated addresses alone, also from the engine's own bridges.
fn reaches_no_more_without_the_proxy(kind: EngineKind, bare: Column) {
    let Some(town) = Town::with(kind, Proxy::Off) else { return };
    town.sees(bare, "before");
    town.apply(DEFAULT, Published::Yes);
    town.sees(Column::Default, "with rules");
    town.apply(DEFAULT, Published::No);
    town.sees(Column::Unpublished, "with nothing published");
}

#[test]
fn docker20_rules_are_mended_and_leave_others_alone() {
    are_mended_and_leave_others_alone(EngineKind::Docker20);
}

#[test]
fn docker28_rules_are_mended_and_leave_others_alone() {
    are_mended_and_leave_others_alone(EngineKind::Docker28);
}

fn are_mended_and_leave_others_alone(kind: EngineKind) {
    let Some(town) = Town::with(kind, Proxy::Runs) else { return };
    let engines_own = town.engines_rules();
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::Missing);
    assert_eq!(town.repair(DEFAULT, Published::Yes), Installed::Missing);
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::AsWanted);
    assert_eq!(town.check(LAN, Published::Yes), Installed::Altered, "other grants are other rules");

    for meddling in [
        vec!["insert", "rule", "inet", "wharf", "forward", "accept"],
        vec!["flush", "chain", "inet", "wharf", "to_host"],
        vec!["add", "element", "inet", "wharf", "lan", "{ wharf-alice }"],
        vec!["delete", "element", "inet", "wharf", "never4", "{ 169.254.0.0/16 }"],
        vec!["add", "table", "inet", "wharf", "{ flags dormant; }"],
        vec!["delete", "table", "inet", "wharf"],
    ] {
        town.nft(&meddling);
        assert_ne!(town.repair(DEFAULT, Published::Yes), Installed::AsWanted, "{meddling:?}");
        assert_eq!(town.check(DEFAULT, Published::Yes), Installed::AsWanted, "{meddling:?}");
    }
    town.sees(Column::Default, "after all that");

    assert_eq!(town.engines_rules(), engines_own, "the engine's own rules are as they were");
    let remove = || PacketFilter::find().expect("nft").remove();
    town.in_engine_netns(remove).expect("no rules");
    town.in_engine_netns(remove).expect("a second time");
    assert_eq!(town.check(DEFAULT, Published::Yes), Installed::Missing);
    assert_eq!(town.nft(&["list", "tables"]).matches("wharf").count(), 0, "nothing of ours is left");
    assert_eq!(town.engines_rules(), engines_own);
}

#[test]
fn docker20_senders_and_strangers_are_who_they_say() {
    senders_and_strangers(EngineKind::Docker20);
}

#[test]
fn docker28_senders_and_strangers_are_who_they_say() {
    senders_and_strangers(EngineKind::Docker28);
}

/// A container that sends under another's address; a bridge that is on no list; a connection whose grant goes.
fn senders_and_strangers(kind: EngineKind) {
    let Some(town) = Town::with(kind, Proxy::Runs) else { return };
    assert!(town.forged_packets_that_pass() > 0, "a bare engine lets forged addresses out");
    town.apply(DEFAULT, Published::Yes);
    assert_eq!(town.forged_packets_that_pass(), 0);

    // A network made before its rules.
    town.apply_without_alice();
    town.sees(Column::Stranger, "from a bridge on no list");

    town.apply(LAN, Published::Yes);
    let talk = town.talk_to_the_lan();
    assert!(talk.is_heard(), "granted");
    town.apply(DEFAULT, Published::Yes);
    assert!(!talk.is_heard(), "taken back while the connection stands");
}

#[test]
fn the_surroundings_of_an_engines_namespace_are_seen() {
    let Some(town) = Town::with(EngineKind::Docker28, Proxy::Runs) else { return };
    let seen = town.in_engine_netns(Surroundings::observe).expect("surroundings");
    let on_link: Vec<String> = seen.on_link.iter().map(ToString::to_string).collect();
    assert_eq!(on_link, ["203.0.113.0/24", "2001:db8:7::/64"]);
}

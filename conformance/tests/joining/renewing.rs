//! The next certificate: in time, with a new key, and for nobody who was shut out.

use std::time::Duration;

use wharf_conformance::Run;
use wharf_conformance::gateway::Gateway;

use crate::strike::{self, CLIENT};
use crate::{Laptop, with_a_gateway};

/// The serial number and the key's own text.
fn pair(laptop: &Laptop) -> (String, String) {
    let folder = laptop.certificates();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    (read("cert.pem"), read("key.pem"))
}

fn states(gateway: &Gateway<'_>) -> Vec<String> {
    let listed = gateway.wharf(&["--json", "cert", "ls", "--all"]).succeeds().json();
    let all = listed["certificates"].as_array().unwrap().iter();
    all.map(|entry| entry["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_certificate_is_renewed_when_a_third_of_its_life_is_over() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &["--for", "12s"]);
        let first = pair(&laptop);
        laptop.wharf(["cert", "renew"]).succeeds().says("not renewed yet");
        assert_eq!(pair(&laptop), first);
        std::thread::sleep(Duration::from_secs(5));
        laptop.wharf(["cert", "renew"]).succeeds().prints("renewed, until");
        let second = pair(&laptop);
        assert!(second.0 != first.0 && second.1 != first.1, "the key is another, too");
        assert_eq!(states(gateway), ["renewed", "good"]);
        // Beyond the first one's life.
        std::thread::sleep(Duration::from_secs(8));
        assert!(laptop.is_let_in());
        std::thread::sleep(Duration::from_secs(5));
        assert!(!laptop.is_let_in());
        laptop.wharf(["cert", "renew"]).exits(3).says("has expired").says("wharf invite");
        laptop.wharf(["cert", "renew", "--force"]).exits(3).says("has expired");
        // And a new invitation mends it.
        laptop.joins(gateway, "alice", &[]);
        assert!(laptop.is_let_in());
    });
}

#[test]
fn who_was_shut_out_renews_nothing() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &["--user", "laptop"]);
        laptop.wharf(["cert", "renew", "--force"]).succeeds();
        let name = gateway.tenant_name("alice");
        gateway
            .wharf(&["cert", "revoke", &format!("{name}/laptop")])
            .succeeds()
            .says("took back 2 certificates");
        let before = pair(&laptop);
        laptop.wharf(["cert", "renew", "--force"]).exits(3).says("was revoked").says("wharf invite");
        assert_eq!(pair(&laptop), before);
        assert_eq!(states(gateway).iter().filter(|state| state.starts_with("revoked")).count(), 2);
        assert!(!laptop.is_let_in());
    });
}

#[test]
fn a_tenant_that_is_gone_renews_nothing_and_neither_does_its_successor() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        let name = gateway.tenant_name("alice").to_owned();
        let entry = format!("  {name}:\n");
        gateway.reload(&entry, "  someone-else:\n");
        wharf_conformance::eventually("the tenant to be gone", || (!laptop.is_let_in()).then_some(()));
        laptop.wharf(["cert", "renew", "--force"]).exits(3).says("nobody's there any more");
        gateway.reload("  someone-else:\n", &entry);
        wharf_conformance::eventually("another tenant of that name", || {
            let listed = gateway.wharf(&["--json", "tenant", "ls"]).succeeds().json();
            (listed[&name]["generation"] == 2 && listed[&name]["present"] == true).then_some(())
        });
        laptop.wharf(["cert", "renew", "--force"]).exits(3);
        assert!(!laptop.is_let_in());
    });
}

#[test]
fn only_what_was_made_by_joining_is_renewed() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.wharf(["cert", "renew"]).exits(2).says("there is no docker context `wharf`");
        laptop.docker(&["context", "create", "mine", "--docker", "host=tcp://quay:2376"]).succeeds();
        laptop.wharf(["cert", "renew", "--context", "mine"]).exits(2).says("was not made by `wharf join`");
        laptop.wharf(["cert", "renew", "--context", "../x"]).exits(2).says("cannot be a context's name");
    });
}

#[test]
fn killed_at_any_step_a_renewal_leaves_a_pair_that_works() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        let strikes = strike::each(CLIENT, |tracer| {
            let run = Run::of(laptop.command_by(tracer, "wharf").args(["cert", "renew", "--force"]), b"");
            is_a_pair(&laptop);
            run
        });
        assert!(strikes > 20, "a renewal has more steps than {strikes}");
        assert!(laptop.is_let_in());
        laptop.wharf(["cert", "renew", "--force"]).succeeds();
        let left: Vec<_> =
            std::fs::read_dir(laptop.path(".docker/contexts/tls")).unwrap().flatten().collect();
        assert_eq!(left.len(), 2, "the folder and its lock: {left:?}");
    });
}

/// The key is the certificate's.
fn is_a_pair(laptop: &Laptop) {
    let folder = laptop.certificates();
    let public = |words: &[&str], name: &str| {
        let mut openssl = std::process::Command::new("openssl");
        Run::of(openssl.args(words).arg("-in").arg(folder.join(name)), b"").succeeds().stdout()
    };
    assert_eq!(public(&["x509", "-pubkey", "-noout"], "cert.pem"), public(&["pkey", "-pubout"], "key.pem"));
}

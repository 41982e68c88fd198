//! Certificates whose keys the host configuration lists: for authorities that sign for others, too.

use crate::at_the_network;
use crate::forge::{Wish, key_of};
use crate::peer::{curl, is_let_in, url};
use std::time::Instant;
use wharf_conformance::eventually;
use wharf_testkit::EngineKind;

#[test]
fn a_listed_key_is_its_tenants_until_it_is_listed_no_more() {
    at_the_network(|gateway| {
        let _template = gateway.export("alice", "laptop");
        // As others' authorities make them: a name of no meaning here, and for servers, too.
        let wish = Wish { entered: None, ..Wish::good(gateway, "alice") };
        let folder = wish.saying("DNS:nas.example", "clientAuth,serverAuth").forge(gateway);
        assert!(!is_let_in(gateway, &folder));
        let begin = format!("  {}:\n", gateway.tenant_name("bob"));
        let with_key = format!("{begin}    certificates: {{nas: '{}'}}\n", key_of(&folder));
        gateway.reload(&begin, &with_key);
        eventually("the key is listed", || is_let_in(gateway, &folder).then_some(()));
        let told = curl(gateway, &folder, &[&url("/wharf/whoami")]).succeeds().json();
        assert_eq!(
            (told["tenant"].as_str(), told["user"].as_str()),
            (Some(gateway.tenant_name("bob")), Some("nas"))
        );
        let nas = gateway.as_bearer(&folder, EngineKind::Docker28);
        let events = nas.start("docker events");
        eventually("it listens", || {
            nas.sh("docker volume create kept && docker volume rm kept").succeeds();
            events.text().contains("kept").then_some(())
        });
        gateway.reload(&with_key, &begin);
        let since = Instant::now();
        events.ends();
        assert!(since.elapsed().as_secs() < 5);
        assert!(!is_let_in(gateway, &folder));
    });
}

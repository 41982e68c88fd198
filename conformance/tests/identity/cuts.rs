//! What is open when the right to it ends, ends with it.

use crate::at_the_network;
use crate::forge::Wish;
use crate::peer::is_let_in;
use std::time::{Duration, Instant};
use wharf_conformance::gateway::{Gateway, Live};
use wharf_testkit::EngineKind;

/// How soon what is open must have ended.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Streams of every kind, which go on for ever: events, logs, an exec that waits for input.
fn streams(gateway: &Gateway<'_>, folder: &std::path::Path) -> Vec<(&'static str, Live)> {
    let client = gateway.as_bearer(folder, EngineKind::Docker28);
    client.sh("docker rm -f box 2>/dev/null; docker run -d --init --name box busybox sh -c 'echo begun; exec sleep 1000'").succeeds();
    let script = ["docker events", "docker logs -f box", "docker exec -i box sh -c 'echo begun; exec cat'"];
    let mut streams: Vec<_> = script.map(|script| (script, client.start(script))).into();
    for (_, stream) in &mut streams[1..] {
        stream.says("begun");
    }
    // Whoever listens to events hears of this.
    let mut touch = 0;
    while !streams[0].1.text().contains("exec_") {
        client.sh("docker exec box true").succeeds();
        touch += 1;
        assert!(touch < 100, "events are heard");
    }
    streams
}

fn all_end(streams: Vec<(&str, Live)>, since: Instant) {
    for (script, stream) in streams {
        stream.ends();
        let took = since.elapsed();
        assert!(took < AT_ONCE, "{script}: {took:?}");
    }
}

#[test]
fn what_a_revoked_certificate_has_open_is_cut_at_once_and_nothing_else() {
    at_the_network(|gateway| {
        let (laptop, phone) = (gateway.export("alice", "laptop"), gateway.export("alice", "phone"));
        let open = streams(gateway, &laptop);
        let other = gateway.as_bearer(&phone, EngineKind::Docker28).start("docker events");
        let own = gateway.as_tenant("alice", EngineKind::Docker28).start("docker logs -f box");
        gateway.wharf(&["cert", "revoke", &format!("{}/laptop", gateway.tenant_name("alice"))]).succeeds();
        all_end(open, Instant::now());
        let phone = gateway.as_bearer(&phone, EngineKind::Docker28);
        phone.sh("docker rm -f box").succeeds();
        let (mut other, mut own) = (other, own);
        other.says("destroy");
        own.says("begun");
    });
}

#[test]
fn what_an_expired_certificate_has_open_is_cut_when_it_expires() {
    at_the_network(|gateway| {
        let _template = gateway.export("alice", "laptop");
        let begun = Instant::now();
        let short = Wish { until: 8, ..Wish::good(gateway, "alice") }.forge(gateway);
        let open = streams(gateway, &short);
        assert!(is_let_in(gateway, &short), "it is good until then");
        let left = Duration::from_secs(8).saturating_sub(begun.elapsed());
        assert!(!left.is_zero(), "the test is slower than the certificate: {:?}", begun.elapsed());
        all_end(open, Instant::now() + left);
        assert!(begun.elapsed() > Duration::from_secs(6), "not before: {:?}", begun.elapsed());
        assert!(!is_let_in(gateway, &short));
    });
}

#[test]
fn what_a_tenant_has_open_that_is_removed_is_cut_and_its_certificates_are_nobodys() {
    at_the_network(|gateway| {
        let (laptop, bobs) = (gateway.export("alice", "laptop"), gateway.export("bob", "laptop"));
        let open = streams(gateway, &laptop);
        let mut other = gateway.as_bearer(&bobs, EngineKind::Docker28).start("docker events");
        let name = gateway.tenant_name("alice");
        gateway.reload(&format!("  {name}:\n"), &format!("  {name}x:\n"));
        let since = Instant::now();
        all_end(open, since);
        assert!(!is_let_in(gateway, &laptop));
        gateway
            .as_bearer(&bobs, EngineKind::Docker28)
            .sh("docker volume create kept; docker volume rm kept")
            .succeeds();
        other.says("kept");
        // Whoever has the name next is another.
        gateway.reload(&format!("  {name}x:\n"), &format!("  {name}:\n"));
        wharf_conformance::eventually("the next of the name", || {
            is_let_in(gateway, &gateway.export("alice", "next")).then_some(())
        });
        assert!(!is_let_in(gateway, &laptop));
    });
}

//! Letting somebody in from another machine: a real `wharf serve` at the network, and other machines (network namespaces with
//! a home of their own, and nothing in `PATH` but the docker CLI and `wharf`) that join it, renew, and are shut out.

#[path = "joining/authority.rs"]
mod authority;
#[path = "joining/certificates.rs"]
mod certificates;
#[path = "joining/export.rs"]
mod export;
#[path = "joining/invitations.rs"]
mod invitations;
#[path = "joining/killed.rs"]
mod killed;
#[path = "joining/laptop.rs"]
mod laptop;
#[path = "joining/renewing.rs"]
mod renewing;
#[path = "joining/rotating.rs"]
mod rotating;
#[path = "joining/sealed.rs"]
mod sealed;
#[path = "joining/story.rs"]
mod story;
#[path = "joining/strike.rs"]
mod strike;
#[path = "joining/table.rs"]
mod table;

use laptop::Laptop;
use wharf_conformance::gateway::{Gateway, NETWORK, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, eventually};
use wharf_testkit::{Engine, EngineKind};

/// Tells a story of a gateway at the network with two tenants.
fn with_a_gateway(story: impl Fn(&Gateway<'_>) + Sync) {
    through_the_gateway(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(&gateway(engine));
        }
    });
}

/// The same before both engines.
fn with_each_gateway(story: impl Fn(&Gateway<'_>) + Sync) {
    through_the_gateway(|engine| story(&gateway(engine)));
}

fn gateway(engine: &Engine) -> Gateway<'_> {
    Gateway::on(engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).at_the_network().start()
}

/// The administrator changes something about the authority; waits until the gateway has taken it up, a quarter of a second
/// later.
fn ca(gateway: &Gateway<'_>, words: &[&str]) -> Run {
    let run = gateway.wharf(words);
    eventually("the server's certificate to be the one that was made", || {
        let mut openssl = gateway.engine().in_netns("openssl");
        let shown = Run::of(openssl.args(["s_client", "-connect", NETWORK]), b"").stdout();
        let kept = std::fs::read_to_string(gateway.path("state/identity/server.pem")).ok()?;
        let first = |text: &str| Some(text.split_once("-----BEGIN")?.1.split_once("-----END")?.0.to_owned());
        (first(&shown)? == first(&kept)?).then_some(())
    });
    run
}

/// The words after `wharf` of an invitation for a user of this role, to come to where this machine reaches the gateway.
fn invited(gateway: &Gateway<'_>, laptop: &Laptop, role: &str, more: &[&str]) -> Vec<String> {
    let address = laptop.gateway_address();
    let words = [&["invite", gateway.tenant_name(role), "--address", &address][..], more].concat();
    let line = gateway.wharf(&words).succeeds().stdout();
    assert_eq!(line.lines().count(), 1, "one line to paste: {line}");
    let words: Vec<String> = line.split_whitespace().map(String::from).collect();
    assert_eq!(words.first().map(String::as_str), Some("wharf"));
    words[1..].to_vec()
}

//! The gateway across the network: a real `wharf serve` with mutual TLS, and everything that people come with: the docker
//! CLI of two versions, compose, Python's SDK, curl, `openssl s_client`. What is refused is made with openssl by the very
//! key of the authority, and wrong in one way: the same without that is let in, which each test shows first.

#[path = "identity/clients.rs"]
mod clients;
#[path = "identity/crowds.rs"]
mod crowds;
#[path = "identity/cuts.rs"]
mod cuts;
#[path = "identity/elsewhere.rs"]
mod elsewhere;
#[path = "identity/forge.rs"]
mod forge;
#[path = "identity/imposter.rs"]
mod imposter;
#[path = "identity/linted.rs"]
mod linted;
#[path = "identity/listed.rs"]
mod listed;
#[path = "identity/peer.rs"]
mod peer;
#[path = "identity/refusals.rs"]
mod refusals;
#[path = "identity/sessions.rs"]
mod sessions;
#[path = "identity/starting.rs"]
mod starting;
#[path = "identity/table.rs"]
mod table;

use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_testkit::{Engine, EngineKind};

/// Tells a story of a gateway at the network with two tenants, before one engine: whoever is let in meets the same
/// gateway as everybody, and who is not meets no engine.
fn at_the_network(story: impl Fn(&Gateway<'_>) + Sync) {
    through_the_gateway(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(&gateway(engine));
        }
    });
}

/// The same before both engines.
fn at_the_network_of_each(story: impl Fn(&Gateway<'_>) + Sync) {
    through_the_gateway(|engine| story(&gateway(engine)));
}

fn gateway(engine: &Engine) -> Gateway<'_> {
    Gateway::on(engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).at_the_network().start()
}

//! Workstations, as people use them: real terminals (tmux), real engines, the gateway, ssh.

mod agent;
mod alias;
mod attacks;
mod built;
mod contexts;
mod copying;
mod definition;
mod faults;
mod pinned;
mod ready_made;
mod screens;
mod seat;
mod table;
mod walls;
mod words;

use seat::Seat;
use wharf_conformance::gateway::Gateway;
use wharf_conformance::on_each_engine;

/// What a tenant may have who works in a container.
const GRANTS: &str = "limits: {cpus: 8, memory: 2G, pids: 2048, containers: 10, networks: 2, volumes: 10, disk: 8G, \
                      per_container: {memory: 256M, cpus: 2, pids: 512}}\nimages: {pull: ['docker.io/library/*']}\n";

/// Tells a story on each engine: at its own socket, over ssh, and as a tenant of a gateway, at its socket and over TLS.
pub(crate) fn on_each_way(story: impl Fn(&Seat<'_>) + Sync) {
    on_each_engine(|engine| {
        println!("{}: its own socket", engine.kind().name());
        story(&Seat::at(engine));
        println!("{}: over ssh", engine.kind().name());
        story(&Seat::over_ssh(engine));
        println!("{}: as a tenant", engine.kind().name());
        let gateway = Gateway::on(engine).tenant("alice", GRANTS).at_the_network().start();
        story(&Seat::of_tenant(&gateway, "alice"));
        gateway.sweep("alice");
        println!("{}: as a tenant, over TLS", engine.kind().name());
        story(&Seat::over_tls(&gateway, "alice"));
        gateway.sweep("alice");
    });
}

//! Somebody at the other end of a wire: curl, `openssl s_client`, and bytes by hand, within the engine's network namespace.

use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::thread;
use std::time::Duration;
use wharf_conformance::Run;
use wharf_conformance::gateway::{Gateway, NETWORK};

/// What curl says with what is in this folder, from the usual address.
pub(crate) fn curl(gateway: &Gateway<'_>, folder: &Path, more: &[&str]) -> Run {
    let at = |name: &str| folder.join(name).display().to_string();
    let (ca, cert, key) = (at("ca.pem"), at("cert.pem"), at("key.pem"));
    let words = ["--cacert", &ca, "--cert", &cert, "--key", &key];
    anonymous_curl(gateway, &[&words, more].concat())
}

/// What curl says without a certificate.
pub(crate) fn anonymous_curl(gateway: &Gateway<'_>, more: &[&str]) -> Run {
    let mut command = gateway.engine().in_netns("curl");
    Run::of(command.args(["-sS", "--max-time", "20"]).args(more), b"")
}

/// A target on the gateway.
pub(crate) fn url(target: &str) -> String {
    format!("https://{NETWORK}{target}")
}

/// What `openssl s_client` says, which asks for a ping when hands were shaken.
pub(crate) fn s_client(gateway: &Gateway<'_>, more: &[&str]) -> Run {
    let mut command = gateway.engine().in_netns("timeout");
    command.args(["-s", "KILL", "20", "openssl", "s_client", "-connect", NETWORK, "-ign_eof"]);
    Run::of(command.args(more), b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
}

/// With the files of this folder.
pub(crate) fn shown<'a>(ca: &'a str, cert: &'a str, key: &'a str) -> Vec<&'a str> {
    vec!["-CAfile", ca, "-cert", cert, "-key", key]
}

/// Whether somebody with what is in this folder is let in.
pub(crate) fn is_let_in(gateway: &Gateway<'_>, folder: &Path) -> bool {
    let run = curl(gateway, folder, &[&url("/_ping")]);
    run.status() == 0 && run.stdout() == "OK"
}

/// Does something within the engine's network namespace, and gives what came of it: sockets stay where they were made.
pub(crate) fn within<T: Send>(gateway: &Gateway<'_>, task: impl FnOnce() -> T + Send) -> T {
    let netns = format!("/run/netns/{}", gateway.engine().netns().name());
    thread::scope(|scope| {
        let job = scope.spawn(|| {
            let netns = File::open(netns).expect("a network namespace");
            move_into_link_name_space(netns.as_fd(), Some(LinkNameSpaceType::Network)).expect("to enter it");
            task()
        });
        job.join().expect("the thread inside")
    })
}

/// A connection from this address of the loopback network, within the namespace.
pub(crate) fn connected(from: Ipv4Addr) -> TcpStream {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
    bind(&socket, &SocketAddr::from((from, 0))).expect("an address of its own");
    connect(&socket, &NETWORK.parse::<SocketAddr>().expect("an address")).expect("a connection");
    let stream = TcpStream::from(socket);
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream
}

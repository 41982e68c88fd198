//! Engines that listen with `--tlsverify`.

use crate::certificates::Authority;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_conformance::{Host, Run, eventually};
use wharf_testkit::{Engine, EngineKind, EngineOptions, or_skip, run};

const ADDRESS: &str = "tcp://127.0.0.1:2376";

/// An engine that lets in whom an authority knows.
fn verified(kind: EngineKind, server: &Path) -> Option<Engine> {
    let at = |name: &str| server.join(name).display().to_string();
    let arguments = vec![
        format!("--host={ADDRESS}"),
        "--tlsverify".to_owned(),
        format!("--tlscacert={}", at("ca.pem")),
        format!("--tlscert={}", at("cert.pem")),
        format!("--tlskey={}", at("key.pem")),
    ];
    or_skip(Engine::start(kind, &EngineOptions { arguments, ..EngineOptions::default() }))
}

/// With an engine of each kind, side by side.
fn on_each(authority: &Authority, names: &str, story: impl Fn(&Engine) + Sync) {
    let server = authority.server("server", names, 10);
    thread::scope(|scope| {
        let told = EngineKind::ALL.map(|kind| {
            let (server, story) = (&server, &story);
            scope.spawn(move || verified(kind, server).iter().for_each(story))
        });
        let failed = told.map(|told| told.join().is_err());
        assert!(!failed.contains(&true), "failed on 20.10, 28.5: {failed:?}");
    });
}

/// `wharf` beside the engine, with the certificates in this folder.
fn with<'e>(engine: &'e Engine, folder: &Path) -> Host<'e> {
    let host = Host::on(engine).at(ADDRESS).environment("DOCKER_TLS_VERIFY", "1");
    host.environment("DOCKER_CERT_PATH", &folder.display().to_string())
}

#[test]
fn pods_are_brought_up_looked_at_and_entered_over_tls() {
    let authority = Authority::new();
    let client = authority.client("client", 10);
    on_each(&authority, "IP:127.0.0.1,DNS:localhost", |engine| {
        let host = with(engine, &client);
        let pod = host.pod("far", "containers: {web: {$idle}, say: {$box, command: 'echo ashore'}}");
        pod.up().succeeds();
        pod.is_as_its_file_says();
        host.wharf(["ps", pod.name()]).succeeds().prints("web");
        eventually("what was said", || {
            host.wharf(["logs", pod.name(), "say"]).stdout().contains("ashore").then_some(())
        });
        // An upgraded connection, both ways, whose one half ends before the other.
        let counted =
            host.wharf_with_input(["exec", "-i", pod.name(), "web", "wc", "-c"], &vec![b'x'; 3_000_000]);
        assert_eq!(counted.succeeds().stdout().trim(), "3000000");
        host.wharf(["exec", pod.name(), "web", "sh", "-c", "exit 7"]).exits(7);
        pod.down().succeeds();
    });
}

#[test]
fn a_gateway_before_an_engine_behind_tls_gives_tenants_all_they_have_otherwise() {
    let authority = Authority::new();
    let client = authority.client("client", 10).display().to_string();
    on_each(&authority, "IP:127.0.0.1", |engine| {
        let safe = [("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", client.as_str())];
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).engine_at(ADDRESS, &safe).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.answers("docker run --rm -i busybox wc -c <<END\nashore\nEND", "7");
        alice.answers("head -c 2000000 /dev/zero | docker run --rm -i busybox wc -c", "2000000");
        alice.sh("docker run -d --name box busybox sh -c 'echo begun; sleep 2; echo done'").succeeds();
        alice.answers("docker logs -f box", "begun\ndone");
        alice.sh("docker rm box && docker run -d --name box busybox sleep 100").succeeds();
        alice.answers("echo hello | docker exec -i box cat", "hello");
        alice.sh("docker exec box sh -c 'exit 7'").exits(7);
        alice.answers("docker cp box:/etc/passwd - | tar -t", "passwd");
    });
}

#[test]
fn a_context_of_the_docker_cli_is_used_with_its_certificates_and_one_that_does_not_verify_is_refused() {
    let authority = Authority::new();
    let client = authority.client("client", 10);
    on_each(&authority, "IP:127.0.0.1", |engine| {
        let host = Host::on(engine).at("");
        let context = |name: &str, more: &str| {
            let at = |name: &str| client.join(name).display().to_string();
            let said = format!("host={ADDRESS},cert={},key={}{more}", at("cert.pem"), at("key.pem"));
            let mut docker = engine.docker_command();
            docker.env_remove("DOCKER_HOST").env("DOCKER_CONFIG", host.path("home/.docker"));
            run(docker.args(["context", "create", name, "--docker", &said])).unwrap();
        };
        context("safe", &format!(",ca={}", client.join("ca.pem").display()));
        context("blind", ",skip-tls-verify=true");
        let pod = host.pod("far", "containers: {web: {$idle}}");
        let by = |name: &str, words: &[&str]| {
            let mut command = host.wharf_command(words);
            Run::of(command.env("DOCKER_CONTEXT", name).stdin(Stdio::null()), b"")
        };
        by("safe", &["up", &pod.file().display().to_string()]).succeeds();
        assert!(pod.member("web").is_running());
        by("blind", &["ps"]).exits(2).says("it does not verify who answers");
        by("none", &["ps"]).exits(2).says("docker context `none` has no endpoint");
    });
}

#[test]
fn what_is_wrong_with_the_engines_certificate_is_said() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (client, stranger) = (authority.client("client", 10), other.client("client", 10));
    on_each(&authority, "DNS:quay.example,IP:10.0.0.1", |engine| {
        let refused = |folder: &Path| with(engine, folder).wharf(["ps"]).exits(4);
        refused(&stranger)
            .says("no engine is reached safely at `tcp://127.0.0.1:2376`")
            .says("caused by: its certificate is signed by none of the authorities that are trusted here");
        refused(&client)
            .says("its certificate is not for this name or address, but for `quay.example`, `10.0.0.1`");
        // Without TLS, the engine says so.
        let plain = Host::on(engine).at(ADDRESS);
        plain
            .wharf(["ps"])
            .exits(4)
            .says("it speaks TLS, and was spoken to without")
            .says("DOCKER_TLS_VERIFY=1");
        let believing = Host::on(engine).at(ADDRESS).environment("DOCKER_TLS", "1");
        believing.wharf(["ps"]).exits(2).says("DOCKER_TLS without DOCKER_TLS_VERIFY");
    });
}

#[test]
fn what_is_wrong_with_ones_own_certificate_is_said_though_tls_says_it_late() {
    let (authority, other) = (Authority::new(), Authority::new());
    let stranger = other.client("client", 10);
    let expired = authority.client("expired", -1);
    let wrong_use = authority.server("wrong", "IP:127.0.0.1", 10);
    let without = authority.client("without", 10);
    for file in ["cert.pem", "key.pem"] {
        std::fs::remove_file(without.join(file)).unwrap();
    }
    // Another's certificate with the right authority beside it, many times: what the engine says must not be lost.
    std::fs::copy(expired.join("ca.pem"), stranger.join("ca.pem")).unwrap();
    on_each(&authority, "IP:127.0.0.1", |engine| {
        let refused = |folder: &Path| with(engine, folder).wharf(["ps"]).exits(4);
        refused(&without).says("it lets in nobody without a certificate, and there is none to show");
        for folder in [&stranger, &expired, &wrong_use] {
            for _ in 0..10 {
                refused(folder).says("it refuses our certificate").says("ask over there for an invitation");
            }
        }
    });
}

/// Stands before the engine and, on the first connection, loses what it says after the handshake, as a connection that is
/// reset may. Gives its port.
fn losing_the_first_last_words(engine: &Engine) -> u16 {
    let (tell, told) = mpsc::channel();
    let netns = format!("/run/netns/{}", engine.netns().name());
    thread::spawn(move || {
        let netns = File::open(netns).unwrap();
        move_into_link_name_space(netns.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        tell.send(listener.local_addr().unwrap().port()).unwrap();
        for (number, client) in listener.incoming().enumerate() {
            let (client, server) = (client.unwrap(), TcpStream::connect("127.0.0.1:2376").unwrap());
            let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let said = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&said);
            thread::spawn(move || {
                let mut piece = [0; 16384];
                while let Ok(read @ 1..) = from.read(&mut piece) {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let _ = to.write_all(&piece[..read]);
                }
            });
            thread::spawn(move || {
                let (mut server, mut client, mut piece) = (server, client, [0; 16384]);
                while let Ok(read @ 1..) = server.read(&mut piece) {
                    // The client has said hello, and has finished: what comes now is of its certificate.
                    if number == 0 && said.load(Ordering::SeqCst) > 1 {
                        break;
                    }
                    let _ = client.write_all(&piece[..read]);
                }
                let _ = client.shutdown(Shutdown::Both);
            });
        }
    });
    told.recv().unwrap()
}

#[test]
fn what_an_engine_says_of_a_certificate_is_heard_when_it_was_lost_at_first() {
    let authority = Authority::new();
    let expired = authority.client("expired", -1);
    on_each(&authority, "IP:127.0.0.1", |engine| {
        let address = format!("tcp://127.0.0.1:{}", losing_the_first_last_words(engine));
        with(engine, &expired).at(&address).wharf(["ps"]).exits(4).says("it refuses our certificate");
    });
}

#[test]
fn certificates_that_cannot_be_used_are_named_before_anything_is_sent() {
    let authority = Authority::new();
    let client = authority.client("client", 10);
    let sealed = authority.client("sealed", 10);
    let seal = "openssl pkey -in key.pem -aes256 -passout pass:x -out k && mv k key.pem";
    run(Command::new("sh").args(["-c", seal]).current_dir(&sealed)).unwrap();
    let mixed = authority.client("mixed", 10);
    std::fs::copy(client.join("key.pem"), mixed.join("key.pem")).unwrap();
    let keyless = authority.client("keyless", 10);
    std::fs::remove_file(keyless.join("key.pem")).unwrap();
    let garbled = authority.client("garbled", 10);
    std::fs::write(garbled.join("ca.pem"), "-----BEGIN NOTHING-----").unwrap();
    let open = authority.client("open", 10);
    run(Command::new("chmod").arg("0644").arg(open.join("key.pem"))).unwrap();
    on_each(&authority, "IP:127.0.0.1", |engine| {
        let refused = |folder: &Path| with(engine, folder).wharf(["ps"]).exits(2);
        refused(&sealed).says("the private key is sealed with a passphrase");
        refused(&mixed).says("certificate and private key cannot be used together");
        refused(&keyless).says("has a cert.pem and no key.pem");
        refused(&garbled).says("the certificates in");
        // A key that others can read is used, and said to be open.
        with(engine, &open).wharf(["ps"]).succeeds().says("is open to others on this machine");
        with(engine, &client).wharf(["ps"]).succeeds().never_says("is open to others");
    });
}

#[test]
fn a_server_whose_certificate_has_expired_is_said_to_be_so_and_tls_1_1_is_not_spoken() {
    let authority = Authority::new();
    let client = authority.client("client", 10);
    let expired = authority.server("server", "IP:127.0.0.1", -1);
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker20)) else { return };
    let serve = |port: &str, folder: &Path, more: &[&str]| {
        let mut server = engine.netns().command("openssl");
        server.args(["s_server", "-quiet", "-www", "-accept", port, "-cert", "cert.pem", "-key", "key.pem"]);
        server
            .args(more)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        server.spawn().unwrap()
    };
    let good = authority.server("good", "IP:127.0.0.1", 10);
    let mut servers =
        [serve("4433", &expired, &[]), serve("4434", &good, &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])];
    let asked = |port: &str, expected: &str| {
        let host = with(&engine, &client).at(&format!("tcp://127.0.0.1:{port}"));
        eventually(expected, || {
            let run = host.wharf(["ps"]).exits(4);
            (!run.stderr().contains("refused (os error")).then(|| run.says(expected))
        });
    };
    asked("4433", "its certificate has expired");
    asked("4434", "it speaks no TLS that is safe");
    for server in &mut servers {
        server.kill().unwrap();
        server.wait().unwrap();
    }
}

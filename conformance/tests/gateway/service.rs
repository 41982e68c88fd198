//! `wharf serve` as a service: who may come in, what a restart changes, what a changed configuration does.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::UnixStream;

use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, eventually};
use wharf_testkit::{Account, TestDir, wharf_program};

const PING: &[u8] = b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n";

fn say(mut stream: UnixStream, bytes: &[u8]) -> String {
    stream.write_all(bytes).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn an_account_without_a_tenant_is_told_so_and_root_is_nobody_at_the_tenants_door() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let stranger = Account::new("mallory").unwrap();
        let answer = say(stranger.connect(&gateway.socket()).unwrap(), PING);
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
        assert!(answer.contains("\"message\":\"wharf: ") && answer.contains(stranger.name()), "{answer}");
        let answer = say(UnixStream::connect(gateway.socket()).unwrap(), PING);
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
        assert!(say(gateway.account("alice").connect(&gateway.socket()).unwrap(), PING).ends_with("OK"));

        let door = std::fs::metadata(gateway.socket()).unwrap();
        assert!(door.file_type().is_socket());
        assert_eq!((door.mode() & 0o777, door.uid()), (0o666, 0));
        let other = std::fs::metadata(gateway.administrator_socket()).unwrap();
        let above = std::fs::metadata(gateway.administrator_socket().parent().unwrap()).unwrap();
        assert_eq!((other.mode() & 0o777, above.mode() & 0o777, above.uid()), (0o600, 0o700, 0));
        assert!(stranger.connect(&gateway.administrator_socket()).is_err());
        assert!(gateway.account("alice").connect(&gateway.administrator_socket()).is_err());
    });
}

#[test]
fn what_is_not_dockers_protocol_as_we_know_it_is_refused() {
    through_the_gateway(|engine| {
        let mut gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        for (request, status) in [
            ("GET /v1.40/version HTTP/1.1\r\nHost: d", "400"),
            ("GET /v1.99/version HTTP/1.1\r\nHost: d", "400"),
            ("GET /v1.041/version HTTP/1.1\r\nHost: d", "4"),
            ("GET http://d/version HTTP/1.1\r\nHost: d", "400"),
            ("GET /containers/../version HTTP/1.1\r\nHost: d", "4"),
            ("GET /v1.41/%76ersion HTTP/1.1\r\nHost: d", "4"),
            ("GET //version HTTP/1.1\r\nHost: d", "4"),
            ("GET /debug/vars HTTP/1.1\r\nHost: d", "4"),
            ("GET /v1.41/no/such/route HTTP/1.1\r\nHost: d", "4"),
            ("POST /grpc HTTP/1.1\r\nHost: d\r\nContent-Length: 0", "4"),
            (
                "POST /session HTTP/1.1\r\nHost: d\r\nUpgrade: h2c\r\nConnection: \
                    Upgrade\r\nContent-Length: 0",
                "4",
            ),
            ("PRI * HTTP/2.0", "4"),
            ("CONNECT d:1 HTTP/1.1\r\nHost: d", "4"),
            (
                "POST /v1.41/containers/prune HTTP/1.1\r\nHost: d\r\nContent-Type: \
                    application/x-www-form-urlencoded\r\nContent-Length: 0",
                "4",
            ),
            ("GET /v1.41/version HTTP/1.1\r\nHost: d\r\nHost: e", "400"),
            ("GET /v1.41/version HTTP/1.1\r\nHost: d\r\n folded: header", "400"),
        ] {
            let answer = alice.http(format!("{request}\r\nConnection: close\r\n\r\n0\r\n\r\n").as_bytes());
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request}: {answer}");
        }
        // Two lengths: refused, or answered once with nothing read behind it.
        let twofold = "GET /v1.41/version HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n\
                       0\r\n\r\nGET /_ping HTTP/1.1\r\nHost: d\r\n\r\n";
        let answer = alice.http(twofold.as_bytes());
        let is_refused = answer.starts_with("HTTP/1.1 400");
        assert!(is_refused || answer.to_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        // An upgrade that is not one leaves no tunnel: what follows is read as another request of hers, or not at all.
        let smuggled = "GET /_ping HTTP/1.1\r\nHost: d\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n\
                        GET /v1.41/info HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
        let answer = alice.http(smuggled.as_bytes());
        assert!(!answer.contains(&engine.directory().display().to_string()), "{answer}");
        drop(alice);
        assert!(gateway.stop().success());
    });
}

#[test]
fn containers_outlive_the_gateway_and_are_found_again() {
    through_the_gateway(|engine| {
        let mut gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let before = {
            let alice = gateway.as_tenant("alice", engine.kind());
            alice
                .sh("docker network create net && docker run -d --name box --network net -v \
                vol:/vol busybox sleep 1000")
                .succeeds();
            alice.lines("docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.Networks}}'")
        };
        for killed in [false, true] {
            let is_cut = {
                let stream = gateway.account("alice").connect(&gateway.socket()).unwrap();
                let mut watching = stream.try_clone().unwrap();
                watching.write_all(b"GET /v1.41/events HTTP/1.1\r\nHost: d\r\n\r\n").unwrap();
                if killed {
                    gateway.kill();
                } else {
                    assert!(gateway.stop().success());
                }
                let mut rest = Vec::new();
                let _ = watching.read_to_end(&mut rest);
                gateway.start_again();
                rest
            };
            drop(is_cut);
            let alice = gateway.as_tenant("alice", engine.kind());
            let after =
                alice.lines("docker ps -a --no-trunc --format '{{.ID}} {{.Names}} {{.Image}} {{.Networks}}'");
            assert_eq!(after, before);
            alice.answers(
                "docker inspect -f '{{.State.Running}} {{.HostConfig.NetworkMode}}' box",
                "true net",
            );
            alice.answers("docker exec box echo here", "here");
        }
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.sh("docker rm -f box && docker volume rm vol && docker network rm net").succeeds();
    });
}

#[test]
fn a_changed_configuration_holds_at_once_and_a_bad_one_changes_nothing() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
        let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
        bob.sh("docker run -d --name box busybox sleep 1000").succeeds();
        let watching = bob.start("docker events");
        gateway.reload("containers: 30", "containers: thirty");
        eventually("a complaint", || gateway.log().contains("thirty").then_some(()));
        alice.sh("docker ps").succeeds();
        bob.answers("docker ps --format '{{.Names}}'", "box");

        gateway.reload("containers: thirty", "containers: 1");
        let second = "docker create busybox true";
        bob.sh("docker ps").succeeds();
        eventually("the new limit", || {
            let run = bob.sh(second);
            (run.status() != 0).then(|| run.says("denied by rule").says("containers"))
        });

        // Her account leaves: her streams end, and she is nobody.
        let users = format!("users: [{}]", gateway.tenant_name("bob"));
        gateway.reload(&users, "users: []");
        watching.ends();
        bob.sh("docker ps").exits(1).says("wharf: ");
        alice.sh("docker ps").succeeds();
    });
}

#[test]
fn there_is_one_gateway_before_an_engine_and_one_in_a_network() {
    through_the_gateway(|engine| {
        let mut gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let other = TestDir::new().unwrap();
        let at = |name: &str| other.join(name).display().to_string();
        std::fs::create_dir(other.join("mounts")).unwrap();
        let config = format!(
            "mount_root: {}\nengine: {}\nlisten: ['unix://{}']\nstate_dir: {}\nallow_unmapped_users: true\n",
            at("mounts"),
            engine.host(),
            at("run/docker.sock"),
            at("state"),
        );
        let config = other.write("host.yml", config).unwrap();
        let second = || {
            let mut command = engine.in_netns("timeout");
            command.args(["-s", "KILL", "20"]).arg(wharf_program().unwrap()).args(["serve", "--config"]);
            Run::of(command.arg(&config).env_remove("DOCKER_HOST"), b"")
        };
        second().exits(1).says("(`wharf serve`, since ").says(" serves this engine already; stop it first");
        assert!(!other.join("run").exists(), "it has opened nothing");
        // Killed, it leaves nothing in the way.
        gateway.kill();
        gateway.start_again();
        gateway.stop();

        let network = std::fs::metadata(format!("/run/netns/{}", engine.netns().name())).unwrap();
        let lock = format!("/run/wharf/serve/network-{}-{}.lock", network.dev(), network.ino());
        let held = std::fs::File::options().write(true).open(lock).unwrap();
        held.lock().unwrap();
        second().exits(1).says("serves this network namespace already; stop it first");
        drop(held);
        gateway.start_again();
    });
}

//! Binds over time: restarts of the engine, of the gateway and of its helper, boots, kills.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};

use wharf_conformance::eventually;
use wharf_testkit::docker_program;

use crate::harbour::{Harbour, on_each_engine_alone};

/// Whether the container runs and sees what is in the directory.
fn sees(harbour: &Harbour<'_>, name: &str) {
    let alice = harbour.alice();
    eventually("the container runs", || {
        let said = alice.sh(&format!("docker exec {name} cat /data/hers"));
        (said.status() == 0 && said.stdout() == "mine\n").then_some(())
    });
}

fn set_up(harbour: &Harbour<'_>) {
    harbour.file("alice", "data/hers", "mine\n");
    let alice = harbour.alice();
    alice
        .sh(&format!(
            "docker run -d --init --restart always --name web -v {}/data:/data busybox sleep 1000",
            harbour.home("alice").display()
        ))
        .succeeds();
    sees(harbour, "web");
}

#[test]
fn a_bind_outlives_restarts_of_everything() {
    on_each_engine_alone(|harbour| {
        set_up(harbour);
        harbour.stop_pins("TERM");
        assert!(!harbour.gateway.path("run/admin/pins.sock").exists());
        harbour.start_pins();
        sees(harbour, "web");
        harbour.alice().sh("docker restart -t 1 web").succeeds();
        harbour.stop_pins("KILL");
        harbour.start_pins();
        assert!(harbour.gateway.stop().success());
        harbour.gateway.start_again();
        sees(harbour, "web");
        harbour.gateway.kill();
        harbour.gateway.start_again();
        harbour.alice().sh("docker restart -t 1 web").succeeds();
        harbour.gateway.engine().restart().unwrap();
        sees(harbour, "web");
        harbour.gateway.engine().kill().unwrap();
        sees(harbour, "web");
        harbour.pins_are_left(1);
        harbour.alice().sh("docker rm -f web").succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn a_socket_in_a_container_outlives_the_gateway() {
    const PING: &[u8] = b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
    on_each_engine_alone(|harbour| {
        // Until now the gateway's own: the helper was not there when it came.
        assert!(harbour.gateway.stop().success());
        harbour.gateway.start_again();
        harbour
            .alice()
            .sh("docker run -d --init --name ryuk -v /var/run/docker.sock:/var/run/docker.sock busybox sleep 1000")
            .succeeds();
        let name = format!("{}--ryuk", harbour.gateway.tenant_name("alice"));
        let process = harbour.gateway.engine().docker(["inspect", "-f", "{{.State.Pid}}", &name]).unwrap();
        let inside = format!("/proc/{}/root/var/run/docker.sock", process.trim());
        let came = || {
            let mut stream = UnixStream::connect(&inside).unwrap();
            stream.write_all(PING).unwrap();
            stream
        };
        let answered = |mut stream: UnixStream| {
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.ends_with("OK"), "{answer}");
        };
        answered(came());
        for is_killed in [false, true] {
            if is_killed {
                harbour.gateway.kill();
            } else {
                assert!(harbour.gateway.stop().success());
            }
            let waiting = came();
            harbour.gateway.start_again();
            answered(waiting);
            answered(came());
        }
        // Who answers has it, too.
        harbour.stop_pins("KILL");
        harbour.start_pins();
        answered(came());
        harbour.alice().sh("docker rm -f ryuk").succeeds();
    });
}

#[test]
fn after_a_boot_containers_whose_pin_was_late_are_started() {
    on_each_engine_alone(|harbour| {
        set_up(harbour);
        let alice_made =
            format!("docker create --name once -v {}/data:/data busybox", harbour.home("alice").display());
        harbour.alice().sh(&alice_made).succeeds();
        // As at a boot where the helper is late: no mounts, no helper, and the engine first.
        assert!(harbour.gateway.stop().success());
        harbour.gateway.engine().stop().unwrap();
        harbour.stop_pins("KILL");
        harbour.unmount_all();
        harbour.gateway.engine().start_again().unwrap();
        harbour.gateway.start_again();
        let alice = harbour.alice();
        eventually("the engine gives up", || {
            (alice.answer("docker inspect -f '{{.State.Running}}' web") == "false").then_some(())
        });
        let home = harbour.home("alice").display().to_string();
        // Its own path, and not the place, in the words of the engine.
        let error = alice.answer("docker inspect -f '{{.State.Error}}' web");
        assert!(error.contains("no such file or directory") && !error.contains("places"), "{error}");
        alice.sh("docker start web").exits(1).says(&format!("{home}/data")).never_says("places");
        drop(alice);
        harbour.start_pins();
        sees(harbour, "web");
        harbour.pins_are_left(2);
        assert_eq!(harbour.alice().answer("docker inspect -f '{{.State.Status}}' once"), "created");
        harbour.alice().sh("docker rm -f web once").succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn what_is_not_granted_any_more_is_not_there_at_the_next_start() {
    on_each_engine_alone(|harbour| {
        set_up(harbour);
        let home = harbour.home("alice").display().to_string();
        harbour.gateway.reload("mounts: ['~', ", "mounts: [");
        eventually("the helper hides it", || {
            harbour.pins_log().contains("is not granted any more").then_some(())
        });
        sees(harbour, "web");
        harbour.alice().sh("docker restart -t 1 web").exits(1).says(&format!("{home}/data"));
        assert_eq!(harbour.pins(), 1, "it is remembered");
        harbour.gateway.reload("mounts: [", "mounts: ['~', ");
        sees(harbour, "web");
        harbour.alice().sh("docker rm -f web").succeeds();
        harbour.pins_are_left(0);
    });
}

/// Makes containers with two binds each, one after the other, whatever becomes of each.
fn making(harbour: &Harbour<'_>, home: &str) -> Child {
    let docker = docker_program(harbour.gateway.engine().kind()).unwrap();
    let script = format!(
        "for n in 1 2 3 4 5 6; do {} create -v {home}/data:/data -v {home}:/home busybox || true; done",
        docker.display()
    );
    let mut command = harbour.gateway.account("alice").command("sh");
    command
        .args(["-c", &script])
        .env("DOCKER_HOST", format!("unix://{}", harbour.gateway.socket().display()));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn killed_at_any_moment_nothing_is_left_that_no_container_has() {
    on_each_engine_alone(|harbour| {
        let home = harbour.home("alice").display().to_string();
        for round in 0..8_u64 {
            let mut making = making(harbour, &home);
            std::thread::sleep(std::time::Duration::from_millis(120 + 130 * round));
            if round % 2 == 0 {
                harbour.gateway.kill();
                harbour.gateway.start_again();
            } else {
                harbour.stop_pins("KILL");
                harbour.start_pins();
            }
            making.wait().unwrap();
        }
        let alice = harbour.alice();
        let made = |alice: &wharf_conformance::gateway::Client<'_>| alice.lines("docker ps -aq").len();
        assert!(made(&alice) > 0, "some were made");
        // Each has two, and those that nobody has go; what was under way without a word goes after a while.
        eventually("only pins of containers", || (harbour.pins() == 2 * made(&alice)).then_some(()));
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
        let half = format!("{}/.half-", harbour.gateway.path("state/places").display());
        assert!(!mounts.contains(&half), "{mounts}");
        for id in alice.lines("docker ps -aq") {
            alice.sh(&format!("docker start {id} && docker rm -f {id}")).succeeds();
        }
        harbour.pins_are_left(0);
    });
}

//! Room on disk: measured, and refused above the grant.

use wharf_conformance::eventually;
use wharf_conformance::gateway::{Client, Gateway, through_the_gateway};

const GRANT: &str =
    "limits: {memory: 1G, volumes: 5, disk: 40M, per_container: {memory: 32M, cpus: 1, pids: 20}}\n";

/// Waits until something that takes room is refused, and gives the message.
fn refused(alice: &Client<'_>, script: &str) -> String {
    eventually("a refusal", || {
        let run = alice.sh(script);
        run.stderr().contains("denied by rule limits").then(|| run.stderr())
    })
}

#[test]
fn what_containers_and_volumes_hold_is_measured_and_refused_above_the_grant() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).tenant("bob", GRANT).start();
        let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
        alice.sh("docker volume create data").succeeds();
        let fill =
            "dd if=/dev/urandom of=/data/big bs=1M count=25; dd if=/dev/urandom of=/big bs=1M count=25";
        let run = format!("docker run --name full --log-driver none -v data:/data busybox sh -c '{fill}'");
        alice.sh(&run).succeeds();
        let message = refused(&alice, "docker volume create more && docker volume rm more");
        assert!(message.contains("disk: 5") && message.contains("M used, 40M allowed"), "{message}");
        for script in [
            "docker create --log-driver none busybox",
            "docker commit full",
            "docker pull busybox@sha256:1111111111111111111111111111111111111111111111111111111111111111",
            "echo text >text; docker cp text full:/text",
            "docker save busybox | docker load",
        ] {
            let run = alice.sh(script);
            assert_ne!(run.status(), 0, "{run}");
            run.says("denied by rule limits").says("disk: 5");
        }
        // Reading, stopping and removing are always permitted, and others have room of their own.
        alice.sh("docker cp full:/bin/true copy; docker ps -a; docker volume ls").succeeds();
        bob.sh("docker run --rm --log-driver none busybox true").succeeds();
        // What is gone is known to be gone at once.
        alice.sh("docker rm full").succeeds();
        alice.sh("docker run --rm --log-driver none -v data:/data busybox rm /data/big").succeeds();
        alice.sh("docker volume create more").succeeds();
    });
}

#[test]
fn images_count_for_each_tenant_and_layers_that_its_images_share_count_once() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", &GRANT.replace("40M", "60M")).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let fill = "dd if=/dev/urandom of=/big bs=1M count=25";
        alice.sh(&format!("docker run --name full --log-driver none busybox sh -c '{fill}'")).succeeds();
        alice.sh("docker commit full app:1; docker rm full").succeeds();
        // Three more images with the same 25 MB below: counted each for itself, they would not fit.
        for n in 2..5 {
            let made = "docker run --name c --log-driver none app:1 sh -c";
            alice.sh(&format!("{made} 'echo {n} >/n'; docker commit c app:{n}; docker rm c")).succeeds();
            alice.sh("docker volume create probe; docker volume rm probe").succeeds();
        }
        alice
            .sh("docker run --name other --log-driver none busybox sh -c 'head -c 40m /dev/urandom >/o'")
            .succeeds();
        let message = refused(&alice, "docker volume create more && docker volume rm more");
        assert!(message.contains("disk: 65"), "{message}");
        alice.sh("docker rm other; docker volume create more").succeeds();
    });
}

#[test]
fn logs_count_with_what_they_may_become() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        // 30 MB each, unless something else is said.
        alice
            .sh("docker create busybox; docker create --log-opt max-size=6m --log-opt max-file=2 busybox")
            .succeeds();
        let run = alice.sh("docker create busybox");
        assert_ne!(run.status(), 0, "{run}");
        run.says("disk: 41.44M used, 40M allowed");
    });
}

//! What is refused, and with which words.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use wharf_conformance::Run;
use wharf_conformance::gateway::{Gateway, ORDINARY};

use crate::harbour::on_each_engine;

#[test]
fn what_is_not_granted_is_refused_with_the_reason() {
    on_each_engine(|harbour| {
        let (alice, home, bobs) = (harbour.alice(), harbour.home("alice"), harbour.home("bob"));
        symlink("/etc", home.join("etc")).unwrap();
        symlink(&bobs, home.join("bobs")).unwrap();
        harbour.directory("alice", "roots");
        std::os::unix::fs::lchown(home.join("roots"), Some(0), Some(0)).unwrap();
        Command::new("mkfifo").arg(home.join("pipe")).status().unwrap();
        let (home, bobs) = (home.display().to_string(), bobs.display().to_string());
        let denied = "denied by rule mounts";
        let outside = "is outside of what you may bind";
        for (path, reason) in [
            ("/etc".to_owned(), outside),
            ("/".to_owned(), outside),
            ("/var/lib/docker".to_owned(), outside),
            (bobs.clone(), outside),
            (format!("{bobs}/data"), outside),
            (harbour.gateway.path("home").display().to_string(), outside),
            (harbour.gateway.path("state").display().to_string(), outside),
            (format!("{}/state/places", harbour.gateway.path("").display()), outside),
            (format!("{home}/etc"), "symbolic link"),
            (format!("{home}/etc/ssl"), "symbolic link"),
            (format!("{home}/bobs"), "symbolic link"),
            (format!("{home}/roots"), "belongs to user 0"),
            (format!("{home}/pipe"), "is a named pipe"),
        ] {
            for flag in
                [format!("-v {path}:/x"), format!("--mount type=bind,source={path},target=/x,readonly")]
            {
                alice.sh(&format!("docker create {flag} busybox")).exits(1).says(denied).says(reason);
            }
        }
        alice
            .sh(&format!("docker create --mount type=bind,source={home}/nothing,target=/x busybox"))
            .exits(1)
            .says(denied)
            .says("does not exist; make it first, or use a named volume");
        alice
            .sh(&format!("docker create --mount type=bind,source={home}/../bob,target=/x busybox"))
            .exits(1)
            .says("climbs with `..`");
        alice.answers("docker ps -aq", "");
        assert_eq!(harbour.pins(), 0);
        // Whoever is granted nothing is told so.
        let bob = harbour.gateway.as_tenant("bob", harbour.gateway.engine().kind());
        bob.sh(&format!("docker create -v {bobs}/data:/x busybox"))
            .exits(1)
            .says(denied)
            .says("named volume");
        let trail = fs::read_to_string(harbour.gateway.path("state/audit.jsonl")).unwrap();
        assert!(
            trail.lines().any(|line| line.contains("\"rule\":\"mounts\"") && line.contains("symbolic link"))
        );
    });
}

#[test]
fn whoever_asks_through_a_tenants_own_socket_has_no_directories() {
    on_each_engine(|harbour| {
        let socket = harbour
            .gateway
            .path("run/tenants")
            .join(harbour.gateway.tenant_name("alice"))
            .join("1")
            .join("docker.sock");
        let engine = harbour.gateway.engine();
        let mut docker = engine.docker_command();
        docker.env("DOCKER_HOST", format!("unix://{}", socket.display()));
        docker.args(["create", "-v", &format!("{}:/x", harbour.home("alice").display()), "busybox"]);
        Run::of(&mut docker, b"").exits(1).says("denied by rule mounts").says("has no account");
    });
}

#[test]
fn without_its_helper_a_gateway_says_what_is_missing() {
    on_each_engine(|harbour| {
        // The helper stays where it is; what is hidden is its socket.
        let (socket, aside) =
            (harbour.gateway.path("run/admin/pins.sock"), harbour.gateway.path("run/admin/aside"));
        fs::rename(&socket, &aside).unwrap();
        let alice = harbour.alice();
        let create = format!("docker create -v {}/data:/x busybox", harbour.home("alice").display());
        alice.sh(&create).exits(1).says("binds need `wharf pins`").says("wharf-pins.service");
        fs::rename(&aside, &socket).unwrap();
        let id = alice.answer(&create);
        alice.sh(&format!("docker rm {id}")).succeeds();
        harbour.pins_are_left(0);
    });
}

#[test]
fn an_engine_that_does_not_map_users_binds_nothing() {
    wharf_conformance::on_each_engine(|engine| {
        let grants = format!("{ORDINARY}mounts: ['~']\n");
        let gateway = Gateway::on(engine).tenant("alice", &grants).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let home = gateway.account("alice").home().display();
        alice
            .sh(&format!("docker create -v {home}:/x busybox"))
            .exits(1)
            .says("denied by rule mounts")
            .says("this engine does not map users")
            .says("use a named volume; the administrator can turn on userns-remap");
    });
}

#[test]
fn a_container_that_is_not_made_leaves_no_pin() {
    on_each_engine(|harbour| {
        let (alice, home) = (harbour.alice(), harbour.home("alice").display().to_string());
        alice.sh("docker create --name web busybox").succeeds();
        // The engine refuses.
        alice
            .sh(&format!("docker create --name web -v {home}/data:/x busybox"))
            .exits(1)
            .says("already in use");
        // The policy refuses.
        alice
            .sh(&format!("docker create -m 64g -v {home}/data:/x busybox"))
            .exits(1)
            .says("denied by rule limits");
        // The second bind is refused when the first is there.
        alice
            .sh(&format!(
                "docker create -v {home}/data:/x --mount type=bind,source={home}/nothing,target=/y busybox"
            ))
            .exits(1);
        // Too many.
        let many: Vec<String> = (0..33).map(|n| format!("-v {home}/data:/x{n}")).collect();
        alice.sh(&format!("docker create {} busybox", many.join(" "))).exits(1).says("more than the 32");
        harbour.pins_are_left(0);
        alice.sh("docker rm web").succeeds();
    });
}

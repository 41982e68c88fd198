//! A gateway that is killed, or told to end, while streams are open.

use crate::http::Talk;
use std::time::{Duration, Instant};
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_testkit::{Engine, EngineKind, or_skip};

#[test]
fn a_killed_gateway_takes_nothing_with_it_and_knows_all_again() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let grants = ORDINARY.replace("containers: 30", "containers: 2");
    let mut gateway = Gateway::on(&engine).tenant("alice", &grants).start();
    let talk = |gateway: &Gateway<'_>| Talk::on(gateway.account("alice").connect(&gateway.socket()).unwrap());
    let exec = {
        let alice = gateway.as_tenant("alice", engine.kind());
        alice
            .sh("docker run -d --name box busybox sh -c 'trap \"exit 7\" TERM; while :; do echo tick; sleep 0.1; done'
                 docker create --name other busybox true")
            .succeeds();
        let mut logs = alice.start("docker logs -f box");
        let mut events = alice.start("docker events");
        let mut running = alice.start("docker exec box sh -c 'echo begun; sleep 1000'");
        logs.says("tick");
        running.says("begun");
        let made = talk(&gateway).ask(
            "POST",
            "/containers/box/exec",
            r#"{"AttachStdout":true,"Cmd":["echo","still"]}"#,
        );
        assert_eq!(made.status, 201, "{made:?}");
        events.says("exec_create");
        let begun = talk(&gateway).get("/containers/box/json").body;
        drop(alice);
        gateway.kill();
        let _ended = [logs.ends(), events.ends(), running.ends()];
        let pid = engine.docker(["ps", "-q", "--filter", "status=running"]).unwrap();
        assert_eq!(pid.lines().count(), 1, "the container runs");
        gateway.start_again();
        assert_eq!(
            talk(&gateway)
                .get("/containers/box/json")
                .body
                .split("\"Pid\"")
                .nth(1)
                .map(|rest| rest[..8].to_owned()),
            begun.split("\"Pid\"").nth(1).map(|rest| rest[..8].to_owned()),
            "the same process"
        );
        let id = made.body.split('"').nth(3).unwrap().to_owned();
        assert_eq!(id.len(), 64, "{made:?}");
        id
    };
    let mut started = talk(&gateway);
    started.write(&crate::http::request(
        "POST",
        &format!("/exec/{exec}/start"),
        r#"{"Detach":false,"Tty":false}"#,
    ));
    assert!(started.hears("still").starts_with("HTTP/1.1 200 OK"));
    let alice = gateway.as_tenant("alice", engine.kind());
    alice.sh("docker create busybox true").exits(1).says("denied by rule");
    let mut waiting = alice.start("docker wait box");
    alice.sh("sleep 0.5; docker stop box").succeeds();
    waiting.says("7");
    alice.answers("docker ps -a --format '{{.Names}}' | sort", "box\nother");
}

#[test]
fn told_to_end_it_does_so_at_once_with_everything_open() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let mut gateway = Gateway::on(&engine).tenant("alice", ORDINARY).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    alice.sh("docker run -d --name box busybox sh -c 'while :; do echo tick; sleep 0.1; done'").succeeds();
    let mut logs = alice.start("docker logs -f box");
    let mut exec = alice.start("docker exec -i box cat");
    logs.says("tick");
    exec.types("hello\n");
    exec.says("hello");
    let mut open: Vec<_> = (0..50).map(|_| Talk::on(alice.connect().unwrap())).collect();
    for talk in &mut open {
        talk.write("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
        assert!(talk.head().unwrap().starts_with("HTTP/1.1 200"));
    }
    drop(alice);
    let begun = Instant::now();
    assert!(gateway.stop().success());
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    logs.ends();
    exec.ends();
    for talk in &mut open {
        talk.rest();
    }
    assert!(engine.docker(["ps", "-q"]).unwrap().lines().count() == 1);
}

//! Configurations that change while requests are under way and streams are open.

use crate::http::Talk;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use wharf_conformance::eventually;
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_testkit::{Engine, EngineKind, or_skip};

#[test]
fn each_request_is_judged_by_one_configuration_while_a_hundred_come_and_go() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).start();
    let done = AtomicBool::new(false);
    let (one, two) = ("containers: 30, networks: 10", "containers: 31, networks: 11");
    let seen = thread::scope(|scope| {
        let (gateway, done) = (&gateway, &done);
        let ask = move || {
            let mut seen = [0, 0];
            while !done.load(Ordering::Relaxed) {
                let mut talk = Talk::on(gateway.account("alice").connect(&gateway.socket()).unwrap());
                for _ in 0..20 {
                    let said = talk.get("/wharf/whoami").body;
                    let has = |text: &str| said.contains(text);
                    match (
                        has(r#""containers":30"#),
                        has(r#""networks":10"#),
                        has(r#""containers":31"#),
                        has(r#""networks":11"#),
                    ) {
                        (true, true, false, false) => seen[0] += 1,
                        (false, false, true, true) => seen[1] += 1,
                        _ => panic!("half one, half another: {said}"),
                    }
                }
            }
            seen
        };
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        for round in 0..100 {
            let (from, to) = if round % 2 == 0 { (one, two) } else { (two, one) };
            gateway.reload(from, to);
            thread::sleep(std::time::Duration::from_millis(20));
        }
        done.store(true, Ordering::Relaxed);
        asking
            .into_iter()
            .map(|asking| asking.join().unwrap())
            .fold([0, 0], |a, b| [a[0] + b[0], a[1] + b[1]])
    });
    println!("judged by one and the other: {seen:?}");
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
}

#[test]
fn who_is_removed_loses_all_that_is_open_and_a_file_that_is_not_understood_changes_nothing() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
    let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
    let open = |client: &wharf_conformance::gateway::Client<'_>| {
        client
            .sh("docker run -d --name box busybox sh -c 'while :; do echo tick; sleep 0.1; done'")
            .succeeds();
        let mut logs = client.start("docker logs -f box");
        let mut exec = client.start("docker exec -i box cat");
        let events = client.start("docker events");
        logs.says("tick");
        exec.types("before\n");
        exec.says("before");
        (logs, exec, events)
    };
    let (alices, mut bobs) = (open(&alice), open(&bob));
    gateway.reload("containers: 30", "containers: thirty");
    eventually("a complaint", || gateway.log().contains("thirty").then_some(()));
    alice.sh("docker exec box true").succeeds();
    gateway.reload("containers: thirty", "containers: 30");
    let users = format!("users: [{}]", gateway.tenant_name("alice"));
    gateway.reload(&users, "users: []");
    let (logs, exec, events) = alices;
    logs.ends();
    exec.ends();
    events.ends();
    alice.sh("docker ps").exits(1).says("denied by rule tenant");
    bobs.1.types("after\n");
    bobs.1.says("after");
    bobs.0.says("tick");
    bob.sh("docker volume create seen").succeeds();
    bobs.2.says("seen");
}

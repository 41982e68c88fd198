//! Readers that are slow, and ends that stop speaking while the other goes on.

use crate::http::Talk;
use crate::process::resident;
use std::io::Write as _;
use std::net::Shutdown;
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_testkit::{Engine, EngineKind, or_skip};

/// What one reader that does not read may cost, in KiB.
const MOST_OF_A_READER: u64 = 400;

#[test]
fn a_reader_that_does_not_read_holds_little_in_the_gateway() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    let fill = "head -c 30000000 /dev/zero | tr '\\\\0' x | fold -w 100; touch /done; sleep 1000";
    alice.sh(&format!("docker run -d --name box busybox sh -c \"{fill}\"")).succeeds();
    wharf_conformance::eventually("a long log", || {
        (alice.sh("docker exec box test -e /done").status() == 0).then_some(())
    });
    // An engine lets one client at a time copy out of a container.
    alice.sh("for n in 0 1 2 3 4 5 6 7; do docker create --name c$n busybox true; done").succeeds();
    for (what, count, target) in [
        ("logs", 50, "/containers/box/logs?stdout=1&follow=1"),
        ("copies", 8, "/containers/c@/archive?path=/bin"),
        ("images", 20, "/images/busybox/get"),
    ] {
        let before = resident(&gateway);
        let open: Vec<Talk> = (0..count)
            .map(|number| {
                let mut talk = Talk::on(alice.connect().unwrap());
                let target = target.replace('@', &number.to_string());
                talk.write(&format!("GET {target} HTTP/1.1\r\nHost: d\r\n\r\n"));
                assert!(talk.head().unwrap().starts_with("HTTP/1.1 200"));
                talk
            })
            .collect();
        std::thread::sleep(std::time::Duration::from_secs(1));
        let each = resident(&gateway).saturating_sub(before) / count;
        println!("{what}: {each} KiB for each of {count} readers that do not read");
        assert!(each < MOST_OF_A_READER, "{what}: {each} KiB");
        drop(open);
    }
    let (before, count) = (resident(&gateway), 50);
    let open: Vec<Talk> = (0..count).map(|_| exec(&alice, &["cat", "/dev/zero"], false)).collect();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let each = resident(&gateway).saturating_sub(before) / count;
    println!("execs: {each} KiB for each of {count} readers that do not read");
    assert!(each < MOST_OF_A_READER, "execs: {each} KiB");
    drop(open);
}

/// An exec that has begun, in `box`.
fn exec(alice: &wharf_conformance::gateway::Client<'_>, command: &[&str], input: bool) -> Talk {
    let mut talk = Talk::on(alice.connect().unwrap());
    let words = command.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(",");
    let body = format!("{{\"AttachStdin\":{input},\"AttachStdout\":true,\"Cmd\":[{words}]}}");
    let made = talk.ask("POST", "/containers/box/exec", &body);
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.body.split('"').nth(3).unwrap().to_owned();
    let body = r#"{"Detach":false}"#;
    talk.write(&format!(
        "POST /exec/{id}/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(talk.head().unwrap().starts_with("HTTP/1.1 101"));
    talk
}

#[test]
fn an_end_that_stops_speaking_still_hears_the_other() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    alice.sh("docker run -d --name box busybox sleep 1000").succeeds();
    let mut talk = exec(&alice, &["sh", "-c", "cat; sleep 0.5; echo last"], true);
    talk.stream.write_all(b"first\n").unwrap();
    talk.stream.shutdown(Shutdown::Write).unwrap();
    let heard = talk.rest();
    assert!(heard.contains("first") && heard.contains("last"), "{heard}");
    // The other way: what runs closes its output, and reads on.
    let mut talk = exec(&alice, &["sh", "-c", "exec >&- 2>&-; cat > /heard"], true);
    talk.stream.write_all(b"all of it\n").unwrap();
    talk.stream.shutdown(Shutdown::Write).unwrap();
    talk.rest();
    wharf_conformance::eventually("all of it", || {
        (alice.answer("docker exec box cat /heard") == "all of it").then_some(())
    });
    let mut attached = alice.start("printf 'in and out\\n' | docker run -i --rm busybox cat");
    attached.says("in and out");
    attached.ends();
}

/// 75 seconds of silence, more than the gateway allows between requests. Run it by name.
#[test]
fn streams_may_be_silent_for_longer_than_connections() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let gateway = Gateway::on(&engine).tenant("alice", ORDINARY).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    alice.sh("docker run -d --name box busybox sh -c 'sleep 1000'").succeeds();
    let mut events = Talk::on(alice.connect().unwrap());
    events.write("GET /events HTTP/1.1\r\nHost: d\r\n\r\n");
    assert!(events.head().unwrap().starts_with("HTTP/1.1 200"));
    let mut cat = exec(&alice, &["cat"], true);
    let mut idle = Talk::on(alice.connect().unwrap());
    std::thread::sleep(std::time::Duration::from_secs(75));
    assert_eq!(idle.rest(), "");
    cat.write("still\n");
    cat.hears("still");
    alice.sh("docker volume create late").succeeds();
    events.hears("late");
}

//! Bytes that are not quite HTTP, and several requests at once. `tenant_boundary` has the attacks; here is what becomes
//! of the connection: a clear refusal or an end, and nothing at the engine.

use crate::http::Talk;
use std::io::Write as _;
use std::net::Shutdown;
use wharf_conformance::gateway::Gateway;
use wharf_testkit::{Engine, EngineKind, Recorder, or_skip};

/// What the engine must never see.
const MARK: &str = "smuggled";

#[test]
fn what_is_no_request_is_refused_or_closed_and_never_at_the_engine() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let recorder = Recorder::start(&engine.socket()).unwrap();
    let gateway = Gateway::on(&engine).tenant("alice", &crate::unfiltered()).recorded_by(&recorder).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    let say = |bytes: &[u8]| {
        let mut talk = Talk::on(alice.connect().unwrap());
        // It may have heard enough before the end.
        let _refused = talk.stream.write_all(bytes);
        let _closed = talk.stream.shutdown(Shutdown::Write);
        talk.rest()
    };
    let inner = format!(
        "POST /volumes/create HTTP/1.1\r\nHost: d\r\nContent-Length: 19\r\nContent-Type: application/json\r\n\r\n{{\"Name\":\"{MARK}\"}}"
    );
    let head = "POST /volumes/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n";
    let framed_twice =
        |both: &str| format!("{head}{both}\r\n\r\n14\r\n{{\"Name\":\"in-chunks\"}}\r\n0\r\n\r\n{inner}");
    for (what, bytes) in [
        ("two lengths", format!("{head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}{inner}")),
        (
            "two hosts",
            format!("GET /_ping HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n{inner}"),
        ),
        ("a folded header", format!("{head}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{{}}{inner}")),
        (
            "a chunk of no size",
            format!("{head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n{inner}"),
        ),
        (
            "a chunk without end",
            format!("{head}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}XX0\r\n\r\n{inner}"),
        ),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_owned()),
        ("HTTP/0.9", format!("GET /_ping\r\n\r\n{inner}")),
        ("CONNECT", format!("CONNECT d:80 HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n{inner}")),
        ("TRACE", "TRACE /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".to_owned()),
        (
            "another's address",
            "GET http://d/version HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("a star", "OPTIONS * HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n".to_owned()),
        (
            "a header of 1 MiB",
            format!("GET /_ping HTTP/1.1\r\nHost: d\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
        ),
        ("a target of 1 MiB", format!("GET /{} HTTP/1.1\r\nHost: d\r\n\r\n", "x".repeat(1 << 20))),
        (
            "a null in a header",
            "GET /_ping HTTP/1.1\r\nHost: d\r\nX: a\0b\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("nulls", "\0".repeat(100)),
        ("a line feed alone", "GET /_ping HTTP/1.1\nHost: d\nConnection: close\n\n".to_owned()),
        ("a line feed alone at the end", format!("GET /_ping HTTP/1.1\r\nHost: d\r\n\n{inner}")),
        ("a length and chunks", framed_twice("Content-Length: 5\r\nTransfer-Encoding: chunked")),
        ("chunks and a length", framed_twice("Transfer-Encoding: chunked\r\nContent-Length: 5")),
        (
            "a chunk with an extension",
            format!("{head}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{{}}\r\n0\r\n\r\n{inner}"),
        ),
        (
            "another coding",
            format!("{head}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n{inner}"),
        ),
    ] {
        recorder.clear();
        let said = say(bytes.as_bytes());
        let refused = said.is_empty() || said.starts_with("HTTP/1.1 4") || said.starts_with("HTTP/1.1 505");
        assert!(refused, "{what}: {said}");
        assert!(!said.contains("HTTP/1.1 2"), "{what}: {said}");
        let asked: Vec<String> = recorder.requests();
        assert!(asked.iter().all(|line| line.starts_with("GET ")), "{what}: {asked:?}");
    }
    // HTTP/1.0 is spoken by small clients.
    let mut talk = Talk::on(alice.connect().unwrap());
    talk.write("GET /_ping HTTP/1.0\r\n\r\n");
    let said = talk.answer().unwrap();
    assert_eq!((said.status, said.body.as_str()), (200, "OK"));
    let mut kept = Talk::on(alice.connect().unwrap());
    for connection in ["keep-alive", "close"] {
        kept.write(&format!("GET /_ping HTTP/1.0\r\nConnection: {connection}\r\n\r\n"));
        let said = kept.answer().unwrap();
        assert_eq!((said.status, said.body.as_str()), (200, "OK"), "{connection}");
    }
    assert_eq!(kept.rest(), "");
}

#[test]
fn requests_that_come_at_once_are_answered_in_order_and_judged_one_by_one() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let recorder = Recorder::start(&engine.socket()).unwrap();
    let gateway = Gateway::on(&engine).tenant("alice", &crate::unfiltered()).recorded_by(&recorder).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    let mut talk = Talk::on(alice.connect().unwrap());
    let privileged = r#"{"Image":"busybox","HostConfig":{"Privileged":true}}"#;
    let all = [
        crate::http::request("GET", "/containers/none/json", ""),
        crate::http::request("GET", "/_ping", ""),
        crate::http::request("POST", &format!("/containers/create?name={MARK}"), privileged),
        crate::http::request("POST", "/volumes/create", r#"{"Name":"vol"}"#),
        crate::http::request("GET", "/debug/vars", ""),
        crate::http::request("GET", "/volumes/vol", ""),
    ];
    talk.write(&all.concat());
    let statuses: Vec<u16> = all.iter().map(|_| talk.answer().unwrap().status).collect();
    assert!(matches!(statuses[..], [404, 200, 403, 201, 403 | 404, 200]), "{statuses:?}");

    // An upgrade that is none: what follows is a request like any other, or nothing.
    let upgrade = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
    let behind = crate::http::request("POST", &format!("/containers/create?name={MARK}"), privileged);
    let id = "0".repeat(64);
    let detached = {
        alice.sh("docker run -d --name box busybox sleep 1000").succeeds();
        let made = talk.ask("POST", "/containers/box/exec", r#"{"Cmd":["true"]}"#);
        made.body.split('"').nth(3).unwrap().to_owned()
    };
    let start = |id: &str, body: &str| {
        let length = body.len();
        format!(
            "POST /exec/{id}/start HTTP/1.1\r\nHost: d\r\n{upgrade}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    };
    for (head, first) in [
        (format!("GET /_ping HTTP/1.1\r\nHost: d\r\n{upgrade}\r\n"), 200),
        (start(&id, "{}"), 404),
        (start(&detached, r#"{"Detach":true}"#), 200),
    ] {
        recorder.clear();
        let mut talk = Talk::on(alice.connect().unwrap());
        talk.write(&format!("{head}{behind}"));
        assert_eq!(talk.answer().unwrap().status, first, "{head}");
        assert!(talk.answer().is_none_or(|said| said.status == 403), "{head}");
        let asked = recorder.requests();
        assert!(
            !asked.iter().any(|line| line.contains(MARK) || line.contains("/create")),
            "{head}: {asked:?}"
        );
    }
}

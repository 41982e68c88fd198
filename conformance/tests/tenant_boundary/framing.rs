//! The bytes of HTTP (ENGINE-API V8, V21, V28 and 3.4): what two readers might read differently, and what hides behind
//! an upgrade.

use crate::http::{parse, send};
use crate::town::{Town, stories};
use std::io::{Read as _, Write as _};
use std::time::Duration;

stories![
    what_follows_an_upgrade_that_is_none_is_not_read,
    what_is_framed_in_two_ways_is_refused_or_read_in_one,
    targets_are_read_once,
];

/// A creation that gives the host away, whole, for the end of a request that seems to be another.
fn smuggled() -> String {
    let body = r#"{"Image":"busybox","HostConfig":{"Privileged":true,"Binds":["/:/h"]}}"#;
    format!(
        "POST /containers/create?name=smuggled HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// These bytes came to nothing: the engine was asked for nothing but reads, and there is no such container.
fn came_to_nothing(town: &Town<'_>, what: &str, bytes: &[u8]) -> String {
    let answer = send(town.connect("mallory"), bytes);
    let text = String::from_utf8_lossy(&answer).into_owned();
    town.unharmed(what, &parse(&answer));
    assert!(!text.contains("201 Created") && !text.contains(&town.bobs.secret), "{what}: {text}");
    for name in ["smuggled", &format!("{}--smuggled", town.mallorys_name())] {
        assert_eq!(town.bare("GET", &format!("/containers/{name}/json"), "").status, 404, "{what}");
    }
    text
}

fn what_follows_an_upgrade_that_is_none_is_not_read(town: &Town<'_>) {
    let behind = smuggled();
    let heads = [
        "GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n".to_owned(),
        format!("POST /exec/{}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", "0".repeat(64)),
        format!("POST /exec/{}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}", town.bobs.exec),
        "POST /containers/web/attach?stream=1&stdin=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n".to_owned(),
        "GET /containers/json HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n".to_owned(),
    ];
    // The engine itself serves what follows (V8): a proxy that leaves HTTP at the client's word would pass it on.
    let served = send(
        std::os::unix::net::UnixStream::connect(town.engine.socket()).unwrap(),
        format!(
            "{}{}",
            heads[0],
            heads[0]
                .replace("_ping", "version")
                .replace("Connection: Upgrade\r\nUpgrade: tcp", "Connection: close")
        )
        .as_bytes(),
    );
    assert!(String::from_utf8_lossy(&served).contains("ApiVersion"), "{}", String::from_utf8_lossy(&served));
    for head in heads {
        let text = came_to_nothing(town, &head, format!("{head}{behind}").as_bytes());
        assert!(!text.contains(" 101 "), "{head}: {text}");
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{head}: {text}");
    }
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let text = came_to_nothing(town, "HTTP/2", preface.as_bytes());
    assert!(
        text.is_empty() || text.starts_with("HTTP/1.1 400") || text.starts_with("HTTP/1.1 505"),
        "{text}"
    );
}

fn what_is_framed_in_two_ways_is_refused_or_read_in_one(town: &Town<'_>) {
    let inner = smuggled();
    let plain = r#"{"Image":"busybox","HostConfig":{"Privileged":true}}"#;
    let head = "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    let length = plain.len();
    let frames = [
        format!("{head}Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head}Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{inner}"),
        format!("{head}Content-Length: +{length}\r\n\r\n{plain}"),
        format!("{head}Content-Length: 0x2\r\n\r\n{inner}"),
        format!("{head}Content-Length: -1\r\n\r\n{inner}"),
        format!("{head}Content-Length : {length}\r\n\r\n{plain}"),
        format!("{head}Content-Length: {length}\r\n folded\r\n\r\n{plain}"),
        format!("{head}X: a\n\nContent-Length: 0\r\n\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n-1\r\n{inner}"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(70_000)),
        format!(
            "{head}Transfer-Encoding: chunked\r\nTrailer: Content-Type\r\n\r\n0\r\nContent-Length: 9\r\n\r\n{inner}"
        ),
        "GET /_ping HTTP/1.1\r\n\r\n".to_owned() + &inner,
        "GET /_ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned() + &inner,
        "GET /_ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n".to_owned() + &inner,
        "GET /_ping HTTP/0.9\r\n\r\n".to_owned() + &inner,
        "GET /_ping HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n".to_owned() + &inner,
        format!("GET /_ping HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n{inner}", "a".repeat(200_000)),
        format!("GET /_ping HTTP/1.1\r\nHost: x\r\n{}\r\n{inner}", "A: b\r\n".repeat(5000)),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n{inner}", "a".repeat(100_000)),
        "\r\n\r\n".to_owned() + &inner,
        "\0".to_owned() + &inner,
    ];
    for bytes in frames {
        let what = bytes[..bytes.len().min(200)].to_owned();
        came_to_nothing(town, &what, bytes.as_bytes());
    }
    // A body that never comes holds up nobody else.
    let mut waiting = town.connect("mallory");
    waiting.write_all(format!("{head}Content-Length: 100\r\n\r\n{{").as_bytes()).unwrap();
    assert_eq!(town.bob("GET", "/_ping", "").status, 200);
    waiting.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(waiting.read(&mut [0; 16]).is_err(), "nothing is answered before the body is there");
}

fn targets_are_read_once(town: &Town<'_>) {
    let id = &town.bobs.container;
    let bob = &town.bobs.name;
    for target in [
        format!("http://docker/containers/{id}/json"),
        "http://docker/_ping".to_owned(),
        "docker:80".to_owned(),
        "*".to_owned(),
        format!("/containers/%2e%2e/containers/{id}/json"),
        format!("/containers/own/../{id}/json"),
        format!("/containers/own/%2e%2e/{id}/json"),
        format!("//containers/{id}/json"),
        format!("/containers//{id}/json"),
        format!("/v1.41//containers/{id}/json"),
        format!("/containers/own%2f..%2f{id}/json"),
        format!("/containers/{bob}%2d%2dweb/json"),
        format!("/containers/%2F{bob}--web/json"),
        format!("/containers/{id}%00/json"),
        format!("/containers/{id}%0a/json"),
        format!("/containers/{id}%3fx/json"),
        format!("/containers/{id}%5cjson"),
        format!("/containers/{id};x/json"),
        format!("/containers/{id}/json/"),
        format!("/Containers/{id}/json"),
        format!("/containers/{id}/JSON"),
        format!("/V1.41/containers/{id}/json"),
        format!("/v1.41/v1.41/containers/{id}/json"),
        format!("/v01.41/containers/{id}/json"),
        format!("/v1.041/containers/{id}/json"),
        format!("/v1.41.0/containers/{id}/json"),
        format!("/%761.41/containers/{id}/json"),
        format!("/%63ontainers/{id}/json"),
        format!("/./containers/{id}/json"),
        format!("/containers/{id}/json#/../../own/json"),
        "/containers/own/json?x#y".to_owned(),
        "/containers/\u{ff4f}wn/json".to_owned(),
        "/containers/%ef%bd%8fwn/json".to_owned(),
        "/containers/%zz/json".to_owned(),
        "/containers/%/json".to_owned(),
        "/images/..%2f..%2fcontainers%2fjson/json".to_owned(),
        format!("/images/private:1/json/../../../containers/{id}/json"),
    ] {
        let bytes = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let said = town.raw(bytes.as_bytes());
        town.refused(&target, &[400, 403, 404], &said);
    }
    // A redirection is never an answer, and one of the engine's is never followed.
    assert_eq!(town.bare("GET", &format!("//containers/{id}/json"), "").status, 301);
}

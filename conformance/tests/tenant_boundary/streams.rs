//! Streams: what bob does while mallory watches, and bytes that pretend to be requests once a stream is a tunnel.

use crate::town::{Town, stories};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

stories![events_of_bobs_are_not_told, bytes_in_a_tunnel_are_no_requests,];

/// Everything that comes on a stream until it is silent for a second.
fn rest(stream: &mut UnixStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    let mut all = Vec::new();
    let _silent = stream.read_to_end(&mut all);
    String::from_utf8_lossy(&all).into_owned()
}

fn open(town: &Town<'_>, bytes: &str) -> UnixStream {
    let mut stream = town.connect("mallory");
    stream.write_all(bytes.as_bytes()).expect("a request");
    stream
}

fn events_of_bobs_are_not_told(town: &Town<'_>) {
    let filters = [
        String::new(),
        format!("?filters=%7B%22container%22%3A%5B%22{}%22%5D%7D", town.bobs.container),
        format!("?filters=%7B%22container%22%3A%5B%22web%22,%22{}--web%22%5D%7D", town.bobs.name),
        format!("?filters=%7B%22label%22%3A%5B%22wharf.tenant={}%22%5D%7D", town.bobs.name),
        "?filters=%7B%22type%22%3A%5B%22container%22,%22image%22,%22volume%22,%22network%22,%22daemon%22%5D%7D".to_owned(),
    ];
    let mut watching: Vec<_> = filters
        .iter()
        .map(|filter| open(town, &format!("GET /events{filter} HTTP/1.1\r\nHost: x\r\n\r\n")))
        .collect();
    let mut own = open(town, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    std::thread::sleep(Duration::from_millis(200));
    town.client("bob").sh("docker exec web true; docker pause web; docker unpause web; docker network create more; docker network connect more web; \
                           docker network disconnect more web; docker network rm more; docker volume create more; docker volume rm more; docker tag private:1 more; \
                           docker rmi more; docker run --rm -v /x busybox true; docker rename web web2; docker rename web2 web").succeeds();
    for (filter, stream) in filters.iter().zip(&mut watching) {
        let told = rest(stream);
        assert!(!told.contains("\"Type\"") && !told.contains(&town.bobs.name), "{filter}: {told}");
    }
    // And mallory's own are.
    town.client("mallory").sh("docker volume create more && docker volume rm more").succeeds();
    assert!(rest(&mut own).contains("\"more\""));
}

/// On a tunnel everything is the container's, however much it looks like a request.
fn bytes_in_a_tunnel_are_no_requests(town: &Town<'_>) {
    let id = &town.bobs.container;
    let inner = format!("DELETE /containers/{id}?force=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    town.client("mallory").sh("docker run -d -i --name cat busybox cat").succeeds();
    let exec = town
        .mallory("POST", "/containers/own/exec", r#"{"Cmd":["cat"],"AttachStdin":true,"AttachStdout":true}"#)
        .json();
    let exec = exec["Id"].as_str().unwrap_or_default().to_owned();
    let upgrade = "Host: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n";
    let heads = [
        format!("POST /containers/cat/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\n{upgrade}\r\n"),
        format!(
            "POST /exec/{exec}/start HTTP/1.1\r\n{upgrade}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        ),
    ];
    for head in heads {
        town.changes();
        // Before the engine has said yes, and after.
        let mut stream = open(town, &format!("{head}{inner}"));
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(inner.as_bytes()).expect("a tunnel");
        let told = rest(&mut stream);
        assert!(
            told.starts_with("HTTP/1.1 101") && told.matches("DELETE /containers").count() == 2,
            "{told}"
        );
        assert_eq!(told.matches("HTTP/1.1 ").count(), 1, "the container's echo and no answer: {told}");
        assert_eq!(town.changes().len(), 1, "the stream itself");
    }
    // A start that does not attach opens nothing, whatever was asked for, and what is behind it is not read.
    let exec = town.mallory("POST", "/containers/own/exec", r#"{"Cmd":["true"]}"#).json();
    let exec = exec["Id"].as_str().unwrap_or_default().to_owned();
    town.changes();
    let body = r#"{"Detach":true}"#;
    let head = format!(
        "POST /exec/{exec}/start HTTP/1.1\r\n{upgrade}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let told = rest(&mut open(town, &format!("{head}{inner}")));
    assert!(told.starts_with("HTTP/1.1 200") && told.matches("HTTP/1.1 ").count() == 1, "{told}");
    assert_eq!(town.changes().len(), 1);
    let said = town.mallory("GET", "/_ping", "");
    town.unharmed("tunnels", &said);
}

//! What the engine says of itself.

use std::io::Write as _;

use serde_json::Value;
use wharf_conformance::gateway::{on_each_door, on_each_door_and_cli};

#[test]
fn the_engine_says_who_it_is() {
    on_each_door_and_cli(|client| {
        let version: Value = client.sh("docker version --format '{{json .}}'").succeeds().json();
        let server = &version["Server"];
        let known = client.engine().kind().name();
        assert!(server["Version"].as_str().unwrap().starts_with(known), "{server}");
        assert_eq!(server["Os"], "linux");
        let newest: f64 = server["ApiVersion"].as_str().unwrap().trim_start_matches("1.").parse().unwrap();
        assert!(newest >= 41.0, "{server}");
        client.sh("docker version").succeeds();
        let info: Value = client.sh("docker info --format '{{json .}}'").succeeds().json();
        assert_eq!((&info["OSType"], &info["ServerErrors"]), (&"linux".into(), &Value::Null));
        assert!(info["NCPU"].as_u64().unwrap() > 0 && info["MemTotal"].as_u64().unwrap() > 0, "{info}");
        client.sh("docker info").succeeds();
        if client.is_tenant() {
            assert_eq!((&info["Containers"], &info["ContainersRunning"]), (&0.into(), &0.into()));
            for hidden in ["/tmp/wharf-", "/cli"] {
                assert!(!info["DockerRootDir"].as_str().unwrap_or_default().contains(hidden), "{info}");
            }
        }
        client.answers(
            "docker context create own --docker host=$DOCKER_HOST >/dev/null 2>&1; unset DOCKER_HOST; \
             docker context use own >/dev/null 2>&1; docker run --rm busybox echo by context; \
             docker context rm -f own >/dev/null",
            "by context",
        );
    });
}

#[test]
fn a_connection_serves_one_request_after_another() {
    on_each_door(|client| {
        let ask = |path: &str, more: &str| format!("GET {path} HTTP/1.1\r\nHost: docker\r\n{more}\r\n");
        let end = "Connection: close\r\n";
        let both =
            [ask("/_ping", ""), ask("/v1.41/version", ""), ask("/v1.41/containers/json", end)].concat();
        let answer = client.http(both.as_bytes());
        assert_eq!(answer.matches("HTTP/1.1 200 OK\r\n").count(), 3, "{answer}");
        let answer =
            client.http("HEAD /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n".as_bytes());
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.to_lowercase().contains("\r\napi-version: 1."), "{answer}");
        let answer = client.http(ask("/v1.41/containers/absent/json", end).as_bytes());
        assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
        assert!(answer.contains("{\"message\":\"No such container: absent\"}"), "{answer}");

        // In small pieces, as a slow client sends it.
        let mut slow = client.connect().unwrap();
        for piece in ask("/_ping", end).as_bytes().chunks(7) {
            slow.write_all(piece).unwrap();
        }
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut slow, &mut answer).unwrap();
        assert!(answer.contains("\r\nOK"), "{answer}");
    });
}

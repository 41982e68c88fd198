//! Who is at the other end, and for how long: sockets in containers, the administrator's door, tenants that are removed
//! and come back.

use crate::http::{Said, parse, request, send};
use crate::town::{Town, in_a_town_of_its_own};
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;
use wharf_conformance::eventually;
use wharf_testkit::{Account, Moment, Verdict};

/// Says something at a socket inside one of mallory's containers, as root there.
fn inside(town: &Town<'_>, container: &str, bytes: &[u8]) -> std::io::Result<Said> {
    let details = town.bare("GET", &format!("/containers/{container}/json"), "").json();
    let socket = PathBuf::from(format!("/proc/{}/root/var/run/docker.sock", details["State"]["Pid"]));
    Ok(parse(&send(UnixStream::connect(socket)?, bytes)))
}

const LIST: &str = "/containers/json?all=1";

fn list() -> Vec<u8> {
    request("GET", LIST, "", b"")
}

#[test]
fn a_socket_in_a_container_is_its_tenants_and_nobody_elses() {
    in_a_town_of_its_own(|town| {
        let socket = "/var/run/docker.sock";
        town.client("mallory")
            .sh(&format!("docker run -d --name ryuk -v {socket}:{socket} busybox sleep 1000"))
            .succeeds();
        let ryuk = format!("{}--ryuk", town.mallorys_name());
        town.changes();
        // The peer is user number 0, and still no more than mallory.
        let said = inside(town, &ryuk, &list()).expect("a socket");
        assert_eq!(said.json().as_array().map(Vec::len), Some(2), "{said:?}");
        town.unharmed("a list", &said);
        for (method, target, body) in [
            ("GET", format!("/containers/{}/json", town.bobs.container), ""),
            ("DELETE", format!("/containers/{}?force=1", town.bobs.container), ""),
            ("POST", format!("/exec/{}/start", town.bobs.exec), "{}"),
        ] {
            let kind = if body.is_empty() { "" } else { "application/json" };
            let said =
                inside(town, &ryuk, &request(method, &target, kind, body.as_bytes())).expect("a socket");
            town.refused(&target, &[404], &said);
        }
        town.new_records();
        let body = br#"{"Image":"busybox","HostConfig":{"Privileged":true}}"#;
        let said = inside(town, &ryuk, &request("POST", "/containers/create", "application/json", body))
            .expect("a socket");
        town.denied("from inside", "privileged", &said);
        // A removed tenant's socket is nobody's.
        let name = town.mallorys_name().to_owned();
        town.gateway.reload(&format!("  {name}:\n"), &format!("  other-{name}:\n"));
        eventually("the socket is nobody's", || {
            let said = inside(town, &ryuk, &list());
            said.map_or(true, |said| said.status == 403 || said.status == 0).then_some(())
        });
    });
}

#[test]
fn other_sockets_are_out_of_mallorys_reach() {
    in_a_town_of_its_own(|town| {
        let bobs = town.gateway.path(format!("run/tenants/{}", town.bobs.name));
        let account = town.gateway.account("mallory");
        let admin = town.gateway.administrator_socket();
        for path in [&admin, &town.engine.socket(), &bobs] {
            assert!(account.connect(path).is_err(), "{}", path.display());
        }
        let mut found = std::process::Command::new("find");
        let sockets = wharf_testkit::run(found.arg(town.gateway.path("run")).args(["-name", "docker.sock"]))
            .expect("sockets");
        let sockets: Vec<&str> = sockets.lines().collect();
        assert!(sockets.len() >= 3, "the doors: {sockets:?}");
        for path in sockets
            .iter()
            .copied()
            .map(PathBuf::from)
            .chain([town.engine.socket(), town.recorder.socket().to_owned()])
        {
            if path == town.gateway.socket() {
                continue;
            }
            assert!(account.connect(&path).is_err(), "{}", path.display());
            for mount in [
                json!({"Binds": [format!("{}:/x", path.display())]}),
                json!({"Mounts": [{"Type": "bind", "Source": path, "Target": "/x"}]}),
            ] {
                let body = json!({"Image": "busybox", "HostConfig": mount}).to_string();
                town.denied(&body, "mounts", &town.mallory("POST", "/containers/create", &body));
            }
        }
        // The directory of a socket is not the socket.
        for path in [
            "/var/run",
            "/run",
            "/var/run/",
            "/var/run/docker.sock/",
            "/var//run/docker.sock/.",
            "/var/run/../run/docker.sock",
        ] {
            let body =
                json!({"Image": "busybox", "HostConfig": {"Binds": [format!("{path}:/x")]}}).to_string();
            let said = town.mallory("POST", "/containers/create", &body);
            assert!(matches!(said.status, 400 | 403), "{path}: {said:?}");
            town.unharmed(path, &said);
        }
        let root = parse(&send(UnixStream::connect(town.gateway.socket()).unwrap(), &list()));
        assert_eq!((root.status, root.rule().as_deref()), (403, Some("tenant")), "{root:?}");
    });
}

#[test]
fn who_is_in_no_tenant_is_told_so_and_it_is_recorded() {
    in_a_town_of_its_own(|town| {
        let stranger = Account::new("eve").expect("an account");
        let said = parse(&send(stranger.connect(&town.gateway.socket()).unwrap(), &list()));
        assert_eq!((said.status, said.rule().as_deref()), (403, Some("tenant")), "{said:?}");
        let records = town.new_records();
        assert_eq!(records.len(), 1, "{records:?}");
        assert_eq!(
            (&records[0]["rule"], &records[0]["outcome"]),
            (&json!("tenant"), &json!("denied")),
            "{records:?}"
        );
        assert_eq!(
            (&records[0]["user"], &records[0]["tenant"]),
            (&json!(stranger.name()), &json!(null)),
            "{records:?}"
        );
    });
}

/// The lines of the configuration by which an account is a tenant's.
fn users(name: &str) -> String {
    format!("users: [{name}]")
}

#[test]
fn who_leaves_a_tenant_loses_what_is_open() {
    in_a_town_of_its_own(|town| {
        let name = town.mallorys_name().to_owned();
        let open = |bytes: &[u8]| {
            let mut stream = town.connect("mallory");
            stream.write_all(bytes).expect("a request");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
            let mut begun = [0; 12];
            stream.read_exact(&mut begun).expect("an answer");
            (String::from_utf8_lossy(&begun).into_owned(), stream)
        };
        let exec = town
            .mallory(
                "POST",
                "/containers/own/exec",
                r#"{"Cmd":["cat"],"AttachStdin":true,"AttachStdout":true}"#,
            )
            .json();
        let start = format!(
            "POST /exec/{}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
            exec["Id"].as_str().unwrap_or_default()
        );
        let streams = [
            open(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n"),
            open(b"GET /containers/own/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: x\r\n\r\n"),
            open(b"GET /containers/own/stats HTTP/1.1\r\nHost: x\r\n\r\n"),
            open(b"POST /containers/own/attach?stream=1&stdout=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"),
            open(start.as_bytes()),
            open(b"GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"),
        ];
        assert!(
            streams.iter().all(|(begun, _)| begun == "HTTP/1.1 200" || begun == "HTTP/1.1 101"),
            "{streams:?}"
        );
        town.gateway.reload(&users(&name), "users: []");
        for (_, mut stream) in streams {
            let mut rest = Vec::new();
            let ended = stream.read_to_end(&mut rest);
            assert!(
                ended.is_ok()
                    || ended.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset),
                "a stream is open still: {ended:?}"
            );
        }
        let said = town.mallory("GET", LIST, "");
        assert_eq!((said.status, said.rule().as_deref()), (403, Some("tenant")), "{said:?}");
    });
}

/// Removes mallory's tenant and makes it again.
fn come_back(town: &Town<'_>) {
    let name = town.mallorys_name().to_owned();
    let (here, away) = (format!("  {name}:\n"), format!("  away-{name}:\n"));
    for (from, to) in [(&here, &away), (&away, &here)] {
        let reloads = || town.gateway.log().matches("was read again, and is in force").count();
        let before = reloads();
        town.gateway.reload(from, to);
        eventually("the configuration is in force", || (reloads() > before).then_some(()));
    }
    assert_eq!(town.mallory("GET", LIST, "").status, 200);
    town.recorder.clear();
    town.new_records();
}

#[test]
fn a_tenant_that_comes_back_has_nothing_of_its_predecessor() {
    in_a_town_of_its_own(|town| {
        let id = town.mallory("GET", "/containers/own/json", "").json()["Id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let network =
            town.mallory("GET", "/networks/own", "").json()["Id"].as_str().unwrap_or_default().to_owned();
        town.client("mallory").sh("docker commit own former:1").succeeds();
        let image = town.mallory("GET", "/images/former:1/json", "").json()["Id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let exec = town.mallory("POST", "/containers/own/exec", r#"{"Cmd":["true"]}"#).json()["Id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let [from, to] = [0, 2].map(|more| {
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
                * u64::from(more > 0)
                + more
        });
        come_back(town);
        for target in [
            LIST,
            "/networks",
            "/volumes",
            "/images/json?all=1",
            &format!("/events?since={from}&until={to}"),
            "/system/df",
            "/info",
        ] {
            let said = town.mallory("GET", target, "");
            assert_eq!(said.status, 200, "{target}: {said:?}");
            for known in [&id, &network, &image, "\"own\"", "former"] {
                assert!(!said.body.contains(known), "{target} tells of `{known}`: {said:?}");
            }
        }
        for (method, target) in [
            ("GET", "/containers/own/json".to_owned()),
            ("GET", format!("/containers/{id}/json")),
            ("DELETE", format!("/containers/{id}?force=1")),
            ("GET", "/networks/own".to_owned()),
            ("DELETE", format!("/networks/{network}")),
            ("GET", "/volumes/own".to_owned()),
            ("DELETE", "/volumes/own".to_owned()),
            ("GET", "/images/former:1/json".to_owned()),
            ("GET", format!("/images/{image}/json")),
            ("POST", format!("/exec/{exec}/start")),
            ("GET", format!("/exec/{exec}/json")),
        ] {
            let body = if method == "POST" { "{}" } else { "" };
            let said = town.mallory(method, &target, body);
            town.refused(&format!("{method} {target}"), &[404], &said);
        }
        // What the former tenant's things do is nobody's to watch.
        let (sender, told) = mpsc::channel();
        let mut stream = town.connect("mallory");
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
        let reading = std::thread::spawn(move || {
            let mut all = Vec::new();
            let _quiet = stream.read_to_end(&mut all);
            let _sent = sender.send(String::from_utf8_lossy(&all).into_owned());
        });
        town.bare("POST", &format!("/containers/{id}/restart?t=0"), "");
        let events = told.recv().unwrap();
        reading.join().unwrap();
        assert!(
            !events.contains("\"own\"") && !events.contains(&id) && !events.contains("\"Type\""),
            "{events}"
        );
    });
}

/// A name that another's volume has, for whatever reason: while the engine is asked, nobody is its owner.
#[test]
fn a_volume_that_is_anothers_is_not_had_for_a_moment() {
    in_a_town_of_its_own(|town| {
        town.client("mallory")
            .sh("docker run --rm -v own:/data busybox sh -c 'echo former > /data/file'")
            .succeeds();
        come_back(town);
        // A former tenant's, under a name that no gateway has given it.
        let volume = format!("{}_2--own", town.mallorys_name());
        let labels =
            json!({"wharf.tenant": town.mallorys_name(), "wharf.generation": "1", "wharf.user": "x"});
        let planted = json!({"Name": volume, "Labels": labels}).to_string();
        assert_eq!(town.bare("POST", "/volumes/create", &planted).status, 201);
        let (asked, wait) = mpsc::channel();
        let (go, awaited) = mpsc::channel::<()>();
        let (asked, awaited) = (std::sync::Mutex::new(asked), std::sync::Mutex::new(awaited));
        town.recorder.set_hook(move |moment, _, request| {
            if moment == Moment::Before && request.target.contains("/volumes/create") {
                let _told = asked.lock().unwrap().send(());
                // Other requests wait behind this hook: the answers to them must not need the engine.
                let _late = awaited.lock().unwrap().recv_timeout(Duration::from_secs(3));
            }
            Verdict::Forward
        });
        std::thread::scope(|scope| {
            let creating = scope.spawn(|| town.mallory("POST", "/volumes/create", r#"{"Name":"own"}"#));
            wait.recv_timeout(Duration::from_secs(10)).expect("the engine is asked");
            // What the gateway believes of the volume shows in what it asks the engine for.
            let seen = scope.spawn(|| town.mallory("DELETE", "/volumes/own", ""));
            std::thread::sleep(Duration::from_millis(300));
            let _gone = go.send(());
            let (made, seen) = (creating.join().unwrap(), seen.join().unwrap());
            assert_eq!((made.status, seen.status), (409, 404), "{made:?} {seen:?}");
        });
        town.recorder.clear_hook();
        assert_eq!(town.bare("DELETE", &format!("/volumes/{volume}"), "").status, 204, "it is there still");
    });
}

/// A container of a former tenant has a socket by its path, and the engine looks that up again when it starts.
#[test]
fn a_former_tenants_container_does_not_get_the_new_ones_socket() {
    in_a_town_of_its_own(|town| {
        let socket = "/var/run/docker.sock";
        let made = town
            .client("mallory")
            .sh(&format!("docker run -d --name ryuk -v {socket}:{socket} busybox sleep 1000"));
        made.succeeds();
        let ryuk =
            town.bare("GET", &format!("/containers/{}--ryuk/json", town.mallorys_name()), "").json()["Id"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
        assert_eq!(inside(town, &ryuk, &list()).expect("a socket").status, 200);
        come_back(town);
        // The new tenant has a socket of its own,
        let heir = town.mallory("POST", "/containers/create?name=heir", &json!({"Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "none", "Binds": [format!("{socket}:{socket}")]}}).to_string());
        assert_eq!(heir.status, 201, "{heir:?}");
        let heir = heir.json()["Id"].as_str().unwrap_or_default().to_owned();
        assert_eq!(town.mallory("POST", &format!("/containers/{heir}/start"), "").status, 204);
        let said = inside(town, &heir, &list()).expect("a socket");
        assert_eq!((said.status, said.json().as_array().map(Vec::len)), (200, Some(1)), "{said:?}");
        // and the former one's container gets at it neither now nor when it is started again.
        for _ in 0..2 {
            let said = inside(town, &ryuk, &list());
            assert!(said.as_ref().map_or(true, |said| said.status == 403 || said.status == 0), "{said:?}");
            town.bare("POST", &format!("/containers/{ryuk}/restart?t=0"), "");
        }
    });
}

//! Bodies that the engine reads otherwise than they look (ENGINE-API V1 to V7, V13, V25): each is tried on the engine
//! itself first, and must have its effect there where it is said to.

use crate::http::{Said, request};
use crate::town::{Town, stories};
use wharf_testkit::{EngineKind, unique_name};

stories![
    bodies_that_engines_read_otherwise_than_they_look_are_refused,
    bodies_that_are_no_honest_json_are_refused,
    forms_are_refused_wherever_they_are_sent,
    other_types_of_bodies_are_refused_and_spellings_of_json_are_not,
    a_start_takes_no_configuration,
    queries_are_read_once_and_whole,
];

/// What an attack makes of a container on the engine itself.
fn harm(town: &Town<'_>, body: &[u8]) -> String {
    let target = format!("/containers/create?name={}", unique_name());
    let made = town.bare_raw(&request("POST", &target, "application/json", body));
    let Some(id) = made.json()["Id"].as_str().map(str::to_owned) else { return String::new() };
    let details = town.bare("GET", &format!("/containers/{id}/json"), "").json();
    town.bare("DELETE", &format!("/containers/{id}?force=1"), "");
    let host = &details["HostConfig"];
    let mut harm = String::new();
    let mut note = |harmful: bool, what: &str| harm.push_str(if harmful { what } else { "" });
    note(host["Privileged"] == true, "privileged ");
    note(host["Binds"].to_string().contains("/:/h"), "bind ");
    note(host["NetworkMode"] == "host", "network ");
    note(host["Mounts"][0]["Source"] == "/" && host["Mounts"][0]["Type"] == "bind", "mount ");
    note(host["Devices"][0]["PathOnHost"] == "/dev/null", "device ");
    harm.trim_end().to_owned()
}

/// The body, and its effect on 20.10 and on 28.5.
const BODIES: &[(&str, &str, &str)] = &[
    (r#"{"Image":"busybox","Privileged":true,"Binds":["/:/h"]}"#, "privileged bind", ""),
    (r#"{"Image":"busybox","HostConfig":null,"Privileged":true,"Binds":["/:/h"]}"#, "privileged bind", ""),
    (r#"{"image":"busybox","hostconfig":{"privileged":true}}"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HOSTCONFIG":{"bINDS":["/:/h"]}}"#, "bind", "bind"),
    (r#"{"Image":"busybox","Hoſtconfig":{"Bindſ":["/:/h"]}}"#, "bind", "bind"),
    (r#"{"Image":"busybox","Ho\u017ftConfig":{"Privileged":true}}"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HostConfig":{"Networ\u212aMode":"host"}}"#, "network", "network"),
    (r#"{"Image":"busybox","HostConfig":{"NetworKMode":"host"}}"#, "network", "network"),
    (r#"{"Image":"busybox","HostConfig":{"\u0050rivileged":true}}"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HostConfig":{"Privileged":true,"Privileged":null}}"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HostConfig":{"Privileged":true,"privileged":null}}"#, "privileged", "privileged"),
    (
        r#"{"Image":"busybox","HostConfig":{"Privileged":true},"HostConfig":{"Binds":[]}}"#,
        "privileged",
        "privileged",
    ),
    (r#"{"Image":"busybox","HostConfig":{"Binds":["/:/h"]},"hostConfig":{}}"#, "bind", "bind"),
    (
        r#"{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"bind","Source":"/","Target":"/a"}],"Mounts":[{"Target":"/x"}]}}"#,
        "mount",
        "mount",
    ),
    (
        r#"{"Image":"busybox","HostConfig":{"Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}],"Devices":[{"PathInContainer":"/dev/y"}]}}"#,
        "device",
        "device",
    ),
    (r#"{"Image":"busybox","HostConfig":{"Privileged":true}}}"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HostConfig":{"Privileged":true}}]"#, "privileged", "privileged"),
    (r#"{"Image":"busybox","HostConfig":{"Privileged":true}} {"Image":"busybox"}"#, "privileged", ""),
    (r#"{"Image":"busybox"}{"HostConfig":{"Privileged":true}}"#, "", ""),
];

fn bodies_that_engines_read_otherwise_than_they_look_are_refused(town: &Town<'_>) {
    for (body, old, new) in BODIES {
        let expected = if town.engine.kind() == EngineKind::Docker20 { old } else { new };
        assert_eq!(harm(town, body.as_bytes()), *expected, "on the engine itself: {body}");
        let said = town.mallory("POST", "/containers/create", body);
        town.refused(body, &[400, 403], &said);
    }
}

/// What no JSON is, and what is too much of it.
fn bodies_that_are_no_honest_json_are_refused(town: &Town<'_>) {
    let deep =
        |many: usize| [r#"{"Image":"busybox","Labels":"#, &"[".repeat(many), &"]".repeat(many), "}"].concat();
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "null",
        "[]",
        "\"busybox\"",
        "true",
        "{",
        "{\"Image\":\"busybox\"",
        "{'Image':'busybox'}",
        "{\"Image\":\"busybox\",}",
        "{\"Image\":\"busybox\"}\u{0}",
        "\u{feff}{\"Image\":\"busybox\"}",
        "{\"Image\":\"busybox\"} // x",
        "{\"Image\":\"busy\\ud800box\"}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":1e400}}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":-1e400}}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":NaN}}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":18446744073709551616}}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":9223372036854775808}}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Memory\":\"64m\"}}",
        "{\"Image\":\"busybox\",\"HostConfig\":[]}",
        "{\"Image\":\"busybox\",\"HostConfig\":{\"Surprise\":{\"Privileged\":true}}}",
        "{\"Image\":[\"busybox\"]}",
    ]
    .map(|body| body.as_bytes().to_vec())
    .into();
    bodies.push(b"{\"Image\":\"busybox\",\"Hostname\":\"\xff\xfe\"}".to_vec());
    bodies.push(b"{\"Image\":\"busybox\",\"Hostname\":\"\xed\xa0\x80\"}".to_vec());
    bodies.extend([33, 1000, 300_000].map(|many| deep(many).into_bytes()));
    for body in bodies {
        let said = town.raw(&request("POST", "/containers/create", "application/json", &body));
        let what = String::from_utf8_lossy(&body[..body.len().min(120)]).into_owned();
        town.refused(&what, &[400, 403, 413], &said);
    }
    // Ten megabytes, said and not said.
    let large = format!(r#"{{"Image":"busybox","Env":["A={}"]}}"#, "x".repeat(10 << 20));
    town.refused("10 MB", &[413], &town.mallory("POST", "/containers/create", &large));
    let chunked = "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                   Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    let mut bytes = chunked.as_bytes().to_vec();
    bytes.extend(format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len()).into_bytes());
    town.refused("10 MB in a chunk", &[413], &town.raw(&bytes));
}

/// Routes whose query a form's body would overrule on the engine (V7).
const FORMS: &[(&str, &str)] = &[
    ("/containers/prune?filters=%7B%22label%22%3A%5B%22none%22%5D%7D", "filters={}"),
    ("/images/prune", "filters={\"dangling\":[\"false\"]}"),
    ("/volumes/prune", "filters={\"all\":[\"true\"]}"),
    ("/networks/prune", "filters={}"),
    ("/build/prune", "all=1"),
    ("/images/busybox/tag?repo=mine", "repo=private&tag=1"),
    ("/images/create?fromImage=busybox", "fromSrc=http://169.254.169.254/&repo=private"),
    ("/containers/own/rename?name=own", "name=web"),
    ("/containers/own/kill?signal=CONT", "signal=KILL"),
    ("/containers/create?name=x", "name=web"),
    ("/networks/create", "Name=inner"),
];

fn forms_are_refused_wherever_they_are_sent(town: &Town<'_>) {
    // The engine itself reads the form, and not the query: nothing has this label.
    let form = "application/x-www-form-urlencoded";
    let target = "/containers/prune?filters=%7B%22bad%22%3A%5B%22x%22%5D%7D";
    let body = br#"filters={"label":["nobody-has-this-label"]}"#;
    let [query, forms] = [("", &b""[..]), (form, body)]
        .map(|(kind, body)| town.bare_raw(&request("POST", target, kind, body)));
    assert_eq!((query.status, forms.status), (400, 200), "{query:?} {forms:?}");

    for (target, body) in FORMS {
        for kind in [form, "APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8"] {
            let said = town.raw(&request("POST", target, kind, body.as_bytes()));
            town.refused(&format!("{target} with {body}"), &[400, 403, 415], &said);
        }
        let (name, value) = body.split_once('=').expect("a form");
        let parts =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--b--\r\n");
        let said = town.raw(&request("POST", target, "multipart/form-data; boundary=b", parts.as_bytes()));
        town.refused(&format!("{target} in parts"), &[400, 403, 415], &said);
    }
}

fn other_types_of_bodies_are_refused_and_spellings_of_json_are_not(town: &Town<'_>) {
    let body = br#"{"Image":"busybox","HostConfig":{"Privileged":true}}"#;
    let kinds = [
        "text/plain",
        "application/xml",
        "application/json-patch+json",
        "application/json, text/plain",
        "application/x-tar",
    ];
    for kind in kinds {
        town.refused(kind, &[400, 415], &town.raw(&request("POST", "/containers/create", kind, body)));
    }
    for kind in ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"] {
        town.denied(kind, "privileged", &town.raw(&request("POST", "/containers/create", kind, body)));
    }
    let mut bytes = b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Encoding: gzip\r\n".to_vec();
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
    bytes.extend(body);
    town.refused("said to be compressed, and is not", &[400, 403, 415], &town.raw(&bytes));
}

fn a_start_takes_no_configuration(town: &Town<'_>) {
    let body = r#"{"Binds":["/:/h"],"Privileged":true}"#;
    for version in ["/v1.12", "/v1.23", "/v1.40", "/v0.1", "/v1", "/v2.0", "/v1.999"] {
        let said = town.mallory("POST", &format!("{version}/containers/own/start"), body);
        town.refused(version, &[400, 404], &said);
    }
    for target in ["/containers/own/start", "/v1.41/containers/own/start", "/containers/own/restart"] {
        town.refused(target, &[400, 403], &town.mallory("POST", target, body));
    }
    for query in ["checkpoint=x", "checkpoint-dir=/etc", "checkpoint=x&checkpoint-dir=../../etc"] {
        let said = town.mallory("POST", &format!("/containers/own/start?{query}"), "");
        town.denied(query, "checkpoint", &said);
    }
}

/// Queries that two readers might read differently.
fn queries_are_read_once_and_whole(town: &Town<'_>) {
    let none = "%7B%22label%22%3A%5B%22none%22%5D%7D";
    for (method, target) in [
        ("POST", "/containers/own/rename?name=a&name=web".to_owned()),
        ("POST", "/containers/own/rename?name=a;name=web".to_owned()),
        ("POST", "/containers/own/rename?name=a&%6eame=web".to_owned()),
        ("POST", format!("/containers/prune?filters={none}&filters={{}}")),
        ("GET", "/containers/json?FILTERS={}".to_owned()),
        ("GET", "/containers/json?surprise=1".to_owned()),
        ("GET", r#"/containers/json?filters={"label":null}"#.to_owned()),
        ("GET", r#"/containers/json?filters={"surprise":["x"]}"#.to_owned()),
        ("GET", r#"/containers/json?filters={"label":["a"],"label":[]}"#.to_owned()),
        ("GET", "/containers/json?filters=[]".to_owned()),
        ("GET", "/containers/json?filters=%ff".to_owned()),
        ("GET", "/containers/json?filters=%zz".to_owned()),
        ("DELETE", "/containers/own?force=1&force=0".to_owned()),
        ("GET", "/containers/own/logs?stdout=1&stdout=0".to_owned()),
    ] {
        let said: Said = town.mallory(method, &target, "");
        town.refused(&target, &[400, 403], &said);
    }
    // A false value in a map is a filter still, and another's label shows nothing.
    for filters in [
        format!(r#"{{"label":{{"wharf.tenant={}":false}}}}"#, town.bobs.name),
        format!(r#"{{"label":["wharf.tenant={}"]}}"#, town.bobs.name),
    ] {
        for path in [
            "/containers/json?all=1&filters=",
            "/networks?filters=",
            "/volumes?filters=",
            "/images/json?filters=",
        ] {
            let said = town.mallory("GET", &format!("{path}{filters}"), "");
            town.unharmed(&filters, &said);
            assert!(
                !said.body.contains(&town.bobs.container) && !said.body.contains(&town.bobs.name),
                "{filters}: {said:?}"
            );
        }
    }
}

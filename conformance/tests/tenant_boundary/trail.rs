//! What is recorded of what mallory does: all of it, once, and none of her secrets.

use crate::town::{Town, stories};
use serde_json::{Value, json};

stories![every_denial_is_recorded_once_and_no_value_is, no_record_is_forged_by_what_is_asked,];

fn every_denial_is_recorded_once_and_no_value_is(town: &Town<'_>) {
    let env = r#""Env":["PASSWORD=hunter2","TOKEN=hunter2"],"Labels":{"key":"hunter2"},"Cmd":["sh","-c","echo hunter2"]"#;
    for (body, rule) in [
        (format!(r#"{{"Image":"busybox",{env},"HostConfig":{{"Privileged":true}}}}"#), "privileged"),
        (format!(r#"{{"Image":"busybox",{env},"HostConfig":{{"Binds":["/:/h"]}}}}"#), "mounts"),
        (format!(r#"{{"Image":"busybox",{env},"HostConfig":{{"Memory":1099511627776}}}}"#), "limits"),
        (
            format!(
                r#"{{"Image":"busybox",{env},"HostConfig":{{"PortBindings":{{"80/tcp":[{{"HostPort":"22"}}]}}}}}}"#
            ),
            "ports",
        ),
        (format!(r#"{{"Image":"busybox",{env},"HostConfig":{{"CapAdd":["SYS_ADMIN"]}}}}"#), "capabilities"),
    ] {
        town.denied(rule, rule, &town.mallory("POST", "/containers/create?name=made", &body));
    }
    // More ports than there are: found while the wish is completed.
    let ports: serde_json::Map<String, Value> =
        (1..60).map(|port| (format!("{port}/tcp"), json!([{}]))).collect();
    let body = json!({"Image": "busybox", "HostConfig": {"PortBindings": ports}}).to_string();
    town.denied("more ports than there are", "ports", &town.mallory("POST", "/containers/create", &body));

    let made =
        town.mallory("POST", "/containers/create?name=made", &format!(r#"{{"Image":"busybox",{env}}}"#));
    assert_eq!(made.status, 201, "{made:?}");
    let exec = town.mallory(
        "POST",
        "/containers/own/exec",
        r#"{"Cmd":["echo","hunter2"],"Env":["PASSWORD=hunter2"]}"#,
    );
    assert_eq!(exec.status, 201, "{exec:?}");
    town.mallory("POST", "/containers/made/start", "");
    town.mallory("DELETE", "/containers/made?force=1", "");
    let records = town.new_records();
    let text = Value::from(records.clone()).to_string();
    assert!(!text.contains("hunter2"), "{text}");
    for (action, outcome) in [
        ("create container", "permitted"),
        ("create container", "done"),
        ("create exec", "permitted"),
        ("start container", "done"),
        ("remove container", "done"),
    ] {
        let of = |record: &&Value| record["action"] == action && record["outcome"] == outcome;
        assert_eq!(records.iter().filter(of).count(), 1, "{action} {outcome}: {records:#?}");
    }
    assert!(!town.gateway.log().contains("hunter2"));
}

fn no_record_is_forged_by_what_is_asked(town: &Town<'_>) {
    let forged = "x%0A%7B%22outcome%22:%22done%22%7D%1b%5B2J";
    for (method, target, body) in [
        ("POST", format!("/swarm/{forged}"), ""),
        ("POST", format!("/plugins/{forged}/enable"), ""),
        ("GET", format!("/debug/{forged}"), ""),
        ("POST", format!("/containers/{forged}/checkpoints"), ""),
        (
            "POST",
            "/containers/create".to_owned(),
            r#"{"Image":"busybox","x\n{\"outcome\":\"done\"}\u001b[2J":1}"#,
        ),
        (
            "POST",
            "/volumes/create".to_owned(),
            r#"{"Name":"v","Driver":"x\n{\"outcome\":\"done\"}\u001b[2J"}"#,
        ),
    ] {
        let said = town.mallory(method, &target, body);
        assert!(matches!(said.status, 400 | 403 | 404), "{target}: {said:?}");
        assert!(!said.message().contains(['\n', '\u{1b}']), "{target}: {said:?}");
    }
    let trail = std::fs::read_to_string(town.gateway.path("state/audit.jsonl")).unwrap();
    let done = |line: &&str| serde_json::from_str::<Value>(line).expect("a record").get("actor").is_none();
    assert_eq!(trail.lines().filter(done).count(), 0);
    assert!(!trail.contains('\u{1b}'));
}

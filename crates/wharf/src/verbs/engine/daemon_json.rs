//! The engine's own configuration, `daemon.json`, with what TLS needs put in. What else it says stays as it stands.

use crate::failure::Failure;
use indexmap::IndexMap;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// What is to stand there.
pub(super) struct Wanted {
    /// Where the engine listens now, as its unit says; what the file says itself goes before.
    pub(super) hosts: Vec<String>,
    /// `tcp://0.0.0.0:2376`; `None` where it is to listen where it does.
    pub(super) listen: Option<String>,
    pub(super) ca: String,
    pub(super) certificate: String,
    pub(super) key: String,
}

/// The file as it is to be, and the difference.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) text: String,
    /// Where the engine is to listen.
    pub(super) hosts: Vec<String>,
    /// One line for each key: `+` what is added, `-` what was there.
    pub(super) changes: Vec<String>,
}

/// What an engine listens at when nobody says anything.
const USUAL: &str = "unix:///var/run/docker.sock";
/// And over the network, when only this is asked for.
const LISTEN: &str = "tcp://0.0.0.0:2376";

/// Puts it in; `before` is what the file says, if there is one.
pub(super) fn merged(before: Option<&str>, wanted: &Wanted) -> Result<Merged, Failure> {
    let before = before.filter(|text| !text.trim().is_empty()).unwrap_or("{}");
    let mut keys: IndexMap<String, Box<RawValue>> = serde_json::from_str(before).map_err(|error| {
        Failure::usage(format!("`daemon.json` is not understood: {error}"))
            .hint("mend it first; nothing was changed")
    })?;
    if keys.contains_key("tls") {
        return Err(Failure::usage("`daemon.json` says `tls` itself, which lets in whoever connects")
            .hint("take that line out; `tlsverify` stands for both"));
    }
    let mut changes = Vec::new();
    let hosts = hosts(keys.get("hosts").map(|raw| raw.get()), wanted)?;
    for (key, value) in [
        ("hosts", json!(hosts)),
        ("tlsverify", json!(true)),
        ("tlscacert", json!(wanted.ca)),
        ("tlscert", json!(wanted.certificate)),
        ("tlskey", json!(wanted.key)),
    ] {
        let same = keys.get(key).and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
        if same.as_ref() == Some(&value) {
            continue;
        }
        if key.starts_with("tls") && same.is_some() {
            return Err(Failure::usage(format!("`daemon.json` says `{key}` itself")).hint(
                "this engine has certificates already; take its `tls…` lines out to have it use wharf's",
            ));
        }
        if let Some(former) = same {
            changes.push(format!("- {key:?}: {former}"));
        }
        changes.push(format!("+ {key:?}: {value}"));
        let raw =
            RawValue::from_string(value.to_string()).map_err(|error| Failure::usage(error.to_string()))?;
        keys.insert(key.to_owned(), raw);
    }
    let lines: Vec<String> =
        keys.iter().map(|(key, raw)| format!("  {}: {}", json!(key), raw.get())).collect();
    Ok(Merged { text: format!("{{\n{}\n}}\n", lines.join(",\n")), hosts, changes })
}

fn hosts(said: Option<&str>, wanted: &Wanted) -> Result<Vec<String>, Failure> {
    let said = said.map(serde_json::from_str::<Vec<String>>).transpose();
    let said = said.map_err(|_| Failure::usage("`hosts` in `daemon.json` is no list of addresses"))?;
    let mut hosts = match said {
        Some(_) if !wanted.hosts.is_empty() => {
            let unit = wanted.hosts.join("`, `");
            return Err(Failure::usage(format!(
                "both `daemon.json` and the engine's unit (`{unit}`) say where it listens"
            ))
            .hint("with both, the engine does not start; take one of them out first"));
        }
        Some(said) => said,
        None => wanted.hosts.clone(),
    };
    if hosts.is_empty() {
        hosts.push(USUAL.to_owned());
    }
    let is_at_the_network = hosts.iter().any(|host| host.starts_with("tcp://"));
    match &wanted.listen {
        Some(listen) if !hosts.contains(listen) => hosts.push(listen.clone()),
        None if !is_at_the_network => hosts.push(LISTEN.to_owned()),
        _ => {}
    }
    Ok(hosts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(hosts: &[&str], listen: Option<&str>) -> Wanted {
        Wanted {
            hosts: hosts.iter().map(ToString::to_string).collect(),
            listen: listen.map(str::to_owned),
            ca: "/e/ca.pem".into(),
            certificate: "/e/cert.pem".into(),
            key: "/e/key.pem".into(),
        }
    }

    fn hosts_of(merged: &Merged) -> Vec<String> {
        let document: Value = serde_json::from_str(&merged.text).unwrap();
        serde_json::from_value(document["hosts"].clone()).unwrap()
    }

    #[test]
    fn what_it_says_of_other_things_stays_as_it_stands() {
        let before = "{\"log-opts\": {\"b\" :  1,\n   \"a\": 2}, \"data-root\": \"/srv\"}";
        let merged = merged(Some(before), &wanted(&["fd://"], None)).unwrap();
        assert_eq!(
            merged.text,
            "{\n  \"log-opts\": {\"b\" :  1,\n   \"a\": 2},\n  \"data-root\": \"/srv\",\n  \
             \"hosts\": [\"fd://\",\"tcp://0.0.0.0:2376\"],\n  \"tlsverify\": true,\n  \"tlscacert\": \"/e/ca.pem\",\n  \
             \"tlscert\": \"/e/cert.pem\",\n  \"tlskey\": \"/e/key.pem\"\n}\n"
        );
        assert_eq!(merged.changes.len(), 5);
        let again = super::merged(Some(&merged.text), &wanted(&[], None)).unwrap();
        assert_eq!((again.text, again.changes), (merged.text, vec![]));
    }

    #[test]
    fn it_listens_where_it_did_and_at_the_network() {
        let at = |before: Option<&str>, unit: &[&str], listen: Option<&str>| {
            hosts_of(&merged(before, &wanted(unit, listen)).unwrap())
        };
        assert_eq!(at(None, &[], None), [USUAL, LISTEN]);
        assert_eq!(at(Some(" \n"), &["fd://"], Some("tcp://127.0.0.1:9")), ["fd://", "tcp://127.0.0.1:9"]);
        // Whoever listened without TLS does so with it.
        let open = r#"{"hosts": ["unix:///s", "tcp://0.0.0.0:2375"]}"#;
        assert_eq!(at(Some(open), &[], None), ["unix:///s", "tcp://0.0.0.0:2375"]);
        assert_eq!(at(Some(open), &[], Some(LISTEN)), ["unix:///s", "tcp://0.0.0.0:2375", LISTEN]);
    }

    #[test]
    fn what_is_not_understood_or_contradicts_is_left_alone() {
        for (before, unit) in [
            ("{", &[][..]),
            ("[]", &[]),
            (r#"{"tls": false}"#, &[]),
            (r#"{"tlsverify": false}"#, &[]),
            (r#"{"tlscert": "/theirs.pem"}"#, &[]),
            (r#"{"hosts": "tcp://x"}"#, &[]),
            (r#"{"hosts": ["unix:///s"]}"#, &["fd://"]),
        ] {
            assert!(merged(Some(before), &wanted(unit, None)).is_err(), "{before}");
        }
    }
}

//! Every host configuration in `samples/host/`: parser and schema agree on the valid ones, and each invalid one gets
//! exactly the diagnostics in the `.expect` file beside it. `WHARF_REGENERATE=1` writes those files anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use wharf_config::{HostConfig, parse, parse_bytes, schema};
use wharf_document::{Diagnostic, Errors, Limits};

/// Invalid samples that the schema lets pass, with the reason.
const BEYOND_THE_SCHEMA: [(&str, &str); 2] =
    [("empty", "the text is no YAML tree"), ("port-twice", "the text is no YAML tree")];

fn samples(folder: &str) -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/host").join(folder);
    let mut files: Vec<(String, PathBuf)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml"))
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .collect();
    files.sort();
    assert!(files.len() > 2, "{} has few samples", folder.display());
    files
}

/// The diagnostics as the `.expect` files have them: place, path, offending text; message; help.
fn shown(text: &str, errors: &[Diagnostic]) -> String {
    let mut shown = String::new();
    for error in errors {
        let span = error.span;
        let marked = text.get(span.start..span.end).expect("a span lies within the text");
        let mut marked = marked.to_owned();
        if marked.is_empty() {
            marked.push_str("(nothing)");
        }
        let path = if error.path.is_empty() { "(the file)" } else { &error.path };
        writeln!(shown, "{}:{} {path}\n  text: {marked}\n  {}", span.line, span.column, error.message)
            .unwrap();
        if let Some(help) = &error.help {
            writeln!(shown, "  help: {help}").unwrap();
        }
    }
    shown
}

/// The document as a schema validator sees it, when it is one document at all.
fn as_json(text: &str) -> Option<serde_json::Value> {
    let mut errors = Errors::new();
    let tree = wharf_document::parse(text, &Limits::FILE, &mut errors)?;
    errors.finish(Some(tree.to_json())).ok()
}

#[test]
fn valid_samples_pass_the_parser_and_the_schema() {
    let schema = jsonschema::validator_for(&schema()).unwrap();
    for (name, path) in samples("valid") {
        let text = fs::read_to_string(path).unwrap();
        if let Err(errors) = parse(&text) {
            panic!("{name}:\n{}", shown(&text, &errors));
        }
        if let Err(error) = schema.validate(&as_json(&text).unwrap()) {
            panic!("{name}: the schema says at {}: {error}", error.instance_path());
        }
    }
}

#[test]
fn invalid_samples_get_exactly_the_expected_diagnostics() {
    let regenerate = std::env::var_os("WHARF_REGENERATE").is_some();
    let mut wrong = Vec::new();
    for (name, path) in samples("invalid") {
        let text = fs::read_to_string(&path).unwrap();
        let Err(errors) = parse_bytes(text.as_bytes()) else {
            wrong.push(format!("{name} is accepted"));
            continue;
        };
        let found = shown(&text, &errors);
        let expect = path.with_extension("expect");
        if regenerate {
            fs::write(&expect, &found).unwrap();
        }
        let expected = fs::read_to_string(&expect).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{name}: expected\n{expected}found\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_schema_refuses_what_a_schema_can_refuse() {
    jsonschema::meta::validate(&schema()).unwrap();
    let schema = jsonschema::validator_for(&schema()).unwrap();
    let passing: BTreeSet<String> = samples("invalid")
        .into_iter()
        .filter(|(_, path)| {
            let text = fs::read_to_string(path).unwrap();
            as_json(&text).is_none_or(|json| schema.is_valid(&json))
        })
        .map(|(name, _)| name)
        .collect();
    let expected: BTreeSet<String> = BEYOND_THE_SCHEMA.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(passing, expected);
}

#[test]
fn every_key_is_read() {
    let text = fs::read_to_string(&samples("valid").iter().find(|(name, _)| name == "every-key").unwrap().1)
        .unwrap();
    let pods = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
    let expected = HostConfig {
        mount_root: Some("/srv/docker".into()),
        port_whitelist: [("80", "web-server"), ("443", "web-server")]
            .map(|(port, pod)| (port.parse().unwrap(), pod.parse().unwrap()))
            .into(),
        network_name: "pods.v6".into(),
        use_host_resolv_conf: true,
        host_hostname: Some("ship.example".into()),
        admins: ["ana", "bob@example.org", "svc-deploy"].map(str::to_owned).into(),
        allow_net_raw: pods(&["monitor"]),
        reserved_labels: vec!["com.centurylinklabs.watchtower".into(), "traefik.".into()],
        registries: [
            ("docker.io", pods(&["blog"])),
            ("registry.example:5000", pods(&["blog", "shop"])),
            ("localhost:5000", pods(&[])),
        ]
        .map(|(host, pods)| (host.to_owned(), pods))
        .into(),
    };
    assert_eq!(parse(&text), Ok(expected));
}

#[test]
fn what_is_left_out_has_the_default() {
    let expected = HostConfig { mount_root: Some("/srv".into()), ..HostConfig::default() };
    assert_eq!(parse("mount_root: /srv").as_ref(), Ok(&expected));
    assert_eq!(parse("mount_root: /srv/"), Ok(expected));
}

//! The documentation of the host configuration names every key, and its example is right.

use std::fs;
use std::path::Path;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/host-configuration.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_reference_names_every_key() {
    let schema = serde_json::to_value(wharf_config::schema()).unwrap();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let page = page();
    let missing: Vec<&&String> = keys.iter().filter(|key| !page.contains(&format!("| `{key}` |"))).collect();
    assert_eq!(missing, [] as [&&String; 0]);
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, keys.len(), "a row for each key, and no other");
}

#[test]
fn the_example_is_right_and_has_every_key() {
    let page = page();
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    wharf_config::parse(example).unwrap();
    let schema = serde_json::to_value(wharf_config::schema()).unwrap();
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(example.contains(&format!("{key}:")), "{key}");
    }
}

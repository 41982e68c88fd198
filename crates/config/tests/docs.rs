//! The documentation of the host configuration names every key, and its example is right.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/host-configuration.md");
    fs::read_to_string(path).unwrap()
}

fn schema() -> Value {
    wharf_config::schema()
}

/// Keys of a mapping as the tables name them, `limits.memory`; of a mapping that only holds others, those.
fn keys_of(mapping: &Value, prefix: &str, into: &mut BTreeSet<String>) {
    for (name, below) in mapping["properties"].as_object().unwrap() {
        let name = format!("{prefix}{name}");
        if below["properties"].is_object() {
            keys_of(below, &format!("{name}."), into);
            continue;
        }
        // The long form of a list's items.
        for form in below["items"]["anyOf"].as_array().into_iter().flatten() {
            if form["properties"].is_object() {
                keys_of(form, &format!("{name}."), into);
            }
        }
        into.insert(name);
    }
}

/// What stands in backticks in the first column of a part's tables.
fn first_column(part: &str) -> BTreeSet<String> {
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.split('|').nth(1).unwrap());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_reference_names_every_key_and_no_other() {
    let keys: BTreeSet<String> = schema()["properties"].as_object().unwrap().keys().cloned().collect();
    let page = page();
    let (top, tenants) = page.split_once("## Tenants\n").unwrap();
    assert_eq!(first_column(top), keys);
    let mut keys = BTreeSet::new();
    keys_of(&schema()["properties"]["tenants"]["additionalProperties"], "", &mut keys);
    assert_eq!(first_column(tenants), keys);
}

#[test]
fn the_example_is_right_and_has_every_key() {
    let page = page();
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    wharf_config::parse(example).unwrap();
    let mut keys = BTreeSet::new();
    keys_of(&schema(), "", &mut keys);
    keys_of(&schema()["properties"]["tenants"]["additionalProperties"], "", &mut keys);
    for key in keys {
        let name = key.rsplit('.').next().unwrap();
        assert!(example.contains(&format!("{name}:")), "{key}");
    }
}

//! The documentation of pod files names every key, and its examples are right.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every key that the schema knows, at whatever depth.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                found.extend(properties.keys().cloned());
            }
            fields.values().for_each(|field| keys(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn the_reference_names_every_key_of_a_pod_file() {
    let page = fs::read_to_string(root().join("docs/reference/pod-file.md")).unwrap();
    let mut known = BTreeSet::new();
    keys(&serde_json::to_value(wharf_pod::schema()).unwrap(), &mut known);
    assert!(known.len() > 40, "the schema has lost its keys: {known:?}");
    let missing: Vec<&String> = known.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert_eq!(missing, [] as [&String; 0]);
}

#[test]
fn the_reference_names_no_key_that_is_not_there() {
    let page = fs::read_to_string(root().join("docs/reference/pod-file.md")).unwrap();
    let mut known = BTreeSet::new();
    keys(&serde_json::to_value(wharf_pod::schema()).unwrap(), &mut known);
    let first_cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let named = first_cells.flat_map(|cell| cell.split("`, `")).map(|key| key.trim_end_matches('`'));
    // The table of `publish` has values in its first column.
    let unknown: Vec<&str> = named.filter(|key| !key.contains(':') && !known.contains(*key)).collect();
    assert_eq!(unknown, [] as [&str; 0]);
}

/// The pod files in a page: its YAML blocks that have `containers:` at the left.
fn pods(page: &str) -> impl Iterator<Item = &str> {
    let blocks = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    blocks.filter(|block| block.lines().any(|line| line.starts_with("containers:")))
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn pod_files_in_the_documentation_are_right() {
    let mut found = vec![root().join("README.md")];
    pages(&root().join("docs"), &mut found);
    let mut count = 0;
    for path in found {
        for pod in pods(&fs::read_to_string(&path).unwrap()) {
            let read = wharf_pod::parse(pod);
            assert!(read.is_ok(), "{}: {:?}\n{pod}", path.display(), read.err());
            count += 1;
        }
    }
    assert!(count > 0, "no pod file was found in any page");
}

#[test]
fn the_examples_are_right() {
    let entries = fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    // Folders are of workstations.
    for path in entries.filter(|path| path.is_file()) {
        let read = wharf_pod::parse(&fs::read_to_string(&path).unwrap());
        assert!(read.is_ok(), "{}: {:?}", path.display(), read.err());
    }
}

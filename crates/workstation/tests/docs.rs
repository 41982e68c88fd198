//! The documentation of a workstation's file names every key, and its examples are right.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wharf_workstation::Definition;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> String {
    fs::read_to_string(workspace().join("docs/reference/workstation-file.md")).unwrap()
}

fn keys() -> BTreeSet<String> {
    Definition::schema()["properties"].as_object().unwrap().keys().cloned().collect()
}

fn parsed(text: &str) -> Definition {
    Definition::parse(&"foo".parse().unwrap(), text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn the_reference_names_every_key_and_no_other() {
    let page = page();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let named: BTreeSet<String> = rows.map(|row| row.split('`').nth(1).unwrap().to_owned()).collect();
    assert_eq!(named, keys());
}

#[test]
fn the_example_is_right_and_has_every_key_but_the_other_base() {
    let page = page();
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    parsed(example);
    for key in keys() {
        assert!(key == "build" || example.contains(&format!("{key}:")), "{key}");
    }
}

#[test]
fn the_examples_in_their_folder_are_right() {
    let folder = workspace().join("examples/workstations");
    let files =
        ["plain.yml", "nix/workstation.yml"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    for text in files {
        parsed(&text);
    }
}

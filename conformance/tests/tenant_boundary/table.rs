//! The table of attacks in the documentation, and these tests: each row names a test, and each test has a row.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TABLE: &str = include_str!("../../../docs/security/attacks.md");

/// The tests named in the last column, after the heading of the tenants' part: `file::test`.
fn rows() -> BTreeSet<String> {
    let (_, part) = TABLE.split_once("\n# Attacks on the tenants' boundary\n").expect("the tenants' part");
    let part = part.split("\n# ").next().unwrap_or_default();
    let cells = part
        .lines()
        .filter(|line| line.starts_with("| "))
        .filter_map(|line| line.trim_end_matches([' ', '|']).rsplit('|').next());
    let names = cells.filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'));
    names.filter(|name| name.contains("::")).map(str::to_owned).collect()
}

/// The tests in the files beside this one.
pub(crate) fn tests() -> BTreeSet<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tenant_boundary");
    let mut tests = BTreeSet::new();
    for entry in fs::read_dir(here).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let after_mark =
            text.split("#[test]\n").skip(1).filter_map(|rest| rest.strip_prefix("fn ")?.split('(').next());
        // In a file whose stories are told together, each is one.
        let list =
            text.split_once("\nstories![").and_then(|(_, rest)| rest.split(']').next()).unwrap_or_default();
        let stories = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        tests.extend(after_mark.chain(stories).map(|name| format!("{module}::{name}")));
    }
    tests.retain(|name| !name.starts_with("table::") && !name.starts_with("coverage::"));
    tests
}

#[test]
fn every_row_has_a_test_and_every_test_a_row() {
    assert_eq!(rows(), tests());
}

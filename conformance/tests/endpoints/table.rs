//! The table of attacks in the documentation, and these tests: each attack has a row, and each row a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TABLE: &str = include_str!("../../../docs/security/attacks.md");

/// Files whose every test is an attack.
const ATTACKS: [&str; 1] = ["attacks"];

/// The tests named in the last column of this part: `file::test`.
fn rows() -> BTreeSet<String> {
    let (_, part) =
        TABLE.split_once("\n# Attacks by contexts and ssh\n").expect("the part about contexts and ssh");
    let rows = part.split("\n# ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|line| line.trim_end_matches([' ', '|']).rsplit('|').next());
    let names = cells.filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'));
    names.filter(|name| name.contains("::")).map(str::to_owned).collect()
}

/// The tests in the files beside this one, and those that are attacks.
fn tests() -> (BTreeSet<String>, BTreeSet<String>) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/endpoints");
    let mut tests = BTreeSet::new();
    for entry in fs::read_dir(here).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let after_mark =
            text.split("#[test]\n").skip(1).filter_map(|rest| rest.strip_prefix("fn ")?.split('(').next());
        tests.extend(after_mark.map(|name| format!("{module}::{name}")));
    }
    let is_attack = |name: &&String| ATTACKS.iter().any(|module| name.starts_with(&format!("{module}::")));
    let attacks = tests.iter().filter(is_attack).cloned().collect();
    (tests, attacks)
}

#[test]
fn every_attack_has_a_row_and_every_row_a_test() {
    let (rows, (tests, attacks)) = (rows(), tests());
    assert_eq!(rows.difference(&tests).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a test");
    assert_eq!(attacks.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "attacks without a row");
}

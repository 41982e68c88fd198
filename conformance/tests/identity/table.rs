//! The table of attacks in the documentation, and these tests: each attack has a row, and each row a test.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const TABLE: &str = include_str!("../../../docs/security/attacks.md");

/// Files whose every test is an attack.
const ATTACKS: [&str; 4] = ["refusals", "sessions", "cuts", "crowds"];

/// The tests named in the last column of the network's part: `file::test`.
fn rows() -> BTreeSet<String> {
    let (_, part) = TABLE.split_once("\n# Attacks over the network\n").expect("the network's part");
    let part = part.split("\n# ").next().unwrap_or_default();
    let rows = part.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|line| line.trim_end_matches([' ', '|']).rsplit('|').next());
    let names = cells.filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'));
    names.filter(|name| name.contains("::")).map(str::to_owned).collect()
}

fn tests(file: &str) -> impl Iterator<Item = String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/identity").join(format!("{file}.rs"));
    let text = fs::read_to_string(path).expect("a file of tests");
    let names: Vec<String> = text
        .split("#[test]\n")
        .skip(1)
        .filter_map(|rest| rest.strip_prefix("fn ")?.split('(').next())
        .map(|name| format!("{file}::{name}"))
        .collect();
    names.into_iter()
}

#[test]
fn every_attack_has_a_row_and_every_row_a_test() {
    let attacks: BTreeSet<String> = ATTACKS.into_iter().flat_map(tests).collect();
    let rows = rows();
    let of_these = |name: &&String| ATTACKS.iter().any(|file| name.starts_with(&format!("{file}::")));
    let named: BTreeSet<String> = rows.iter().filter(of_these).cloned().collect();
    assert_eq!(named, attacks);
}

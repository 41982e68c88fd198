//! The tables of attacks in the documentation, and the tests that stand behind their rows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("../../docs/security/attacks.md");

/// The tests that a part of the document names in its last column: `file::test`. Without a heading, the first part's.
pub fn rows(heading: Option<&str>) -> BTreeSet<String> {
    let part = match heading {
        None => DOCUMENT,
        Some(heading) => {
            let found = DOCUMENT.split_once(&format!("\n# {heading}\n"));
            found.unwrap_or_else(|| panic!("there is no part `{heading}`")).1
        }
    };
    let rows = part.split("\n# ").next().unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|line| line.trim_end_matches([' ', '|']).rsplit('|').next());
    let names = cells.filter_map(|cell| cell.trim().strip_prefix('`')?.strip_suffix('`'));
    names.filter(|name| name.contains("::")).map(str::to_owned).collect()
}

/// The tests in the files of a folder of `tests`, but for the one that looks at the table.
pub fn tests_in(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut tests = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let after_mark =
            text.split("#[test]\n").skip(1).filter_map(|rest| rest.strip_prefix("fn ")?.split('(').next());
        // In a file whose stories are told together, each is one.
        let list = text.split_once("\nstories![").and_then(|(_, rest)| rest.split(']').next());
        let stories = list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
        tests.extend(after_mark.chain(stories).map(|name| format!("{module}::{name}")));
    }
    tests.retain(|name| !name.starts_with("table::"));
    tests
}

/// Panics unless each row of a part names a test of the folder, and each test in these files has a row.
pub fn check_rows(heading: &str, folder: &str, files_of_attacks: &[&str]) {
    let (rows, tests) = (rows(Some(heading)), tests_in(folder));
    let is_attack =
        |name: &&String| files_of_attacks.iter().any(|file| name.starts_with(&format!("{file}::")));
    let attacks: BTreeSet<String> = tests.iter().filter(is_attack).cloned().collect();
    assert_eq!(rows.difference(&tests).collect::<Vec<_>>(), Vec::<&String>::new(), "rows without a test");
    assert_eq!(attacks.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "attacks without a row");
}

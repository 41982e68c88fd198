//! Planted secrets of many kinds in many syntaxes: how many are found, and that they are found where they stand.

use std::collections::BTreeMap;
use wharf_scan::Scanner;
use wharf_testkit::planted;

#[test]
fn nearly_every_planted_secret_is_found_where_it_stands() {
    let scanner = Scanner::new();
    let all = planted();
    assert!(all.len() >= 200, "{}", all.len());
    let mut missed: BTreeMap<String, String> = BTreeMap::new();
    for one in &all {
        let found = scanner.scan(&one.name, one.text.as_bytes());
        if !found.iter().any(|finding| finding.line == one.line) {
            missed.insert(one.what.clone(), one.text.clone());
        }
        for finding in &found {
            assert!(!finding.excerpt().contains(&one.value), "{}: {finding:?}", one.what);
        }
    }
    assert!(missed.len() * 100 <= all.len(), "{} of {} missed: {missed:#?}", missed.len(), all.len());
}

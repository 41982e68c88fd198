//! Planted secrets of many kinds in many syntaxes: how many are found, and that they are found where they stand.

use std::collections::BTreeMap;
use wharf_scan::Scanner;
use wharf_testkit::planted;

/// Sets of values; rules were looked at with the first alone.
const SEEDS: u32 = 20;

#[test]
fn of_a_hundred_planted_secrets_ninety_eight_are_found_where_they_stand() {
    let scanner = Scanner::new();
    let mut missed: BTreeMap<String, String> = BTreeMap::new();
    let (mut count, mut found_count) = (0, 0);
    for seed in 0..SEEDS {
        let all = planted(seed);
        assert!(all.len() >= 200, "{}", all.len());
        count += all.len();
        for one in all {
            let found = scanner.scan(&one.name, one.text.as_bytes());
            if found.iter().any(|finding| finding.line == one.line) {
                found_count += 1;
            } else {
                missed.insert(one.what.clone(), one.text.clone());
            }
            for finding in &found {
                assert!(!finding.excerpt().contains(&one.value), "{}: {finding:?}", one.what);
            }
        }
    }
    println!("{found_count} of {count} found");
    assert!(found_count * 100 >= count * 98, "{found_count} of {count}: {missed:#?}");
}

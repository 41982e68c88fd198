//! The table of attacks in the documentation, and these tests: each row names a test, and each test has a row.

use std::collections::BTreeSet;
use wharf_conformance::attack_table::{rows, tests_in};

/// The tests in the files beside this one.
pub(crate) fn tests() -> BTreeSet<String> {
    let mut tests = tests_in("tenant_boundary");
    tests.retain(|name| !name.starts_with("coverage::"));
    tests
}

#[test]
fn every_row_has_a_test_and_every_test_a_row() {
    assert_eq!(rows(Some("Attacks on the tenants' boundary")), tests());
}

//! The table of attacks in the documentation, and these tests: each row names a test, and each test has a row.

use wharf_conformance::attack_table::{rows, tests_in};

#[test]
fn every_row_has_a_test_and_every_test_a_row() {
    // The first part; the others have tables of their own, and so have their tests.
    assert_eq!(rows(None), tests_in("sudo_boundary"));
}

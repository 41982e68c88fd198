//! The table of attacks in the documentation, and these tests: each attack has a row, and each row a test.

use wharf_conformance::attack_table::check_rows;

#[test]
fn every_attack_has_a_row_and_every_row_a_test() {
    check_rows("Attacks by a repository", "secrets_found", &["attacks", "hostile"]);
}

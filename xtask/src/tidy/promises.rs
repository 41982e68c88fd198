//! Every test that SPECIFICATION.md names exists: a promise without a test is none.

use super::Finding;
use super::scan::Source;

const SPECIFICATION: &str = "SPECIFICATION.md";

/// The names in the last column of its tables: of test functions, or of files of tests.
pub(super) fn check(specification: &str, sources: &[Source]) -> Vec<Finding> {
    let exists = |name: &str| {
        let function = format!("fn {name}(");
        sources.iter().any(|source| source.path == name || source.text.contains(&function))
    };
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(specification.lines()) {
        for name in held_by(text).filter(|name| !exists(name)) {
            findings.push(Finding::new(SPECIFICATION, line, format!("there is no test `{name}`")));
        }
    }
    findings
}

/// What stands in backticks in the second of a row's two columns.
fn held_by(row: &str) -> impl Iterator<Item = &str> {
    let column = row.strip_prefix("| ").and_then(|row| row.split(" | ").nth(1)).unwrap_or_default();
    column.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn a_promise_whose_test_is_gone_is_found() {
        let source = Source::new("crates/a/tests/b.rs", "#[test]\nfn it_holds() {}\n");
        let text = "| promise | held by |\n|---|---|\n| `x` is 1 | `it_holds`, `crates/a/tests/b.rs` |\n| y | `it_is_gone` |\n";
        let found: Vec<String> = check(text, &[source]).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["SPECIFICATION.md:4: there is no test `it_is_gone`"]);
    }
}

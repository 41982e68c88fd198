//! How many tests passed, failed and were skipped.

use std::ops::AddAssign;

/// Counts of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Tally {
    /// Something without tests failed.
    pub(crate) const FAILURE: Self = Self { passed: 0, failed: 1, skipped: 0 };
    /// Something without tests was skipped.
    pub(crate) const SKIP: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// What a line of `cargo test` adds: `test result: ok. 3 passed; 0 failed; 1 ignored; ...`, or, from our own
    /// tests, `skipped: name: why`, which the harness counts as passed.
    pub(crate) fn from_line(line: &str) -> Self {
        if let Some(result) = line.strip_prefix("test result: ") {
            let count = |what: &str| {
                let before = result.split(what).next().unwrap_or_default().trim_end();
                before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default()
            };
            return Self { passed: count("passed;"), failed: count("failed;"), skipped: count("ignored;") };
        }
        if line.starts_with("skipped: ") { Self::SKIP } else { Self::default() }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn counts_what_cargo_test_prints() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.2s";
        assert_eq!(Tally::from_line(line), Tally { passed: 12, failed: 3, skipped: 1 });
        assert_eq!(Tally::from_line("skipped: a_test: not root"), Tally::SKIP);
        assert_eq!(Tally::from_line("test a_test ... ok"), Tally::default());
    }
}

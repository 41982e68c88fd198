//! `cargo xtask bench`: builds everything as it ships and runs the `wharf-bench` program on private engines.

use crate::chore::{Failure, failed};
use crate::shell;

/// Measures, prints the table, fails when a promise of SPECIFICATION.md is not kept.
pub(crate) fn bench() -> Result<(), Failure> {
    if !wharf_testkit::is_root() {
        return failed("benchmarks start engines of their own, which needs root");
    }
    wharf_testkit::fetch_engines()?;
    shell::show(&mut shell::cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "wharf",
        "--package",
        "wharf-bench",
    ]))?;
    let release = shell::target_directory().join("release");
    let mut bench = std::process::Command::new(release.join("wharf-bench"));
    bench.current_dir(shell::root()).env(wharf_testkit::WHARF_VARIABLE, release.join("wharf"));
    shell::forget_sudo(&mut bench);
    shell::show(&mut bench)
}

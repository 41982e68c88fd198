//! Libraries are silent: only the program prints, exits, or reads its arguments and environment.

use super::Finding;
use super::scan::{Source, words};

/// What only the program may do.
const DEEDS: &[&str] = &[
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
    "process::exit",
    "process::abort",
    "io::stdout",
    "io::stderr",
    "env::var",
    "env::var_os",
    "env::vars",
    "env::vars_os",
    "env::args",
    "env::args_os",
];

/// Who may: the program, and what is never shipped.
const MAY: &[&str] = &["wharf", "xtask", "testkit", "conformance", "bench", "fuzz", "samples"];

/// The program inside workstations, which stands beside its library.
const SESSION: &str = "crates/session/src/program/";

/// Build scripts, too: that is how they speak to cargo.
const BUILD_SCRIPT: &str = "/build.rs";

/// Deeds in a library.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_test
        || MAY.contains(&source.member())
        || source.path.starts_with(SESSION)
        || source.path.ends_with(BUILD_SCRIPT)
    {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for deed in DEEDS {
        for offset in words(&source.code, deed) {
            let rule = format!("only `wharf` prints, exits or reads the environment, not with `{deed}` here");
            findings.push(Finding::new(&source.path, source.line_at(offset), rule));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn a_library_is_silent() {
        let code =
            "fn f() {\n  eprintln!(\"x\");\n  std::env::var(\"HOME\");\n  writeln!(out, \"println!\");\n}\n";
        let lines: Vec<usize> =
            check(&Source::new("crates/host/src/a.rs", code)).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [2, 3]);
        assert_eq!(check(&Source::new("crates/wharf/src/main.rs", code)), []);
    }
}

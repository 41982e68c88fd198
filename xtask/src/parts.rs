//! `cargo xtask test`: the parts in order, how long each took, and one line with the sum.

mod cargo_test;
mod engines;
mod fuzz;
mod prepare;
mod tally;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use wharf_testkit::STRICT_VARIABLE;

use crate::chore::{Failure, failed};
use crate::{generated, shell, tidy};
use tally::Tally;

/// How a part ended when it did not fail outright.
enum Ending {
    /// It ran; its tests were so many.
    Ran(Tally),
    /// It could not run here, and why.
    Skipped(String),
}

/// What a part needs to know about the run.
struct Run {
    /// Whether a skip is a failure.
    is_strict: bool,
}

struct Part {
    name: &'static str,
    is_quick: bool,
    run: fn(&Run) -> Result<Ending, Failure>,
}

const PARTS: &[Part] = &[
    Part { name: "prepare", is_quick: false, run: prepare::run },
    Part {
        name: "format",
        is_quick: true,
        run: |_| untested(shell::show(&mut shell::cargo(&["fmt", "--all", "--check"]))),
    },
    Part { name: "clippy", is_quick: true, run: |_| untested(clippy()) },
    Part { name: "tidy", is_quick: true, run: |_| untested(tidy::tidy()) },
    Part { name: "gen", is_quick: false, run: |_| untested(generated::check()) },
    Part { name: "unit", is_quick: true, run: unit },
    Part { name: "fuzz", is_quick: false, run: fuzz::run },
    Part { name: "engines", is_quick: false, run: engines::run },
];

/// A part's line in the table at the end.
struct Report {
    name: &'static str,
    tally: Tally,
    took: Duration,
    /// What the part said of itself; nothing when it passed.
    remark: String,
}

/// Runs what the arguments ask for. Fails when any part did.
pub(crate) fn test(arguments: &[&str]) -> Result<ExitCode, Failure> {
    let chosen = chosen(arguments)?;
    let is_on = |name: &str, value: &str| std::env::var(name).as_deref() == Ok(value);
    let run = Run { is_strict: is_on("CI", "true") || is_on(STRICT_VARIABLE, "1") };
    let reports: Vec<Report> = chosen.into_iter().map(|part| report(part, &run)).collect();
    Ok(summarise(&reports))
}

fn chosen(arguments: &[&str]) -> Result<Vec<&'static Part>, Failure> {
    let mut only = Vec::new();
    let mut is_quick = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--quick" => is_quick = true,
            "--only" => match rest.next().and_then(|name| PARTS.iter().find(|part| part.name == *name)) {
                Some(part) => only.push(part.name),
                None => return Err(Failure::Usage("`--only` takes the name of a part".into())),
            },
            other => return Err(Failure::Usage(format!("`test` does not take `{other}`"))),
        }
    }
    let is_chosen = |part: &&Part| {
        let named = only.is_empty() || only.contains(&part.name);
        named && (part.is_quick || !is_quick)
    };
    Ok(PARTS.iter().filter(is_chosen).collect())
}

fn report(part: &Part, run: &Run) -> Report {
    println!("\n== {} ==", part.name);
    let start = Instant::now();
    let (tally, remark) = match (part.run)(run) {
        Ok(Ending::Ran(tally)) if run.is_strict && tally.skipped > 0 => {
            let failed = tally.failed + tally.skipped;
            (Tally { failed, skipped: 0, ..tally }, format!("{} skipped, and nothing may be", tally.skipped))
        }
        Ok(Ending::Ran(tally)) => {
            (tally, if tally.failed == 0 { String::new() } else { "tests failed".into() })
        }
        Ok(Ending::Skipped(why)) if run.is_strict => {
            (Tally::FAILURE, format!("skipped, and nothing may be: {why}"))
        }
        Ok(Ending::Skipped(why)) => (Tally::SKIP, format!("skipped: {why}")),
        Err(failure) => (Tally::FAILURE, failure.to_string()),
    };
    if !remark.is_empty() {
        println!("{}: {remark}", part.name);
    }
    Report { name: part.name, tally, took: start.elapsed(), remark }
}

fn summarise(reports: &[Report]) -> ExitCode {
    println!("\n{:<10} {:>8}  {:>6} {:>6} {:>7}", "part", "seconds", "passed", "failed", "skipped");
    let mut sum = Tally::default();
    for Report { name, tally, took, remark } in reports {
        let seconds = took.as_secs_f64();
        let remark = remark.lines().next().unwrap_or_default();
        println!(
            "{name:<10} {seconds:>8.1}  {:>6} {:>6} {:>7}  {remark}",
            tally.passed, tally.failed, tally.skipped
        );
        sum += *tally;
    }
    println!("\n{} passed, {} failed, {} skipped", sum.passed, sum.failed, sum.skipped);
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A part that holds or does not, without tests to count.
fn untested(result: Result<(), Failure>) -> Result<Ending, Failure> {
    result.map(|()| Ending::Ran(Tally::default()))
}

fn clippy() -> Result<(), Failure> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    shell::show(&mut shell::cargo(&arguments))
}

fn unit(run: &Run) -> Result<Ending, Failure> {
    let arguments = ["test", "--no-fail-fast", "--workspace", "--exclude", "wharf-conformance"];
    cargo_test::counted(&mut shell::cargo(&arguments), run).map(Ending::Ran)
}

/// Why a part that needs root cannot run, if so.
fn not_root(what: &str) -> Option<Ending> {
    let skipped = || {
        Ending::Skipped(format!("not root, and {what}; run `sudo -E env PATH=\"$PATH\" cargo xtask test`"))
    };
    (!wharf_testkit::is_root()).then(skipped)
}

/// The first of the machine's needs that is not met, in words.
fn needs(program: &str, package: &str) -> Result<(), Failure> {
    let found = std::process::Command::new(program).arg("--version").output().is_ok();
    if found { Ok(()) } else { failed(format!("`{program}` is missing: `apt-get install {package}`")) }
}

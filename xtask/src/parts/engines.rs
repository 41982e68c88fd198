//! Tests on real engines. One of each is started here and shared; tests that restart an engine start their own.

use std::time::Instant;

use wharf_testkit::{ENGINES_VARIABLE, Engines, WHARF_VARIABLE};

use super::{Ending, Run, cargo_test, not_root};
use crate::chore::Failure;
use crate::shell;

pub(super) fn run(run: &Run) -> Result<Ending, Failure> {
    if let Some(skipped) = not_root("engines need network namespaces") {
        return Ok(skipped);
    }
    let wharf = shell::built_wharf()?;
    let start = Instant::now();
    let engines = match Engines::start() {
        Ok(engines) => engines,
        Err(error) if error.is_missing() => return Ok(Ending::Skipped(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    for engine in engines.all() {
        engine.import_busybox()?;
    }
    println!("Docker 20.10 and 28.5 are up after {:.1} s", start.elapsed().as_secs_f64());
    let mut command = shell::cargo(&["test", "--no-fail-fast", "--package", "wharf-conformance"]);
    command.env(ENGINES_VARIABLE, engines.to_variable()).env(WHARF_VARIABLE, wharf);
    cargo_test::counted(&mut command, run).map(Ending::Ran)
}

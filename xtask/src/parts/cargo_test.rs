//! `cargo test`, shown as it runs and counted.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use wharf_testkit::STRICT_VARIABLE;

use super::Run;
use super::tally::Tally;
use crate::chore::{Failure, doing};
use crate::shell;

/// Runs it to the end. A run that fails without a failed test, because something did not compile, counts as one.
pub(super) fn counted(command: &mut Command, run: &Run) -> Result<Tally, Failure> {
    if run.is_strict {
        command.env(STRICT_VARIABLE, "1");
    }
    shell::forget_sudo(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(doing("cannot run `cargo test`"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let errors = thread::spawn(move || err.map_or_else(Tally::default, |err| pass(err, std::io::stderr())));
    let mut tally = out.map_or_else(Tally::default, |out| pass(out, std::io::stdout()));
    // Tests that skip themselves say so on standard error, and the harness counts them as passed.
    let skips = errors.join().unwrap_or_default();
    tally.passed = tally.passed.saturating_sub(skips.skipped);
    tally += skips;
    let status = child.wait().map_err(doing("cannot wait for `cargo test`"))?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// Passes lines on and counts what they say.
fn pass(from: impl Read, mut to: impl Write) -> Tally {
    let mut tally = Tally::default();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
        // A terminal that is gone is no reason to lose the count.
        let _ = to.write_all(&line);
        tally += Tally::from_line(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    tally
}

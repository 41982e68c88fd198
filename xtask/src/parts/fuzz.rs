//! A short, bounded run of each fuzz target, by the script that people use for longer ones.

use std::process::Command;

use super::tally::Tally;
use super::{Ending, Run, needs};
use crate::chore::Failure;
use crate::shell;

/// How long all targets together may take, building included.
const PATIENCE: &str = "600";
/// How long each target runs.
const SECONDS: &str = "15";

pub(super) fn run(_: &Run) -> Result<Ending, Failure> {
    needs("g++", "g++")?;
    let mut command = Command::new("timeout");
    command.args(["-k", "5", PATIENCE, "fuzz/run", SECONDS]).current_dir(shell::root());
    shell::show(&mut command).map(|()| Ending::Ran(Tally::default()))
}

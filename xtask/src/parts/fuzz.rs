//! A short, bounded run of each fuzz target. fuzz/README.md says how to run one longer.

use super::{Ending, Run, needs};
use crate::chore::Failure;
use crate::shell;

pub(super) fn run(_: &Run) -> Result<Ending, Failure> {
    if !shell::root().join("fuzz").exists() {
        return Ok(Ending::Skipped("there are no fuzz targets".into()));
    }
    needs("g++", "g++")?;
    Ok(Ending::Skipped("not yet".into()))
}

//! What the other parts need from the machine: tools installed, engines unpacked.

use wharf_testkit::{TEST_TOOLS, apt_install, apt_missing, fetch_debian, fetch_engines, fetch_machine};

use super::tally::Tally;
use super::{Ending, Run, not_root};
use crate::chore::Failure;

/// For the fuzz targets: their runtime is compiled from C++.
const FUZZ_TOOLS: &[&str] = &["g++"];

pub(super) fn run(_: &Run) -> Result<Ending, Failure> {
    if let Some(skipped) = not_root("tools are installed with apt") {
        return Ok(skipped);
    }
    if !std::path::Path::new("/usr/bin/apt-get").exists() {
        return Ok(Ending::Skipped("tools are installed with apt, and there is none here".into()));
    }
    let mut missing = apt_missing(TEST_TOOLS);
    missing.extend(apt_missing(FUZZ_TOOLS));
    if !missing.is_empty() {
        println!("installing with apt: {}", missing.join(" "));
        apt_install(&missing)?;
    }
    let fetched = fetch_engines().and_then(|mut fetched| {
        fetched.extend(fetch_machine()?);
        fetch_debian()?;
        Ok(fetched)
    });
    match fetched {
        Ok(fetched) => {
            for suite in fetched {
                println!("unpacked under target/engines: {suite}");
            }
            Ok(Ending::Ran(Tally::default()))
        }
        Err(error) if error.is_missing() => Ok(Ending::Skipped(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

//! Called as `moby-derp`, wharf behaves as that gem does: one argument, no options, exit status 1 on errors.
//!
//! Under sudo, too, it heeds the variables that the gem heeds, since sudo has cleared the caller's own; the file that
//! MOBY_DERP_SYSTEM_CONFIG_FILE names must still be root's alone.

use crate::args::Common;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation::{Environment, Invocation};
use crate::setting::{Setting, Wait};
use crate::{show, verbs};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const DEFAULT_CONFIG: &str = "/etc/moby-derp.conf";

/// Whether the program was called by the gem's name.
pub(crate) fn is_called(words: &[OsString]) -> bool {
    words.first().and_then(|program| Path::new(program).file_name()).is_some_and(|name| name == "moby-derp")
}

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    match try_run(words) {
        Ok(()) => Exit::Done.into(),
        Err(failure) => {
            show::failure(&failure);
            Exit::Failed.into()
        }
    }
}

fn try_run(words: &[OsString]) -> Result<(), Failure> {
    let file = match words.get(1..).unwrap_or_default() {
        [] => return Err(Failure::usage("No config file specified")),
        [file] => PathBuf::from(file),
        _ => return Err(Failure::usage("moby-derp takes exactly one pod file")),
    };
    let environment = Environment::of_process();
    let invocation = Invocation::of(&environment)?;
    let config = environment.text("MOBY_DERP_SYSTEM_CONFIG_FILE").unwrap_or(DEFAULT_CONFIG);
    let common = Common {
        config: Some(config.into()),
        host: environment.text("DOCKER_HOST").map(str::to_owned),
        state_dir: None,
        trust_environment: false,
        json: false,
        quiet: is_quiet(environment.text("MOBY_DERP_LOG_LEVEL")),
    };
    let setting = Setting::new(common, invocation, &environment)?;
    verbs::up::make_true(&setting, &file, Wait::No).map(drop)
}

/// The gem tells what it does at the levels `info` and `debug`; by default only what goes wrong.
fn is_quiet(level: Option<&str>) -> bool {
    !level.is_some_and(|level| matches!(level.to_ascii_lowercase().as_str(), "info" | "debug"))
}

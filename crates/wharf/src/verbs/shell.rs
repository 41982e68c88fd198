//! `wharf shell`: workstations. What is said to the engine is `wharf_workstation`'s, what happens in a terminal
//! `wharf_session`'s; here is who asked for what, in which order, and what he is told.

mod adoption;
mod alias;
mod complete;
mod destroy;
mod edit;
mod engine;
mod enter;
mod homes;
pub(crate) mod hook;
mod inside;
mod install;
mod join;
mod keep;
mod list;
mod lock;
mod once;
mod person;
mod pipes;
mod place;
mod questions;
mod sessions;
mod shelf;
mod status;
mod steps;
mod sync;
mod teller;
mod upgrade;
mod visit;
mod watch;

use crate::args::{ShellArgs, ShellVerb};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use wharf_workstation::WorkstationName;

pub(super) fn run(setting: &Setting<'_>, args: &ShellArgs) -> Result<Exit, Failure> {
    if setting.invocation.is_on_behalf() {
        return Err(on_behalf());
    }
    match &args.what {
        Some(ShellVerb::Ls) => list::run(setting),
        Some(ShellVerb::Alias { names, shell }) => alias::run(setting, names, *shell),
        Some(ShellVerb::Complete { words }) => Ok(complete::run(setting, words)),
        None => steps::run(setting, &args.enter),
    }
}

/// A workstation is somebody's own, with his files and his keys: root has no part in it.
pub(crate) fn on_behalf() -> Failure {
    Failure::new(Exit::Denied, "denied: a workstation is nothing that is done on somebody's behalf").hint(
        "run it without sudo; an account without rights on the engine uses the gateway (`wharf context`)",
    )
}

/// A workstation named on the command line.
fn named(text: &str) -> Result<WorkstationName, Failure> {
    if RESERVED.contains(&text) {
        return Err(Failure::usage(format!("`{text}` is a word of `wharf shell` and no workstation's name")));
    }
    text.parse().map_err(|error| {
        Failure::usage(format!("`{text}` is no workstation's name: {error}"))
            .hint("such as `foo` or `foo-bar`")
    })
}

/// Words that stand where a name does.
const RESERVED: [&str; 4] = ["alias", "complete", "help", "ls"];

//! `wharf secret`: sealed in files, opened where they are used.

mod import;
mod restore;
mod scan;

use crate::args::SecretVerb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(crate) fn run(setting: &Setting<'_>, what: &SecretVerb) -> Result<Exit, Failure> {
    match what {
        SecretVerb::Import(wanted) => import::run(setting, wanted),
        SecretVerb::Scan(wanted) => scan::run(setting, wanted),
        SecretVerb::Restore => restore::run(setting),
        _ => Err(Failure::new(Exit::Failed, "not there yet")),
    }
}

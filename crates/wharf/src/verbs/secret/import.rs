//! `wharf secret import`.

use crate::args::SecretImportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(super) fn run(_setting: &Setting<'_>, _wanted: &SecretImportArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Failed, "not there yet"))
}

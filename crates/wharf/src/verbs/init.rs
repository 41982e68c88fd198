//! `wharf init`.

use crate::args::InitArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(crate) fn run(_setting: &Setting<'_>, _wanted: &InitArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Failed, "not there yet"))
}

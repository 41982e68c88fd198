//! `wharf host`.

use crate::args::HostVerb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(crate) fn run(_setting: &Setting<'_>, _wanted: &HostVerb) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Failed, "not there yet"))
}

//! `wharf secret scan`.

use crate::args::SecretScanArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(super) fn run(_setting: &Setting<'_>, _wanted: &SecretScanArgs) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Failed, "not there yet"))
}

//! `wharf secret restore`: the secrets in use, where containers find them.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(super) fn run(_setting: &Setting<'_>) -> Result<Exit, Failure> {
    Err(Failure::new(Exit::Failed, "not there yet"))
}

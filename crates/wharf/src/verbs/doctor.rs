//! `wharf doctor`
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
pub(crate) fn run(_setting: &Setting<'_>) -> Result<Exit, Failure> {
    Ok(Exit::Done)
}

//! `wharf secret rm`: a secret, taken out of its file.

use super::in_hand::{Deed, InHand, Signing, expected, read};
use super::place::Place;
use super::show::in_file;
use super::{ask, named, set};
use crate::args::SecretRmArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretRmArgs) -> Result<Exit, Failure> {
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    // Opened with no key, it says whether it is there, and what was probably meant.
    if file.generation(&name).is_none()
        && let Err(error) = file.open(&expected(&file, &place), &name, &[])
    {
        return Err(in_file(&place, &error));
    }
    if !wanted.yes {
        ask::confirm(&format!("take `{name}` out of `{}`?", place.path.display()), "`--yes` asks nothing")?;
    }
    let signing = Signing::as_before(setting, &place, &file, &wanted.identity)?;
    let mut hand = InHand::hold(setting, &place)?;
    let mut file = hand.found()?;
    signing.check_still(setting, &place, &file, &wanted.identity)?;
    if !file.remove(&name) {
        return Ok(Exit::Done);
    }
    let deed = Deed { action: "remove secret", name: name.as_str(), detail: String::new() };
    hand.save(file.clone(), &signing, &[deed])?;
    set::tell(setting, &place, &file, &format!("removed `{name}` (the history of git has it still, sealed)"));
    Ok(Exit::Done)
}

//! `wharf secret rotate`: a new value, made here or by a command; the value before is kept for a while when asked for.

use super::bring::bring;
use super::in_hand::read;
use super::place::Place;
use super::set::{Ready, Sealing, owner, tell};
use super::show::in_file;
use super::{in_hand, named, now, runs_a_program, source, span};
use crate::args::SecretRotateArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;

/// Of what is made here.
const USUAL_LENGTH: u16 = 32;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretRotateArgs) -> Result<Exit, Failure> {
    if !wanted.command.is_empty() {
        runs_a_program(setting, "secret rotate -- COMMAND")?;
    }
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let file = read(setting, &place)?;
    if file.generation(&name).is_none()
        && let Err(error) = file.open(&in_hand::expected(&file, &place), &name, &[])
    {
        return Err(
            in_file(&place, &error).hint(format!("`wharf secret set {} {name}` makes a new one", place.pod))
        );
    }
    let grace = wanted.grace.as_deref().map(span).transpose()?;
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &[],
        owner: owner(&wanted.owner)?,
        yes: wanted.yes,
        keep_previous_until: grace.map(|grace| now().saturating_add(grace.as_secs())),
    };
    let mut ready = Ready::of(setting, &place, &sealing, &[&name])?;
    let value = match wanted.command.as_slice() {
        [] => source::generated(wanted.generate.unwrap_or(USUAL_LENGTH))?,
        command => source::of_command(command)?,
    };
    let file = ready.seal(&[(name.clone(), value)])?;
    tell(setting, &place, &file, &format!("rotated `{name}`"));
    bring(setting, &wanted.which.pod, &place, &file)?;
    Ok(Exit::Done)
}

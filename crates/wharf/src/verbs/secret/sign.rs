//! `wharf secret sign`: an ssh key vouches for a sealed file.

use super::in_hand::{InHand, Signing, expected, read};
use super::keys;
use super::place::Place;
use super::show::in_file;
use crate::args::SecretSignArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use wharf_vault::Identity;

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretSignArgs) -> Result<Exit, Failure> {
    let place = Place::of(setting, &wanted.pod)?;
    let file = read(setting, &place)?;
    let identities = keys::at_hand(setting, &wanted.identity, |_| true)?;
    let Some(key) = identities.iter().find_map(Identity::signing_key) else {
        return Err(Failure::usage("none of the keys at hand signs: only ssh's do")
            .hint("`--identity ~/.ssh/id_ed25519` names one; `ssh-keygen -t ed25519` makes one"));
    };
    // Whoever signs says that the values are right: what does not open is not signed.
    file.open_all(&expected(&file, &place), &identities).map_err(|error| in_file(&place, &error))?;
    let mut hand = InHand::hold(setting, &place)?;
    let found = hand.found()?;
    if found != file {
        return Err(Failure::new(Exit::Failed, "the file changed meanwhile").hint("run it again"));
    }
    hand.save(found, &Signing::With(key), &[])?;
    show::say(&format!("signed `{}` with {}", place.path.display(), key.signer_key().fingerprint()));
    Ok(Exit::Done)
}

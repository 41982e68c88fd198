//! `wharf secret rekey`: other readers, the same values.

use super::in_hand::{Deed, InHand, Signing, keys_for, read};
use super::place::Place;
use super::readers::{self, Known};
use super::set::tell;
use super::show::in_file;
use crate::args::SecretRekeyArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use wharf_vault::{Reader, ReaderKey, SealedFile};

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretRekeyArgs) -> Result<Exit, Failure> {
    let places = if wanted.all {
        Place::all_here()?
    } else {
        wanted.pods.iter().map(|said| Place::of(setting, said)).collect::<Result<Vec<_>, _>>()?
    };
    if places.is_empty() {
        return Err(Failure::usage("there are no sealed files in `secrets` here")
            .hint("run it where the pod files are, or name them"));
    }
    let added: Vec<Reader> =
        wanted.add.iter().map(|text| readers::said(setting, text)).collect::<Result<_, _>>()?;
    let mut known = Known::of(setting, &wanted.identity)?;
    known.take(&added)?;
    for place in &places {
        rekey(setting, wanted, place, &added, &mut known)?;
    }
    Ok(Exit::Done)
}

fn rekey(
    setting: &Setting<'_>,
    wanted: &SecretRekeyArgs,
    place: &Place,
    added: &[Reader],
    known: &mut Known,
) -> Result<(), Failure> {
    let file = read(setting, place)?;
    let identities = keys_for(setting, &wanted.identity, &file)?;
    let readers = new_readers(setting, wanted, &file, added)?;
    known.confirm(&readers, wanted.yes)?;
    let signing = Signing::as_before(setting, place, &file, &wanted.identity)?;
    let mut hand = InHand::hold(setting, place)?;
    let mut found = hand.found()?;
    if found.readers() != file.readers() {
        let message = format!("the readers of `{}` changed meanwhile", place.path.display());
        return Err(Failure::new(Exit::Failed, message).hint("nothing was changed; run it again"));
    }
    signing.check_still(setting, place, &found, &wanted.identity)?;
    let before: Vec<Reader> = found.readers().to_vec();
    let owner = found.owner().clone();
    let is = wharf_vault::Expected { owner: &owner, pod: &place.pod };
    found.rekey(&is, readers, &identities).map_err(|error| in_file(place, &error))?;
    let names: Vec<String> = found.names().map(|(name, _)| name.to_string()).collect();
    let detail = change_in_words(&before, found.readers());
    let deeds: Vec<Deed<'_>> =
        names.iter().map(|name| Deed { action: "rekey secret", name, detail: detail.clone() }).collect();
    hand.save(found.clone(), &signing, &deeds)?;
    let gone: Vec<ReaderKey> = before
        .iter()
        .filter(|reader| !found.is_read_by(&reader.key))
        .map(|reader| reader.key.clone())
        .collect();
    known.forget(&gone)?;
    tell(
        setting,
        place,
        &found,
        &match names.len() {
            1 => "rekeyed 1 secret".to_owned(),
            many => format!("rekeyed {many} secrets"),
        },
    );
    if !gone.is_empty() {
        show::say(
            "whoever was removed still knows these values, here and in the history of git: `wharf secret rotate` them",
        );
    }
    Ok(())
}

fn new_readers(
    setting: &Setting<'_>,
    wanted: &SecretRekeyArgs,
    file: &SealedFile,
    added: &[Reader],
) -> Result<Vec<Reader>, Failure> {
    let mut readers = file.readers().to_vec();
    for name in &wanted.remove {
        let before = readers.len();
        readers.retain(|reader| reader.name.as_str() != name);
        // Of many files, one may never have had the reader.
        if readers.len() == before && !wanted.all {
            let all: Vec<String> = readers.iter().map(|reader| format!("`{}`", reader.name)).collect();
            return Err(Failure::usage(format!("there is no reader `{name}`"))
                .hint(format!("the readers are {}", all.join(", "))));
        }
    }
    let is_plain = wanted.add.is_empty() && wanted.remove.is_empty();
    let missing = if is_plain { readers::missing_here(setting, &readers)? } else { Vec::new() };
    for reader in added.iter().chain(&missing) {
        readers::add(&mut readers, reader.clone());
    }
    Ok(readers)
}

fn change_in_words(before: &[Reader], after: &[Reader]) -> String {
    let lacks = |list: &[Reader], reader: &Reader| !list.iter().any(|other| other.key == reader.key);
    let named = |list: &[Reader], other: &[Reader], sign: char| {
        list.iter()
            .filter(|reader| lacks(other, reader))
            .map(|reader| format!("{sign}{}", reader.name))
            .collect::<Vec<_>>()
    };
    let mut words = named(after, before, '+');
    words.extend(named(before, after, '-'));
    if words.is_empty() { "the same readers".to_owned() } else { format!("readers: {}", words.join(" ")) }
}

//! `wharf secret set`: a value, sealed.

use super::in_hand::{Deed, InHand, Signing, named_readers, read_if_there};
use super::place::Place;
use super::readers::{self, Known};
use super::show::in_file;
use super::{keys, named, now, source};
use crate::args::{IdentityArgs, OwnerArgs, SecretSetArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use wharf_model::{SecretName, SecretOwner, TenantId};
use wharf_vault::{Reader, SealedFile, Value};

/// Under what values are sealed, and what is said of new files.
pub(super) struct Sealing<'a> {
    pub(super) identity: &'a IdentityArgs,
    pub(super) readers: &'a [String],
    pub(super) owner: SecretOwner,
    pub(super) yes: bool,
    pub(super) keep_previous_until: Option<u64>,
}

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretSetArgs) -> Result<Exit, Failure> {
    let (place, name) = (Place::of(setting, &wanted.which.pod)?, named(&wanted.which.name)?);
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &wanted.readers,
        owner: owner(&wanted.owner)?,
        yes: wanted.yes,
        keep_previous_until: None,
    };
    // Before the value is asked for: whoever may not seal need not type it.
    let mut ready = Ready::of(setting, &place, &sealing, &[&name])?;
    let value = source::wanted(setting, name.as_str(), wanted.from_file.as_deref())?;
    let file = ready.seal(&[(name.clone(), value)])?;
    tell(setting, &place, &file, &format!("sealed `{name}`"));
    Ok(Exit::Done)
}

/// Whose a file is to be.
pub(super) fn owner(said: &OwnerArgs) -> Result<SecretOwner, Failure> {
    let Some(text) = &said.tenant else { return Ok(SecretOwner::Machine) };
    TenantId::from_engine(text)
        .map(SecretOwner::Tenant)
        .ok_or_else(|| Failure::usage(format!("`{text}` is no tenant's name")))
}

/// What follows from a change, for whoever made it.
pub(super) fn tell(setting: &Setting<'_>, place: &Place, file: &SealedFile, done: &str) {
    if setting.common.quiet {
        return;
    }
    show::say(&format!("{done} in `{}`, for {}", place.path.display(), named_readers(file)));
}

/// A file whose readers were looked at, ready for values.
pub(super) struct Ready<'a> {
    setting: &'a Setting<'a>,
    place: &'a Place,
    sealing: &'a Sealing<'a>,
    known: Known,
    /// The readers of a file that is yet to be made.
    new_readers: Option<Vec<Reader>>,
    signing: Signing<'a>,
}

impl<'a> Ready<'a> {
    /// Looks at the readers that values will be sealed to, and asks about those not seen before. `names` are to be sealed.
    pub(super) fn of(
        setting: &'a Setting<'a>,
        place: &'a Place,
        sealing: &'a Sealing<'a>,
        names: &[&SecretName],
    ) -> Result<Self, Failure> {
        let mut known = Known::of(setting, sealing.identity)?;
        let mut signing = Signing::None;
        let new_readers = if let Some(file) = read_if_there(setting, place)? {
            check_whose(&file, sealing)?;
            check_nothing_for_new_files(sealing)?;
            check_list(setting, place, &file, sealing, names)?;
            known.confirm(file.readers(), sealing.yes)?;
            signing = Signing::as_before(setting, place, &file, sealing.identity)?;
            None
        } else {
            let readers = readers::of_new_file(setting, sealing.identity, sealing.readers)?;
            known.take(&readers)?;
            Some(readers)
        };
        Ok(Self { setting, place, sealing, known, new_readers, signing })
    }

    /// Seals values into the file as it is now, whatever others changed meanwhile.
    pub(super) fn seal(&mut self, values: &[(SecretName, Value)]) -> Result<SealedFile, Failure> {
        let mut hand = InHand::hold(self.setting, self.place)?;
        let mut file = match hand.file.take() {
            Some(file) => file,
            None => self.new_file()?,
        };
        check_whose(&file, self.sealing)?;
        hand.check_known(&self.known, &file)?;
        let names: Vec<&SecretName> = values.iter().map(|(name, _)| name).collect();
        check_list(self.setting, self.place, &file, self.sealing, &names)?;
        self.signing.check_still(self.setting, self.place, &file, self.sealing.identity)?;
        for (name, value) in values {
            file.seal(name, value, now(), self.sealing.keep_previous_until)
                .map_err(|error| Failure::of(Exit::Failed, &error))?;
        }
        let deeds: Vec<Deed<'_>> = values
            .iter()
            .map(|(name, _)| Deed {
                action: "seal secret",
                name: name.as_str(),
                detail: format!("readers: {}", named_readers(&file)),
            })
            .collect();
        hand.save(file.clone(), &self.signing, &deeds)?;
        Ok(file)
    }

    fn new_file(&mut self) -> Result<SealedFile, Failure> {
        let readers = self.new_readers.take().ok_or_else(|| {
            let message = format!("`{}` was removed meanwhile", self.place.path.display());
            Failure::new(Exit::Failed, message).hint("run it again")
        })?;
        SealedFile::new(self.sealing.owner.clone(), self.place.pod.clone(), readers)
            .map_err(|error| Failure::of(Exit::Usage, &error))
    }
}

/// Whoever may change the file may change whose it says it is; what is sealed into it would then be theirs.
fn check_whose(file: &SealedFile, sealing: &Sealing<'_>) -> Result<(), Failure> {
    if *file.owner() == sealing.owner {
        return Ok(());
    }
    let message = format!("this sealed file says it is that of {}, not of {}", file.owner(), sealing.owner);
    let hint = "somebody who must not have the value may have written that: `git log` shows who; `--tenant NAME` is for a \
                tenant's file";
    Err(Failure::usage(message).hint(hint))
}

/// A list that differs from what is inside the values was changed by hand: by somebody who reads along, or in a merge.
fn check_list(
    setting: &Setting<'_>,
    place: &Place,
    file: &SealedFile,
    sealing: &Sealing<'_>,
    names: &[&SecretName],
) -> Result<(), Failure> {
    let identities = keys::without_asking(setting, sealing.identity)?;
    file.check_readers(&identities, names).map_err(|error| {
        in_file(place, &error).hint(
            "nothing was sealed to this list; after a merge, check out the side with the right list, and set again what the \
             other side changed",
        )
    })
}

/// What is only for a file yet to be made is refused for one that is there, and not passed over.
fn check_nothing_for_new_files(sealing: &Sealing<'_>) -> Result<(), Failure> {
    if sealing.readers.is_empty() {
        return Ok(());
    }
    let message = "the file is there already, and has its readers: --reader is for new ones";
    Err(Failure::usage(message).hint("`wharf secret rekey POD --add KEY` adds a reader to it"))
}

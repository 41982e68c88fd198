//! `wharf secret set`: a value, sealed.

use super::in_hand::{Deed, InHand, Signing, named_readers, read_if_there};
use super::place::Place;
use super::readers::{self, Known};
use super::{named, now, source};
use crate::args::{IdentityArgs, SecretSetArgs};
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
    pub(super) owner: Option<SecretOwner>,
    pub(super) yes: bool,
    pub(super) keep_previous_until: Option<u64>,
}

pub(super) fn run(setting: &Setting<'_>, wanted: &SecretSetArgs) -> Result<Exit, Failure> {
    let (place, name) = (Place::of(&wanted.which.pod)?, named(&wanted.which.name)?);
    let sealing = Sealing {
        identity: &wanted.identity,
        readers: &wanted.readers,
        owner: wanted.tenant.as_deref().map(tenant).transpose()?,
        yes: wanted.yes,
        keep_previous_until: None,
    };
    // Before the value is asked for: whoever may not seal need not type it.
    let mut ready = Ready::of(setting, &place, &sealing)?;
    let value = source::wanted(setting, name.as_str(), wanted.from_file.as_deref())?;
    let file = ready.seal(&[(name.clone(), value)])?;
    tell(setting, &place, &file, &format!("sealed `{name}`"));
    Ok(Exit::Done)
}

fn tenant(text: &str) -> Result<SecretOwner, Failure> {
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
}

impl<'a> Ready<'a> {
    /// Looks at the readers that values will be sealed to, and asks about those not seen before.
    pub(super) fn of(
        setting: &'a Setting<'a>,
        place: &'a Place,
        sealing: &'a Sealing<'a>,
    ) -> Result<Self, Failure> {
        let mut known = Known::of(setting, sealing.identity)?;
        let new_readers = if let Some(file) = read_if_there(setting, place)? {
            check_nothing_for_new_files(&file, sealing)?;
            known.confirm(file.readers(), sealing.yes)?;
            None
        } else {
            let readers = readers::of_new_file(setting, sealing.identity, sealing.readers)?;
            known.take(&readers)?;
            Some(readers)
        };
        Ok(Self { setting, place, sealing, known, new_readers })
    }

    /// Seals values into the file as it is now, whatever others changed meanwhile.
    pub(super) fn seal(&mut self, values: &[(SecretName, Value)]) -> Result<SealedFile, Failure> {
        let mut hand = InHand::hold(self.setting, self.place)?;
        let mut file = match hand.file.take() {
            Some(file) => file,
            None => self.new_file()?,
        };
        hand.check_known(&self.known, &file)?;
        let signing = Signing::as_before(&file, self.sealing.identity);
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
        hand.save(file.clone(), &signing, &deeds)?;
        Ok(file)
    }

    fn new_file(&mut self) -> Result<SealedFile, Failure> {
        let readers = self.new_readers.take().ok_or_else(|| {
            let message = format!("`{}` was removed meanwhile", self.place.path.display());
            Failure::new(Exit::Failed, message).hint("run it again")
        })?;
        let owner = self.sealing.owner.clone().unwrap_or(SecretOwner::Machine);
        SealedFile::new(owner, self.place.pod.clone(), readers)
            .map_err(|error| Failure::of(Exit::Usage, &error))
    }
}

/// What is only for a file yet to be made is refused for one that is there, and not passed over.
fn check_nothing_for_new_files(file: &SealedFile, sealing: &Sealing<'_>) -> Result<(), Failure> {
    if !sealing.readers.is_empty() {
        return Err(Failure::usage(
            "the file is there already, and has its readers: --reader is for new ones",
        )
        .hint("`wharf secret rekey POD --add KEY` adds a reader to it"));
    }
    match &sealing.owner {
        Some(owner) if owner != file.owner() => {
            let message = format!("the file is there already, and that of {}, not of {owner}", file.owner());
            Err(Failure::usage(message).hint("another owner's secrets lie in another folder"))
        }
        _ => Ok(()),
    }
}

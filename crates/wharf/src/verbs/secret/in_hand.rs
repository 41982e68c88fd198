//! A sealed file at work: read, held while it is changed, signed again where it was signed, and what was done recorded.

use super::place::Place;
use super::readers::Known;
use super::{keys, now};
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::path::Path;
use std::time::SystemTime;
use wharf_host::{HeldFolder, HeldFolderError};
use wharf_model::{PodName, SecretOwner};
use wharf_store::{AuditRecord, AuditTrail, Moment, Outcome};
use wharf_vault::{Expected, Identity, SealedFile, SigningKey};

/// A sealed file whose folder is held: nobody else changes it meanwhile.
pub(super) struct InHand<'a> {
    setting: &'a Setting<'a>,
    place: &'a Place,
    held: HeldFolder,
    /// As it was found; `None` where there is none.
    pub(super) file: Option<SealedFile>,
}

/// What is recorded: an action and the secret it was done to, never more.
pub(super) struct Deed<'a> {
    pub(super) action: &'static str,
    pub(super) name: &'a str,
    pub(super) detail: String,
}

const MOST_BYTES: u64 = wharf_vault::MAX_BYTES as u64;

/// A file, read and not held.
pub(super) fn read(setting: &Setting<'_>, place: &Place) -> Result<SealedFile, Failure> {
    let bytes = setting.read_named(&place.path, MOST_BYTES).map_err(|failure| {
        let set = format!("`wharf secret set {} NAME` makes the file", place.pod);
        if failure.hint.is_some() { failure } else { failure.hint(set) }
    })?;
    parse(&place.path, &bytes)
}

/// As [`read`]; `None` where there is none.
pub(super) fn read_if_there(setting: &Setting<'_>, place: &Place) -> Result<Option<SealedFile>, Failure> {
    match place.path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => read(setting, place).map(Some),
    }
}

fn parse(path: &Path, bytes: &[u8]) -> Result<SealedFile, Failure> {
    // Whoever gets here reads the file by rights of his own.
    SealedFile::parse_bytes(bytes)
        .map_err(|errors| show::file_errors(path, std::str::from_utf8(bytes).ok(), &errors))
}

/// For whom a person opens a file of their own: for the owner it names, and the pod that the file is called after.
pub(super) fn expected<'a>(file: &'a SealedFile, place: &'a Place) -> Expected<'a> {
    Expected { owner: file.owner(), pod: &place.pod }
}

/// The keys at hand that may open this file; a failure that says what to do when there are none.
pub(super) fn keys_for(
    setting: &Setting<'_>,
    said: &IdentityArgs,
    file: &SealedFile,
) -> Result<Vec<Identity>, Failure> {
    let identities = keys::at_hand(setting, said, |key| file.is_read_by(key))?;
    if identities.iter().any(|identity| file.is_read_by(identity.reader_key())) {
        return Ok(identities);
    }
    let readers: Vec<String> = file.readers().iter().map(|reader| format!("`{}`", reader.name)).collect();
    let message = format!("none of the keys at hand opens this file; its readers are {}", readers.join(", "));
    let hint = "`--identity FILE` names a key; on the host, `sudo` brings the host's; one of the readers can add yours: \
                `wharf secret rekey POD --add KEY`";
    Err(Failure::new(Exit::Failed, message).hint(hint))
}

impl<'a> InHand<'a> {
    /// Holds the folder of a sealed file, which is made where it is missing, and reads the file.
    pub(super) fn hold(setting: &'a Setting<'a>, place: &'a Place) -> Result<Self, Failure> {
        let (folder, name) = place.parts();
        let failed = |error: HeldFolderError| Failure::of(Exit::Failed, &error);
        let held = HeldFolder::hold(setting.invocation.caller.as_ref(), folder).map_err(failed)?;
        let bytes = held.read(&name, MOST_BYTES).map_err(failed)?;
        let file = bytes.map(|bytes| parse(&place.path, &bytes)).transpose()?;
        Ok(Self { setting, place, held, file })
    }

    /// The file that must be there.
    pub(super) fn found(&mut self) -> Result<SealedFile, Failure> {
        self.file.take().ok_or_else(|| {
            Failure::usage(format!("`{}` does not exist", self.place.path.display()))
                .hint(format!("`wharf secret set {} NAME` makes the file", self.place.pod))
        })
    }

    /// Refuses to seal to readers whom nobody confirmed: somebody else changed the file since they were asked about.
    pub(super) fn check_known(&self, known: &Known, file: &SealedFile) -> Result<(), Failure> {
        if known.has_all(file.readers()) {
            return Ok(());
        }
        let message = format!("the readers of `{}` changed meanwhile", self.place.path.display());
        Err(Failure::new(Exit::Failed, message).hint("nothing was changed; run it again, and look at them"))
    }

    /// Writes the file in the place of the one before: signed again where that one was, and recorded first.
    pub(super) fn save(
        &self,
        mut file: SealedFile,
        signing: &Signing<'_>,
        deeds: &[Deed<'_>],
    ) -> Result<(), Failure> {
        file.forget_previous(now());
        match signing {
            Signing::None => {}
            Signing::Again(identity) => sign_again(self.setting, &mut file, identity)?,
            Signing::With(key) => file.sign(key).map_err(|error| Failure::of(Exit::Failed, &error))?,
        }
        let text = file.print();
        record(self.setting, file.owner(), &self.place.pod, deeds)?;
        let (_, name) = self.place.parts();
        self.held.replace(&name, text.as_bytes()).map_err(|error| Failure::of(Exit::Failed, &error))
    }
}

/// Whether a file is signed when it is written.
pub(super) enum Signing<'a> {
    None,
    /// It was signed before it was changed: with the first ssh key at hand.
    Again(&'a IdentityArgs),
    With(&'a SigningKey),
}

impl<'a> Signing<'a> {
    /// What was signed stays so; to be asked before the file is changed.
    pub(super) fn as_before(file: &SealedFile, identity: &'a IdentityArgs) -> Self {
        if file.signature().is_some() { Self::Again(identity) } else { Self::None }
    }
}

/// Without a key that signs, says so.
fn sign_again(setting: &Setting<'_>, file: &mut SealedFile, identity: &IdentityArgs) -> Result<(), Failure> {
    let identities = keys::at_hand(setting, identity, |_| true)?;
    if let Some(key) = identities.iter().find_map(Identity::signing_key) {
        return file.sign(key).map_err(|error| Failure::of(Exit::Failed, &error));
    }
    show::say(
        "warning: the file was signed and is not any more: `wharf secret sign` signs it with an ssh key",
    );
    Ok(())
}

/// Records deeds in the trail of whoever does them: this host's for root, one's own for others.
pub(super) fn record(
    setting: &Setting<'_>,
    owner: &SecretOwner,
    pod: &PodName,
    deeds: &[Deed<'_>],
) -> Result<(), Failure> {
    let caller = setting.invocation.caller.as_ref().map(|caller| caller.name().to_owned());
    let trail = match setting.open_trail() {
        Ok(trail) => trail,
        // What cannot be recorded is not done as root; without root there may be no place for a trail.
        Err(failure) if setting.invocation.uid == 0 => return Err(failure),
        Err(_) => return Ok(()),
    };
    deeds.iter().try_for_each(|deed| write(&trail, owner, pod, caller.as_deref(), deed))
}

fn write(
    trail: &AuditTrail,
    owner: &SecretOwner,
    pod: &PodName,
    caller: Option<&str>,
    deed: &Deed<'_>,
) -> Result<(), Failure> {
    let tenant = match owner {
        SecretOwner::Tenant(tenant) => Some(tenant.name.clone()),
        SecretOwner::Machine => None,
    };
    let written = trail.record(&AuditRecord {
        time: Moment::from(SystemTime::now()),
        tenant,
        user: caller.map(str::to_owned),
        actor: caller.map_or_else(|| "administrator".to_owned(), |name| format!("user {name}")),
        action: deed.action.to_owned(),
        object: format!("{pod}/{}", deed.name),
        id: None,
        outcome: Outcome::Permitted,
        rule: "keys".to_owned(),
        detail: deed.detail.clone(),
        micros: None,
    });
    written.map_err(|error| Failure::of(Exit::Failed, &error))
}

/// The names of readers, for messages.
pub(super) fn named_readers(file: &SealedFile) -> String {
    file.readers().iter().map(|reader| reader.name.to_string()).collect::<Vec<_>>().join(", ")
}

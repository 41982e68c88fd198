//! A sealed file at work: read, held while it is changed, signed again where it was signed, and what was done recorded.

use super::place::Place;
use super::readers::Known;
use super::show::in_file;
use super::{keys, now};
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::time::SystemTime;
use wharf_host::{HeldFolder, HeldFolderError};
use wharf_model::{PodName, SecretOwner};
use wharf_store::{AuditRecord, AuditTrail, Moment, Outcome};
use wharf_vault::{Expected, Identity, SealedFile, SignatureError, SignerKey, SigningKey};

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
    parse(place, &bytes)
}

/// As [`read`]; `None` where there is none.
pub(super) fn read_if_there(setting: &Setting<'_>, place: &Place) -> Result<Option<SealedFile>, Failure> {
    match place.path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => read(setting, place).map(Some),
    }
}

/// A file whose head says another pod than its name would have values sealed for that one.
fn parse(place: &Place, bytes: &[u8]) -> Result<SealedFile, Failure> {
    // Whoever gets here reads the file by rights of his own.
    let file = SealedFile::parse_bytes(bytes)
        .map_err(|errors| show::file_errors(&place.path, std::str::from_utf8(bytes).ok(), &errors))?;
    file.check_is(&expected(&file, place)).map_err(|error| in_file(place, &error))?;
    Ok(file)
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
        let file = bytes.map(|bytes| parse(place, &bytes)).transpose()?;
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
            Signing::Again(keys) => sign_again(&mut file, keys)?,
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
    /// It was signed before it was changed: with the first of these that signs.
    Again(Vec<Identity>),
    With(&'a SigningKey),
}

impl Signing<'_> {
    /// What was signed stays so, where the signature fits: a key that signs again vouches for all that is in the file. To be
    /// asked before the folder is held, since a key may be locked with a passphrase.
    pub(super) fn as_before(
        setting: &Setting<'_>,
        place: &Place,
        file: &SealedFile,
        said: &IdentityArgs,
    ) -> Result<Self, Failure> {
        if file.signature().is_none() {
            return Ok(Self::None);
        }
        let own = own_signers(setting, said)?;
        let signer = vouched(setting, place, file, &own)?;
        if own.is_empty() {
            return Ok(Self::Again(Vec::new()));
        }
        // The key that signed before, where it is at hand; else any.
        let is_own = own.iter().any(|key| key.is_same_key(&signer));
        let is_signer = |key: &SignerKey| key.is_same_key(&signer);
        let may_sign = |key: Option<SignerKey>| key.is_some_and(|key| !is_own || is_signer(&key));
        let mut keys = keys::at_hand(setting, said, |key| may_sign(key.as_str().parse().ok()))?;
        keys.sort_by_key(|key| !key.signing_key().is_some_and(|key| is_signer(&key.signer_key())));
        Ok(Self::Again(keys))
    }

    /// Refuses a file that is not as it was when it was looked at: by somebody else's hand, meanwhile.
    pub(super) fn check_still(
        &self,
        setting: &Setting<'_>,
        place: &Place,
        file: &SealedFile,
        said: &IdentityArgs,
    ) -> Result<(), Failure> {
        match (self, file.signature()) {
            (Self::None, None) | (Self::With(_), _) => Ok(()),
            (Self::Again(_), Some(_)) => {
                vouched(setting, place, file, &own_signers(setting, said)?).map(drop)
            }
            _ => Err(Failure::new(Exit::Failed, "the file changed meanwhile").hint("run it again")),
        }
    }
}

/// The keys at hand that sign, by their public halves.
fn own_signers(setting: &Setting<'_>, said: &IdentityArgs) -> Result<Vec<SignerKey>, Failure> {
    let public = keys::own_public(setting, said)?;
    Ok(public.iter().filter_map(|key| key.as_str().parse().ok()).collect())
}

/// Who signed a file that nobody changed since: somebody listed, or one of `own`. Without a key that signs, nobody vouches
/// anew, and it may be anybody.
fn vouched(
    setting: &Setting<'_>,
    place: &Place,
    file: &SealedFile,
    own: &[SignerKey],
) -> Result<SignerKey, Failure> {
    let path = place.path.display();
    let sign = format!("`wharf secret sign {}` vouches for what it holds now", place.pod);
    let signer = file.signer().map_err(|error| {
        let failure = Failure::new(Exit::Failed, format!("`{path}`: {error}"));
        if matches!(error, SignatureError::Changed { .. }) { failure.hint(sign.clone()) } else { failure }
    })?;
    let listed = setting.config.secret_signers.iter().filter_map(|line| line.parse::<SignerKey>().ok());
    if own.is_empty() || own.iter().cloned().chain(listed).any(|key| key.is_same_key(&signer)) {
        return Ok(signer);
    }
    let message = format!(
        "`{path}` is signed with {}, which is neither yours nor listed under `secret_signers` here",
        signer.fingerprint()
    );
    Err(Failure::new(Exit::Failed, message)
        .hint(format!("your key would vouch for all of it: look at it (`git diff`); then {sign}")))
}

/// Without a key that signs, says so.
fn sign_again(file: &mut SealedFile, keys: &[Identity]) -> Result<(), Failure> {
    if let Some(key) = keys.iter().find_map(Identity::signing_key) {
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

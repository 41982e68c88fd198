//! The identity directory as the administrator's verbs use it: asked for by an administrator, opened with the passphrase,
//! and what is done to it recorded before it is done.

use crate::args::PassphraseArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::passphrase;
use crate::setting::Setting;
use std::time::{Duration, SystemTime};
use wharf_pki::{Authority, AuthorityCertificate, Passphrase, PkiError, ServerPair};
use wharf_store::{
    AuditRecord, AuthorityKind, IdentityBook, IdentityError, IdentityStore, Moment, Outcome, OwnName,
};
use zeroize::Zeroizing;

/// The identity directory, for an administrator.
pub(crate) struct Identity<'a> {
    pub(crate) setting: &'a Setting<'a>,
    pub(crate) store: IdentityStore,
    /// When this run began.
    pub(crate) now: SystemTime,
}

/// What is recorded of a change.
pub(crate) struct Change<'a> {
    /// `certificate-revoke`.
    pub(crate) action: &'static str,
    /// On what.
    pub(crate) object: &'a str,
    pub(crate) detail: &'a str,
}

impl<'a> Identity<'a> {
    /// Refuses whoever is no administrator.
    pub(crate) fn of(setting: &'a Setting<'a>, verb: &str) -> Result<Self, Failure> {
        setting.administrator(verb)?;
        let store = IdentityStore::within(&setting.state_dir()?);
        Ok(Self { setting, store, now: SystemTime::now() })
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment::from(self.now)
    }

    /// The book; a failure where there is no authority.
    pub(crate) fn book(&self) -> Result<IdentityBook, Failure> {
        self.store.read_book()?.ok_or_else(|| IdentityError::NoAuthority.into())
    }

    /// The book of an authority that is this host's alone: only such a one has its certificates issued here.
    pub(crate) fn own_book(&self) -> Result<IdentityBook, Failure> {
        let book = self.book()?;
        if book.authority == AuthorityKind::Own {
            return Ok(book);
        }
        let message =
            "this host's authority was imported, and signs for others, too: nobody is invited by it";
        Err(Failure::usage(message).hint(
            "have a client certificate made by whoever keeps that authority, and list its key: \
             `tenants: {alice: {certificates: {laptop: \"sha256:...\"}}}`",
        ))
    }

    /// The authority's certificate.
    pub(crate) fn certificate(&self) -> Result<AuthorityCertificate, Failure> {
        Ok(AuthorityCertificate::from_pem(&self.pem(OwnName::Authority)?)?)
    }

    /// The former authority's certificate, until a rotation is finished. What an interrupted `rotate` left is none.
    pub(crate) fn former(&self) -> Result<Option<AuthorityCertificate>, Failure> {
        let Some(text) = self.store.read(OwnName::Former)?.map(Zeroizing::new) else { return Ok(None) };
        let former = AuthorityCertificate::from_pem(&text)?;
        Ok((former != self.certificate()?).then_some(former))
    }

    /// The server's own certificate.
    pub(crate) fn server(&self) -> Result<ServerPair, Failure> {
        Ok(ServerPair::from_pem(&self.pem(OwnName::Server)?)?)
    }

    /// By which authority clients are to know the server: this host's, or a former one while both are trusted.
    pub(crate) fn server_authority(&self) -> Result<AuthorityCertificate, Failure> {
        let authority = self.shown_authority()?;
        let overlaps = self.book()?.rotated.is_some();
        if authority == self.certificate()? || overlaps && Some(&authority) == self.former()?.as_ref() {
            return Ok(authority);
        }
        // What a `rotate --now` left that was interrupted: that authority may be the one that was stolen.
        Err(Failure::new(
            Exit::Failed,
            "the server's certificate is of an authority that is not to be trusted any more",
        )
        .hint("`wharf ca rotate --finish` has it issued anew"))
    }

    /// Refuses what would have somebody believe an authority that may be a thief's, until the rotation is finished.
    pub(crate) fn check_finished(&self) -> Result<(), Failure> {
        if self.former()?.is_none() || self.book()?.rotated.is_some() {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            "`wharf ca rotate --now` was interrupted: the former authority is not gone yet",
        )
        .hint("`wharf ca rotate --finish` goes on from there"))
    }

    fn shown_authority(&self) -> Result<AuthorityCertificate, Failure> {
        self.server()?.authority().ok_or_else(|| {
            Failure::new(Exit::Failed, "the server's certificate stands there without its authority's")
                .hint("`wharf ca names` issues it anew")
        })
    }

    /// An authority with its key, and the passphrase when one was needed.
    pub(crate) fn open(
        &self,
        name: OwnName,
        said: &PassphraseArgs,
    ) -> Result<(Authority, Option<Passphrase>), Failure> {
        opened(self.setting, &self.pem(name)?, said)
    }

    /// The authority that signs for the server, as it stands in its file: until a rotation is finished, the one that
    /// clients know.
    pub(crate) fn servers_pem(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.pem(if self.former()?.is_some() { OwnName::Former } else { OwnName::Authority })
    }

    /// Whether the authority's key is sealed.
    pub(crate) fn is_sealed(&self) -> Result<bool, Failure> {
        match Authority::from_pem(&self.pem(OwnName::Authority)?, None) {
            Ok(_) => Ok(false),
            Err(PkiError::Sealed) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Records a change that is about to be made; what cannot be recorded is not done.
    pub(crate) fn record(&self, change: &Change<'_>) -> Result<(), Failure> {
        record(self.setting, self.now, change)
    }

    pub(crate) fn pem(&self, name: OwnName) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.store.read(name)?.map(Zeroizing::new).ok_or_else(|| IdentityError::NoAuthority.into())
    }
}

/// Records a change of the administrator's that is about to be made; what cannot be recorded is not done.
pub(crate) fn record(setting: &Setting<'_>, now: SystemTime, change: &Change<'_>) -> Result<(), Failure> {
    let user = setting.invocation.caller.as_ref().map(|caller| caller.name().to_owned());
    let record = AuditRecord {
        time: Moment::from(now),
        tenant: None,
        user,
        actor: "administrator".to_owned(),
        action: change.action.to_owned(),
        object: change.object.to_owned(),
        id: None,
        outcome: Outcome::Permitted,
        rule: "administrator".to_owned(),
        detail: change.detail.to_owned(),
        micros: None,
    };
    setting.open_trail()?.record(&record).map_err(|error| Failure::of(Exit::Failed, &error))
}

/// An authority with its key, and the passphrase when one was needed.
pub(crate) fn opened(
    setting: &Setting<'_>,
    text: &[u8],
    said: &PassphraseArgs,
) -> Result<(Authority, Option<Passphrase>), Failure> {
    match Authority::from_pem(text, None) {
        Err(PkiError::Sealed) => {
            let passphrase = passphrase::to_open(setting, said)?;
            Ok((Authority::from_pem(text, Some(&passphrase))?, Some(passphrase)))
        }
        other => Ok((other?, None)),
    }
}

/// How long something lasts: `90d`, `8h`, `1h 30m`.
pub(crate) fn duration(text: &str, most: Duration) -> Result<Duration, Failure> {
    let wrong = |why: &str| {
        Failure::usage(format!("`{text}` {why}")).hint("write `90d`, `8h` or `1h 30m`; a month is `30d`")
    };
    let said = humantime::parse_duration(text).map_err(|_| wrong("is no length of time"))?;
    if said.as_secs() == 0 {
        return Err(wrong("is too short"));
    }
    if said > most {
        return Err(wrong(&format!("is too long; at most {}", span(most))));
    }
    Ok(said)
}

/// A length of time for people, in the largest unit that says it whole.
pub(crate) fn span(life: Duration) -> String {
    let seconds = life.as_secs();
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let fitting = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, name) = fitting.unwrap_or((1, "second"));
    let count = seconds / unit;
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

/// A point in time for people: to the minute, in UTC.
pub(crate) fn date(moment: Moment) -> String {
    let text = moment.to_string();
    format!("{} {}", text.get(..10).unwrap_or_default(), text.get(11..16).unwrap_or_default())
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Self {
        let exit = match error {
            IdentityError::NoAuthority => Exit::Usage,
            _ => Exit::Failed,
        };
        Self::of(exit, &error)
    }
}

impl From<PkiError> for Failure {
    fn from(error: PkiError) -> Self {
        let exit = match error {
            PkiError::Name(_) | PkiError::Nameless => Exit::Usage,
            _ => Exit::Failed,
        };
        Self::of(exit, &error)
    }
}

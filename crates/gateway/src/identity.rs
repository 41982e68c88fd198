//! Who comes over the network: what is shown to clients, whose certificates hold now, and certificates for those who were
//! invited.
//!
//! Everything of this lies in the identity directory, which others change: `wharf cert revoke`, `wharf invite`. It is looked
//! at before every handshake, and now and then for those who are in. What is not understood leaves everything as it was,
//! as with the host configuration.

mod issuing;
mod joining;
mod roll;
mod trust;

use crate::standing::Standing;
pub(crate) use issuing::Wish;
pub(crate) use joining::Joined;
use roll::{Judgement, Roll};
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use thiserror::Error;
use trust::{Looked, Trust};
use wharf_model::{Fingerprint, TenantId};
use wharf_pki::{NotAdmitted, Passphrase, PkiError, Presented, ServerPair};
use wharf_store::{BookStamp, IdentityError, IdentityStore, Moment, OwnName, Seen};

/// How often it is looked whether those who are in still may be.
pub(crate) const GLANCE: Duration = Duration::from_millis(250);
/// How often what was seen of certificates is written down.
const NOTING: Duration = Duration::from_secs(5);
/// How often it is looked whether the server's certificate is to be renewed.
const TENDING: Duration = Duration::from_secs(60 * 60);

/// What is in force, in a cell that is shared with the gateway.
pub(crate) type StandingCell = Arc<RwLock<Arc<Standing>>>;

/// Where the identity of this gateway comes from.
#[derive(Debug)]
pub struct IdentitySource {
    /// The identity directory.
    pub store: IdentityStore,
    /// What opens a sealed authority; without it nothing is issued.
    pub passphrase: Option<Passphrase>,
    /// A certificate (with those between it and its authority) and its key from elsewhere, to be shown instead of ours.
    pub server_certificate: Option<(PathBuf, PathBuf)>,
}

/// Who may come over the network.
#[derive(Debug)]
pub struct Identity {
    source: IdentitySource,
    standing: OnceLock<StandingCell>,
    trust: RwLock<Arc<Trust>>,
    roll: Arc<Roll>,
    /// How often something was found to be another.
    changes: AtomicU64,
    /// Why what is there now is not in force, until that was told.
    complaint: Mutex<Option<String>>,
    /// One certificate at a time: to unseal an authority's key takes time and memory.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// What was looked at when the book was read last.
    book_looked: Mutex<Option<BookStamp>>,
    /// The files of certificates are read by one at a time.
    reading: Mutex<()>,
    /// What was seen and is not written down.
    seen: Mutex<BTreeMap<String, Seen>>,
}

/// Why nobody can come over the network.
#[derive(Debug, Error)]
pub enum IdentityProblem {
    /// The directory.
    #[error(transparent)]
    Store(#[from] IdentityError),
    /// A file in it, or from elsewhere.
    #[error("`{}`", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: PkiError,
    },
    /// A file from elsewhere cannot be read.
    #[error(transparent)]
    Unreadable(#[from] wharf_host::ReadError),
    /// A file that must be there.
    #[error("there is no `{}`; `wharf ca init` makes an authority", .0.display())]
    Missing(PathBuf),
    /// The certificate from elsewhere comes without any that clients could verify it with.
    #[error(
        "`{}` has only the server's own certificate: put those of its authorities behind it, since the people who join \
         are given the last of them to know this server by",
        .0.display()
    )]
    Unchained(PathBuf),
    /// It cannot be used for TLS.
    #[error(transparent)]
    Tls(#[from] PkiError),
}

/// How to speak to a client that has said what it speaks.
pub(crate) struct Doors {
    /// With those who have a certificate.
    pub(crate) mutual: Arc<ServerConfig>,
    /// With those who want one, while somebody is invited.
    pub(crate) joining: Option<Arc<ServerConfig>>,
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub(crate) struct Admitted {
    /// Whose rights.
    pub(crate) tenant: TenantId,
    /// Who exercises them.
    pub(crate) user: String,
    /// Until when the certificate is valid.
    pub(crate) until: SystemTime,
    /// From where.
    pub(crate) from: IpAddr,
    pub(crate) presented: Presented,
}

impl Admitted {
    /// The certificate's number, in lower-case hexadecimal digits.
    pub(crate) fn serial(&self) -> &str {
        &self.presented.serial
    }
}

impl Identity {
    /// Reads all that is needed to let somebody in.
    ///
    /// # Errors
    /// When something is missing or not understood.
    pub fn open(source: IdentitySource) -> Result<Self, IdentityProblem> {
        let roll = Arc::new(Roll::default());
        roll.take(source.store.read_book()?.ok_or(IdentityError::NoAuthority)?);
        let trust = Trust::read(&source, &roll)?;
        Ok(Self {
            source,
            standing: OnceLock::new(),
            trust: RwLock::new(Arc::new(trust)),
            roll,
            changes: AtomicU64::new(0),
            complaint: Mutex::default(),
            turn: Arc::default(),
            book_looked: Mutex::default(),
            reading: Mutex::default(),
            seen: Mutex::default(),
        })
    }

    /// From now on it is judged by what is in force there.
    pub(crate) fn heed(&self, standing: &StandingCell) {
        self.roll.heed(standing);
        let _already = self.standing.set(Arc::clone(standing));
    }

    /// How to speak to the next client.
    pub(crate) fn doors(&self) -> Doors {
        self.refresh_book();
        let trust = self.trust();
        let is_open = self.roll.book().is_some_and(|book| book.is_open(now()));
        Doors { mutual: Arc::clone(&trust.mutual), joining: is_open.then(|| Arc::clone(&trust.joining)) }
    }

    /// Who it is that has shown this in a handshake.
    pub(crate) fn admitted(
        &self,
        chain: &[CertificateDer<'_>],
        standing: &Standing,
        from: SocketAddr,
    ) -> Result<Admitted, String> {
        let trust = self.trust();
        let presented =
            Presented::of(chain, &trust.authorities, SystemTime::now()).map_err(|no| no.to_string())?;
        let Judgement { tenant, user } = self.judge(&presented, standing).map_err(|no| no.to_string())?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let from = from.ip().to_canonical();
        seen.insert(presented.serial.clone(), (now(), from.to_string()));
        Ok(Admitted { tenant, user, until: presented.not_after, from, presented })
    }

    /// Whether somebody who was let in still may be in.
    pub(crate) fn still(&self, admitted: &Admitted, standing: &Standing) -> bool {
        let trust = self.trust();
        let is_trusted =
            |authority: &Fingerprint| trust.authorities.iter().any(|a| a.fingerprint() == *authority);
        let judged = self.judge(&admitted.presented, standing);
        let is_same = judged.is_ok_and(|now| now.tenant == admitted.tenant && now.user == admitted.user);
        is_same && is_trusted(&admitted.presented.authority) && SystemTime::now() < admitted.until
    }

    /// Looks whether anything has changed. What is there now and is not understood leaves what was in force, and is looked at
    /// again. For a thread that may wait: certificates from elsewhere may lie on a file system that is slow.
    pub(crate) fn refresh(&self) {
        self.refresh_book();
        let Ok(_one) = self.reading.try_lock() else { return };
        if self.trust().looked == Looked::at(&self.source) {
            return;
        }
        match Trust::read(&self.source, &self.roll) {
            Ok(read) => {
                *self.trust.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(read);
                self.changes.fetch_add(1, Ordering::SeqCst);
            }
            Err(problem) => self.complain(&problem),
        }
    }

    /// The same for the book alone, which says who was revoked: nothing that is wrong with certificates is in its way.
    fn refresh_book(&self) {
        let looked = self.source.store.book_stamp();
        let mut known = self.book_looked.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == Some(looked) {
            return;
        }
        match self.source.store.read_book() {
            Ok(Some(book)) => {
                self.roll.take(book);
                *known = Some(looked);
                self.changes.fetch_add(1, Ordering::SeqCst);
            }
            Ok(None) => self.complain(&IdentityError::NoAuthority.into()),
            Err(error) => self.complain(&error.into()),
        }
    }

    fn complain(&self, problem: &IdentityProblem) {
        *self.complaint.lock().unwrap_or_else(PoisonError::into_inner) = Some(whole(problem));
    }

    fn judge(&self, presented: &Presented, standing: &Standing) -> Result<Judgement, NotAdmitted> {
        let book = self.roll.book().ok_or_else(|| NotAdmitted::Nobody("nobody is let in yet".to_owned()))?;
        roll::judge(presented, &book, standing)
    }

    /// How often something was found to be another: who has looked at those who are in looks again when this differs.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Why what is there now is not in force, since it was asked last.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps what needs keeping: writes down who was seen, and has the server's certificate renewed before it expires.
    /// `tell` is for the administrator's log.
    pub async fn tend(self: Arc<Self>, tell: impl Fn(&str) + Send + 'static) {
        let (mut since, mut told) = (TENDING, None);
        loop {
            if since >= TENDING {
                since = Duration::ZERO;
                let identity = Arc::clone(&self);
                let renewed = tokio::task::spawn_blocking(move || identity.renew_server_certificate()).await;
                match renewed {
                    Ok(Ok(false)) | Err(_) => {}
                    Ok(Ok(true)) => tell("the server's certificate was renewed"),
                    Ok(Err(problem)) => {
                        tell(&format!("the server's certificate is not renewed: {}", whole(&problem)));
                    }
                }
            }
            tokio::time::sleep(NOTING).await;
            since += NOTING;
            let identity = Arc::clone(&self);
            let _joined = tokio::task::spawn_blocking(move || identity.write_down_seen()).await;
            let complaint = self.complaint();
            if let Some(complaint) = complaint.as_ref().filter(|complaint| told.as_ref() != Some(*complaint))
            {
                tell(&format!(
                    "what is in the authority's directory is not understood; what was read before stays in force: {complaint}"
                ));
            }
            told = complaint;
        }
    }

    fn trust(&self) -> Arc<Trust> {
        Arc::clone(&self.trust.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write_down_seen(&self) {
        let news = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        if !news.is_empty() {
            // For people to look at: that some of it is lost is no reason to stop.
            let _lost = self.source.store.note_seen(&news);
        }
    }

    /// Gives the server a new certificate when little is left of its time, and says whether it did.
    fn renew_server_certificate(&self) -> Result<bool, IdentityProblem> {
        let (trust, now) = (self.trust(), SystemTime::now());
        if self.source.server_certificate.is_some() || !trust.own.is_due(now) {
            return Ok(false);
        }
        let held = self.source.store.hold(Moment::from(now))?;
        let book = self.source.store.read_book()?.ok_or(IdentityError::NoAuthority)?;
        // Somebody else may have done it while this waited.
        let path = trust::path(&self.source, OwnName::Server);
        let failed = |source| IdentityProblem::File { path: path.clone(), source };
        let text =
            self.source.store.read(OwnName::Server)?.ok_or_else(|| IdentityProblem::Missing(path.clone()))?;
        if !ServerPair::from_pem(&text).map_err(failed)?.is_due(now) {
            return Ok(false);
        }
        // During a rotation the server is still the former authority's: that one is what clients know.
        let name = if self.source.store.read(OwnName::Former)?.is_some() {
            OwnName::Former
        } else {
            OwnName::Authority
        };
        let authority = trust::authority(&self.source, name)?;
        let pair = authority.issue_server(&book.names, now).map_err(failed)?;
        held.write(OwnName::Server, pair.as_bytes())?;
        drop(held);
        self.refresh();
        Ok(true)
    }
}

/// An error and what caused it, in one line.
pub(crate) fn whole(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

fn now() -> Moment {
    Moment::from(SystemTime::now())
}

#[cfg(test)]
mod tests;

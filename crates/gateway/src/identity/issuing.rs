//! Certificates for those who were invited, and anew for those who have one.

use super::{Admitted, Identity, IdentityProblem, StandingCell, now, trust, whole};
use crate::standing::Standing;
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};
use thiserror::Error;
use wharf_model::{ClientName, TenantId};
use wharf_pki::{Bearer, ClientCertificate, PkiError, SigningRequest, Token};
use wharf_store::{AuthorityKind, HeldIdentity, IdentityBook, IdentityError, Issued, Moment, OwnName};

/// What somebody sends who wants a certificate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    /// From the invitation; none for a renewal.
    #[serde(default)]
    pub(crate) token: Option<String>,
    /// The request, as PEM.
    pub(crate) request: String,
}

/// What he gets.
#[derive(Debug, Serialize)]
pub(crate) struct Grant {
    /// As PEM.
    pub(crate) certificate: String,
    /// What the server is to be known by, as PEM.
    pub(crate) server_authority: String,
    pub(crate) tenant: String,
    pub(crate) user: ClientName,
    /// The certificate's number.
    pub(crate) serial: String,
    /// How long it lives, in seconds: what its renewals live, too.
    pub(crate) life_secs: u64,
}

/// Why he gets nothing.
#[derive(Debug, Error)]
pub(crate) enum NotIssued {
    /// Nothing more is said to who has no certificate.
    #[error(
        "this invitation is not open: it was used, has expired, or was not pasted whole; ask for another"
    )]
    NotInvited,
    /// The tenant is gone, or another one has its name.
    #[error("there is no tenant `{0}` now")]
    NoTenant(TenantId),
    /// Not what the book knows.
    #[error("only a certificate that was issued here is renewed here")]
    NotOurs,
    /// Taken back meanwhile.
    #[error("the certificate was revoked")]
    Revoked,
    /// The request.
    #[error(transparent)]
    Request(PkiError),
    /// An authority that signs for others issues nothing here.
    #[error("this host's authority was imported: the administrator lists the keys of those who may come")]
    Imported,
    /// Nobody is there to unseal it.
    #[error(
        "this host's authority is sealed: the administrator has to issue the certificate (`wharf cert export`)"
    )]
    Sealed,
    /// Something is wrong with the host.
    #[error("the host cannot issue certificates now")]
    Broken(#[source] IdentityProblem),
    /// It ended in the middle.
    #[error("the host broke off; try again")]
    BrokeOff,
}

impl From<IdentityError> for NotIssued {
    fn from(error: IdentityError) -> Self {
        Self::Broken(error.into())
    }
}

impl Identity {
    /// As [`Self::invited`], when it is this one's turn, where waiting holds up nobody.
    pub(crate) async fn invite_in(self: &Arc<Self>, wish: Wish) -> Result<Grant, NotIssued> {
        self.in_turn(move |identity| identity.invited(&wish)).await
    }

    /// As [`Self::renewed`], likewise.
    pub(crate) async fn renew(self: &Arc<Self>, of: Arc<Admitted>, wish: Wish) -> Result<Grant, NotIssued> {
        self.in_turn(move |identity| identity.renewed(&of, &wish)).await
    }

    /// One at a time: there are files and a lock to wait for, and, where the authority is sealed, a tenth of a second of
    /// arithmetic.
    async fn in_turn(
        self: &Arc<Self>,
        issue: impl FnOnce(&Self) -> Result<Grant, NotIssued> + Send + 'static,
    ) -> Result<Grant, NotIssued> {
        // The turn ends with the work, also when whoever asked is gone before.
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let identity = Arc::clone(self);
        let work = move || {
            let issued = issue(&identity);
            drop(turn);
            issued
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(NotIssued::BrokeOff))
    }

    /// A certificate for who was invited. The token is used up in the same moment as the certificate is in the book.
    pub(super) fn invited(&self, wish: &Wish) -> Result<Grant, NotIssued> {
        let token: Token =
            wish.token.as_deref().and_then(|text| text.parse().ok()).ok_or(NotIssued::NotInvited)?;
        let request = SigningRequest::from_pem(wish.request.as_bytes()).map_err(NotIssued::Request)?;
        let moment = now();
        // By what was read last: whoever tries tokens is not to keep the lock busy.
        if !self.roll.book().is_some_and(|book| book.invitations.contains_key(&token.id())) {
            return Err(NotIssued::NotInvited);
        }
        self.issued(|book, issue| {
            let invitation = book.invitations.get(&token.id()).filter(|open| token.fits(&open.secret));
            let invitation =
                invitation.filter(|open| open.expires > moment).ok_or(NotIssued::NotInvited)?.clone();
            let bearer = Bearer { tenant: invitation.tenant, user: invitation.user };
            let made = issue(&request, &bearer, invitation.life_secs)?;
            book.invitations.remove(&token.id());
            book.issued.insert(made.serial(), entry(&made, &bearer, invitation.life_secs));
            Ok((made, bearer, invitation.life_secs))
        })
    }

    /// A certificate in the place of one that is shown now. That one stays good until its end: whoever asked may never
    /// hear the answer.
    pub(super) fn renewed(&self, of: &Admitted, wish: &Wish) -> Result<Grant, NotIssued> {
        let request = SigningRequest::from_pem(wish.request.as_bytes()).map_err(NotIssued::Request)?;
        let moment = now();
        self.issued(|book, issue| {
            let former = book.issued.get(of.serial()).filter(|former| former.key == of.presented.key);
            let former = former.ok_or(NotIssued::NotOurs)?.clone();
            if !former.is_good(moment) {
                return Err(NotIssued::Revoked);
            }
            let bearer = Bearer { tenant: former.tenant, user: former.user };
            // What is over goes before its time: the book is everybody's, and short lives would fill it.
            book.issued.retain(|_, issued| issued.expires > moment || !is_theirs(issued, &bearer));
            let made = issue(&request, &bearer, former.life_secs)?;
            book.renew(of.serial(), made.serial(), entry(&made, &bearer, former.life_secs));
            Ok((made, bearer, former.life_secs))
        })
    }

    /// Issues one certificate, and writes the book, under the lock.
    fn issued(
        &self,
        choose: impl FnOnce(&mut IdentityBook, &Issue<'_>) -> Result<(ClientCertificate, Bearer, u64), NotIssued>,
    ) -> Result<Grant, NotIssued> {
        let standing = self.standing.get().map(in_force);
        let held: HeldIdentity<'_> = self.source.store.hold(now())?;
        let issue = |request: &SigningRequest, bearer: &Bearer, life: u64| {
            if standing.as_ref().is_none_or(|standing| standing.of(&bearer.tenant).is_none()) {
                return Err(NotIssued::NoTenant(bearer.tenant.clone()));
            }
            let authority = match trust::authority(&self.source, OwnName::Authority) {
                Ok(authority) => authority,
                Err(IdentityProblem::File { source: PkiError::Sealed, .. }) => return Err(NotIssued::Sealed),
                Err(problem) => return Err(NotIssued::Broken(problem)),
            };
            let made = authority.issue_client(request, bearer, Duration::from_secs(life), SystemTime::now());
            made.map_err(|error| NotIssued::Broken(error.into()))
        };
        let (made, bearer, life_secs) = held.change(|book| {
            if book.authority == AuthorityKind::Imported {
                return Err(NotIssued::Imported);
            }
            choose(book, &issue)
        })?;
        drop(held);
        // In force before its owner hears of it.
        self.refresh_book();
        Ok(Grant {
            certificate: made.pem(),
            server_authority: self.trust().server_authorities.clone(),
            tenant: bearer.tenant.name.to_string(),
            user: bearer.user,
            serial: made.serial(),
            life_secs,
        })
    }
}

impl NotIssued {
    /// For the audit trail and the log.
    pub(crate) fn whole(&self) -> String {
        whole(self)
    }

    /// What it is to a client.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Sealed | Self::Imported | Self::Broken(_) | Self::BrokeOff => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::NotInvited | Self::NoTenant(_) | Self::NotOurs | Self::Revoked | Self::Request(_) => {
                StatusCode::FORBIDDEN
            }
        }
    }
}

type Issue<'a> = dyn Fn(&SigningRequest, &Bearer, u64) -> Result<ClientCertificate, NotIssued> + 'a;

fn is_theirs(issued: &Issued, bearer: &Bearer) -> bool {
    issued.tenant == bearer.tenant && issued.user == bearer.user
}

fn entry(made: &ClientCertificate, bearer: &Bearer, life_secs: u64) -> Issued {
    Issued {
        tenant: bearer.tenant.clone(),
        user: bearer.user.clone(),
        key: made.key(),
        issued: now(),
        expires: Moment::from(made.not_after()),
        life_secs,
        revoked: None,
        renewed_from: None,
        first: None,
    }
}

fn in_force(cell: &StandingCell) -> Arc<Standing> {
    Arc::clone(&cell.read().unwrap_or_else(PoisonError::into_inner))
}

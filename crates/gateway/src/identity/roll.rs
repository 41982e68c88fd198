//! Whose certificates hold: the one rule, asked within the handshake, after it, and whenever something has changed.

use super::StandingCell;
use crate::standing::Standing;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use wharf_model::TenantId;
use wharf_pki::{Judge, NotAdmitted, Presented};
use wharf_store::{IdentityBook, Issued};

/// Whose a certificate is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) tenant: TenantId,
    pub(super) user: String,
}

/// Says whose a certificate is that an authority vouches for.
///
/// Two ways lead in, and which authority has signed decides nothing: a certificate that stands in the book, with this
/// number, this key and this bearer; or one whose key the host configuration lists. Either way the tenant is there now.
pub(super) fn judge(
    presented: &Presented,
    book: &IdentityBook,
    standing: &Standing,
) -> Result<Judgement, NotAdmitted> {
    let issued = book.issued.get(&presented.serial);
    if issued.is_some_and(|issued| issued.revoked.is_some() && issued.key == presented.key) {
        return Err(NotAdmitted::Revoked);
    }
    let nobody = |words: String| Err(NotAdmitted::Nobody(words));
    match (issued, &presented.bearer) {
        (Some(issued), Some(bearer)) if is_of(issued, presented) => {
            if standing.of(&bearer.tenant).is_none() {
                return nobody(format!("there is no tenant `{}` now", bearer.tenant.name));
            }
            Ok(Judgement { tenant: bearer.tenant.clone(), user: bearer.user.to_string() })
        }
        _ => listed(presented, standing).map_or_else(
            || {
                let (serial, key) = (&presented.serial, presented.key);
                nobody(format!("neither was certificate {serial} issued here, nor is its key listed ({key})"))
            },
            Ok,
        ),
    }
}

fn is_of(issued: &Issued, presented: &Presented) -> bool {
    let bearer = presented.bearer.as_ref();
    issued.key == presented.key
        && bearer.is_some_and(|bearer| bearer.tenant == issued.tenant && bearer.user == issued.user)
}

/// A certificate of an authority that signs for others, too: its key stands in the host configuration.
fn listed(presented: &Presented, standing: &Standing) -> Option<Judgement> {
    standing.grants.tenants.iter().find_map(|(name, tenant)| {
        let (user, _) = tenant.grant.certificates.iter().find(|(_, key)| **key == presented.key)?;
        let tenant = TenantId { name: name.clone(), generation: tenant.generation };
        Some(Judgement { tenant, user: user.to_string() })
    })
}

/// The same rule, for the handshake: by the book that was read last, and what is in force.
#[derive(Debug, Default)]
pub(super) struct Roll {
    standing: OnceLock<StandingCell>,
    book: RwLock<Option<Arc<IdentityBook>>>,
}

impl Roll {
    pub(super) fn heed(&self, standing: &StandingCell) {
        let _already = self.standing.set(Arc::clone(standing));
    }

    pub(super) fn take(&self, book: IdentityBook) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(book));
    }

    /// As it was read last.
    pub(super) fn book(&self) -> Option<Arc<IdentityBook>> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Judge for Roll {
    fn admit(&self, presented: &Presented) -> Result<(), NotAdmitted> {
        let book = self.book();
        let standing =
            self.standing.get().map(|cell| Arc::clone(&cell.read().unwrap_or_else(PoisonError::into_inner)));
        let (Some(book), Some(standing)) = (book, standing) else {
            return Err(NotAdmitted::Nobody("nobody is let in yet".to_owned()));
        };
        judge(presented, &book, &standing).map(|_| ())
    }
}

//! What a client has shown at the beginning of its connection.

use crate::certificate::{Facts, Usage};
use crate::{AuthorityCertificate, Bearer, tls};
use rustls::pki_types::{CertificateDer, UnixTime};
use std::time::SystemTime;
use thiserror::Error;
use wharf_model::Fingerprint;

/// A client's certificate that one of the authorities has signed, which is valid now, and is for clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// Who signed it: the SHA-256 of the authority's certificate.
    pub authority: Fingerprint,
    /// Its number, in lower-case hexadecimal digits.
    pub serial: String,
    /// The SHA-256 of its public key (DER SubjectPublicKeyInfo).
    pub key: Fingerprint,
    /// Whom it names, when that is one user of one tenant, and it is for nothing but clients: only authorities of ours
    /// are to be believed this.
    pub bearer: Option<Bearer>,
    /// Until when it is valid.
    pub not_after: SystemTime,
}

/// Why what a client has shown counts for nothing.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum NotPresentable {
    /// There is none.
    #[error("no certificate")]
    Nothing,
    /// It cannot be read.
    #[error("a damaged certificate")]
    Damaged,
    /// It is not for clients.
    #[error("a certificate that is not for clients")]
    NotForClients,
    /// No authority's, expired, not valid yet, or otherwise wrong: what the library said.
    #[error("a certificate that no authority vouches for now: {0}")]
    Untrusted(rustls::Error),
}

impl Presented {
    /// Judges a chain, the client's own certificate first, at this time.
    ///
    /// # Errors
    /// When it counts for nothing.
    pub fn of(
        chain: &[CertificateDer<'_>],
        authorities: &[AuthorityCertificate],
        now: SystemTime,
    ) -> Result<Self, NotPresentable> {
        let now = now.duration_since(SystemTime::UNIX_EPOCH).map_err(|_| NotPresentable::Damaged)?;
        let verifiers = tls::verifiers(authorities).map_err(|_| NotPresentable::Nothing)?;
        let (leaf, between) = chain.split_first().ok_or(NotPresentable::Nothing)?;
        tls::present(leaf, between, UnixTime::since_unix_epoch(now), &verifiers)
    }

    pub(crate) fn from_facts(facts: Facts, authority: Fingerprint) -> Result<Self, NotPresentable> {
        let Facts { serial, key, not_after, bearer, usage, .. } = facts;
        let bearer = match usage {
            Usage::ClientsAlone => bearer,
            Usage::Clients => None,
            Usage::Other => return Err(NotPresentable::NotForClients),
        };
        Ok(Self { authority, serial, key, bearer, not_after })
    }
}

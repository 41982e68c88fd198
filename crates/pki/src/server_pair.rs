//! What a server shows: its certificate, and those between it and an authority.

use crate::authority::{is_due, server_life};
use crate::certificate::Facts;
use crate::key::PrivateKey;
use crate::{AuthorityCertificate, PkiError, text};
use rcgen::PublicKeyData;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use std::net::IpAddr;
use std::time::SystemTime;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

/// A chain of certificates, the server's own first, and its private key.
pub struct ServerPair {
    chain: Vec<CertificateDer<'static>>,
    key: Zeroizing<Vec<u8>>,
    facts: Facts,
    names: Vec<String>,
}

impl ServerPair {
    /// Which names and addresses the first certificate in a text is for, whether or not its key is there.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn names_in(text: &[u8]) -> Result<Vec<String>, PkiError> {
        let chain = text::certificates(text)?;
        names(chain.first().ok_or(PkiError::Missing("certificate"))?)
    }

    /// What stands in one text, or in two that were put one behind the other.
    ///
    /// # Errors
    /// When something is missing or damaged, or the key is not the first certificate's.
    pub fn from_pem(text: &[u8]) -> Result<Self, PkiError> {
        let chain = text::certificates(text)?;
        let leaf = chain.first().ok_or(PkiError::Missing("certificate"))?;
        let facts = Facts::read(leaf)?;
        let key = PrivateKey::opened(text, None)?;
        if crate::digest(&key.0.subject_public_key_info()) != facts.key {
            return Err(PkiError::Mismatch);
        }
        let names = names(leaf)?;
        if names.is_empty() {
            return Err(PkiError::Nameless);
        }
        Ok(Self { key: Zeroizing::new(key.0.serialized_der().to_vec()), names, facts, chain })
    }

    /// Until when the server's own certificate is valid.
    pub fn leaf_not_after(&self) -> SystemTime {
        self.facts.not_after
    }

    /// Whether less than a third of its time is left, or it is of a time that is yet to come: a clock was wrong.
    pub fn is_due(&self, now: SystemTime) -> bool {
        self.facts.not_before > now || is_due(self.facts.not_after, server_life(), now)
    }

    /// Which names and addresses it is for.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What clients verify it with: the authority at the end of the chain, or `None` where clients must know it already.
    pub fn authority(&self) -> Option<AuthorityCertificate> {
        let last = self.chain.get(1..)?.last()?;
        AuthorityCertificate::from_der(last.clone()).ok()
    }

    pub(crate) fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain.clone()
    }

    pub(crate) fn key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.to_vec()).into()
    }
}

impl std::fmt::Debug for ServerPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerPair").field("names", &self.names).finish_non_exhaustive()
    }
}

fn names(leaf: &[u8]) -> Result<Vec<String>, PkiError> {
    let damaged = || PkiError::Damaged("certificate");
    let (_, read) = X509Certificate::from_der(leaf).map_err(|_| damaged())?;
    let Some(extension) = read.subject_alternative_name().map_err(|_| damaged())? else {
        return Ok(Vec::new());
    };
    let named = extension.value.general_names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    });
    Ok(named.collect())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

//! Certificates of clients, read.

use crate::authority::SKEW;
use crate::{Bearer, PkiError, digest, text};
use rustls::pki_types::CertificateDer;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};
use wharf_model::Fingerprint;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

/// One client's certificate, as it stands: nothing here says that it is to be trusted.
#[derive(Debug, Clone)]
pub struct ClientCertificate {
    der: CertificateDer<'static>,
    pub(crate) facts: Facts,
}

/// What a certificate says.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) serial: String,
    pub(crate) key: Fingerprint,
    pub(crate) not_before: SystemTime,
    pub(crate) not_after: SystemTime,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) usage: Usage,
}

/// What a certificate says that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    /// Nothing but clients.
    ClientsAlone,
    /// Clients, among others.
    Clients,
    /// Anything else, or nothing.
    Other,
}

impl ClientCertificate {
    /// The first certificate in a text.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn from_pem(text: &[u8]) -> Result<Self, PkiError> {
        let first = text::certificates(text)?.into_iter().next();
        Self::from_der(first.ok_or(PkiError::Missing("certificate"))?)
    }

    pub(crate) fn from_der(der: CertificateDer<'static>) -> Result<Self, PkiError> {
        let facts = Facts::read(&der)?;
        Ok(Self { der, facts })
    }

    /// As text.
    pub fn pem(&self) -> String {
        text::certificate(&self.der)
    }

    /// Its number, in lower-case hexadecimal digits.
    pub fn serial(&self) -> String {
        self.facts.serial.clone()
    }

    /// The SHA-256 of its public key (DER SubjectPublicKeyInfo).
    pub fn key(&self) -> Fingerprint {
        self.facts.key
    }

    /// From when on it is valid.
    pub fn not_before(&self) -> SystemTime {
        self.facts.not_before
    }

    /// Until when it is valid.
    pub fn not_after(&self) -> SystemTime {
        self.facts.not_after
    }

    /// For how long it was issued. It is valid a little longer, from before it was issued.
    pub fn life(&self) -> Duration {
        let valid = self.facts.not_after.duration_since(self.facts.not_before).unwrap_or_default();
        valid.saturating_sub(SKEW)
    }

    /// Whom it names, when that is one user of one tenant and nobody else.
    pub fn bearer(&self) -> Option<Bearer> {
        self.facts.bearer.clone()
    }
}

impl Facts {
    pub(crate) fn read(der: &[u8]) -> Result<Self, PkiError> {
        let damaged = || PkiError::Damaged("certificate");
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| damaged())?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        let validity = certificate.validity();
        let time = |timestamp: i64| moment(timestamp).ok_or_else(damaged);
        Ok(Self {
            serial: hexadecimal(certificate.raw_serial()),
            key: digest(certificate.public_key().raw),
            not_before: time(validity.not_before.timestamp())?,
            not_after: time(validity.not_after.timestamp())?,
            bearer: bearer(&certificate).map_err(|()| damaged())?,
            usage: usage(&certificate).map_err(|()| damaged())?,
        })
    }
}

/// Who is named, when there is one name and it is of our form.
fn bearer(certificate: &X509Certificate<'_>) -> Result<Option<Bearer>, ()> {
    let names = certificate.subject_alternative_name().map_err(|_| ())?;
    let names = names.map(|extension| extension.value.general_names.as_slice()).unwrap_or_default();
    Ok(match names {
        [GeneralName::URI(uri)] => uri.parse().ok(),
        _ => None,
    })
}

fn usage(certificate: &X509Certificate<'_>) -> Result<Usage, ()> {
    let signs = certificate.key_usage().map_err(|_| ())?;
    if signs.is_some_and(|extension| !extension.value.digital_signature()) {
        return Ok(Usage::Other);
    }
    let Some(extension) = certificate.extended_key_usage().map_err(|_| ())? else { return Ok(Usage::Other) };
    let purposes = extension.value;
    if !purposes.client_auth {
        return Ok(Usage::Other);
    }
    let others = purposes.any
        || purposes.server_auth
        || purposes.code_signing
        || purposes.email_protection
        || purposes.time_stamping
        || purposes.ocsp_signing
        || !purposes.other.is_empty();
    Ok(if others { Usage::Clients } else { Usage::ClientsAlone })
}

pub(crate) fn moment(timestamp: i64) -> Option<SystemTime> {
    let seconds = Duration::from_secs(timestamp.unsigned_abs());
    if timestamp < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(seconds)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(seconds)
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}

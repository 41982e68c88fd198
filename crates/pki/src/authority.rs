//! An authority: the certificate that everybody is shown, the key that nobody is, and what is signed with it.

use crate::certificate::{Facts, moment};
use crate::key::PrivateKey;
use crate::{Bearer, ClientCertificate, Passphrase, PkiError, SigningRequest, digest, random, text};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyUsagePurpose, PublicKeyData, SanType, SerialNumber,
};
use rustls::pki_types::{CertificateDer, DnsName};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};
use wharf_model::{ClientName, Fingerprint};
use x509_parser::prelude::{FromDer, X509Certificate};
use zeroize::Zeroizing;

/// How long an authority of ours lasts: ten years.
const AUTHORITY: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
/// How long a server's certificate lasts. It is renewed long before.
const SERVER: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// How long an engine's certificate lasts.
const ENGINE: Duration = Duration::from_secs(2 * 365 * 24 * 60 * 60);
/// Clocks differ: what was issued now is valid for those that are behind, too.
pub(crate) const SKEW: Duration = Duration::from_secs(60 * 60);

/// An authority's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityCertificate {
    der: CertificateDer<'static>,
    not_after: SystemTime,
    subject: String,
}

/// A certificate and the key that signs for it.
#[derive(Debug)]
pub struct Authority {
    certificate: AuthorityCertificate,
    issuer: Issuer<'static, PrivateKey>,
}

impl AuthorityCertificate {
    /// The first certificate in a text.
    ///
    /// # Errors
    /// When there is none, or it is no authority's.
    pub fn from_pem(text: &[u8]) -> Result<Self, PkiError> {
        Self::all_from_pem(text)?.into_iter().next().ok_or(PkiError::Missing("certificate"))
    }

    /// All certificates in a text.
    ///
    /// # Errors
    /// When one is damaged, or is no authority's.
    pub fn all_from_pem(text: &[u8]) -> Result<Vec<Self>, PkiError> {
        text::certificates(text)?.into_iter().map(Self::from_der).collect()
    }

    pub(crate) fn from_der(der: CertificateDer<'static>) -> Result<Self, PkiError> {
        let damaged = || PkiError::Damaged("certificate");
        let (rest, read) = X509Certificate::from_der(&der).map_err(|_| damaged())?;
        if !rest.is_empty() {
            return Err(damaged());
        }
        let signs = read.key_usage().map_err(|_| damaged())?;
        if !read.is_ca() || signs.is_some_and(|extension| !extension.value.key_cert_sign()) {
            return Err(PkiError::NoAuthority);
        }
        let not_after = moment(read.validity().not_after.timestamp()).ok_or_else(damaged)?;
        let subject = read.subject().to_string();
        Ok(Self { der, not_after, subject })
    }

    /// As text.
    pub fn pem(&self) -> String {
        text::certificate(&self.der)
    }

    /// The SHA-256 of the certificate (DER): by this people recognise it.
    pub fn fingerprint(&self) -> Fingerprint {
        digest(&self.der)
    }

    /// Until when it is valid.
    pub fn not_after(&self) -> SystemTime {
        self.not_after
    }

    /// What it is called: its distinguished name.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    pub(crate) fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }
}

impl Authority {
    /// A new one of this name, valid for ten years from `now`. It signs what is used, and no further authorities.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate(name: &str, now: SystemTime) -> Result<Self, PkiError> {
        let key = PrivateKey::generate()?;
        let mut params = params(now, now + AUTHORITY)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.use_authority_key_identifier_extension = false;
        let made = params.self_signed(&key.0).map_err(PkiError::Making)?;
        Self::of(AuthorityCertificate::from_der(made.der().clone())?, key)
    }

    /// The one whose certificate and key stand in this text. Where there are several certificates, the first is its own.
    ///
    /// # Errors
    /// When one is missing or damaged, they do not belong together, or the key is sealed and the passphrase does not
    /// open it.
    pub fn from_pem(text: &[u8], passphrase: Option<&Passphrase>) -> Result<Self, PkiError> {
        let certificate = AuthorityCertificate::from_pem(text)?;
        let key = PrivateKey::opened(text, passphrase)?;
        if digest(&key.0.subject_public_key_info()) != Facts::read(certificate.der())?.key {
            return Err(PkiError::Mismatch);
        }
        Self::of(certificate, key)
    }

    fn of(certificate: AuthorityCertificate, key: PrivateKey) -> Result<Self, PkiError> {
        let issuer = Issuer::from_ca_cert_der(certificate.der(), key).map_err(PkiError::Making)?;
        Ok(Self { certificate, issuer })
    }

    /// What everybody is shown.
    pub fn certificate(&self) -> &AuthorityCertificate {
        &self.certificate
    }

    /// Certificate and key as one text, which is to be kept from everybody.
    ///
    /// # Errors
    /// When the key cannot be sealed.
    pub fn to_pem(&self, seal: Option<&Passphrase>) -> Result<Zeroizing<String>, PkiError> {
        let key = match seal {
            Some(seal) => self.issuer.key().sealed_pem(seal)?,
            None => self.issuer.key().to_pem(),
        };
        Ok(joined(&self.certificate.pem(), &key))
    }

    /// A server's certificate for these names and addresses, valid for 90 days: the certificate, the authority's, and a
    /// new private key, as one text.
    ///
    /// # Errors
    /// When a name is none, or the authority has expired.
    pub fn issue_server(&self, names: &[String], now: SystemTime) -> Result<Zeroizing<String>, PkiError> {
        self.server(names, SERVER, now)
    }

    /// The same for an engine, which reads its certificate only when it starts: valid for two years.
    ///
    /// # Errors
    /// When a name is none, or the authority has expired.
    pub fn issue_engine(&self, names: &[String], now: SystemTime) -> Result<Zeroizing<String>, PkiError> {
        self.server(names, ENGINE, now)
    }

    fn server(
        &self,
        names: &[String],
        life: Duration,
        now: SystemTime,
    ) -> Result<Zeroizing<String>, PkiError> {
        let key = PrivateKey::generate()?;
        let mut params = self.params(now, life)?;
        params.subject_alt_names = names.iter().map(|name| san(name)).collect::<Result<_, _>>()?;
        let first = names.first().ok_or(PkiError::Nameless)?;
        // At most 64 characters may stand there (RFC 5280, ub-common-name); nobody who verifies looks at it.
        params.distinguished_name.push(DnType::CommonName, first.chars().take(64).collect::<String>());
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let made = params.signed_by(&key.0, &self.issuer).map_err(PkiError::Making)?;
        let chain = text::certificate(made.der()) + &self.certificate.pem();
        Ok(joined(&chain, &key.to_pem()))
    }

    /// A client's certificate for the key of this request, in the name of `bearer`, whatever the request says.
    ///
    /// # Errors
    /// When the authority has expired.
    pub fn issue_client(
        &self,
        request: &SigningRequest,
        bearer: &Bearer,
        life: Duration,
        now: SystemTime,
    ) -> Result<ClientCertificate, PkiError> {
        // For people who look at it; who somebody is, the URI says.
        let name = format!("{}/{}", bearer.tenant.name, bearer.user);
        let uri = bearer.to_string().try_into().map_err(PkiError::Making)?;
        self.client(request, &name, vec![SanType::URI(uri)], life, now)
    }

    /// A certificate for the key of this request with which an engine that knows this authority lets somebody in: as root,
    /// since engines ask no further. It names no tenant, and nobody whom a gateway would know.
    ///
    /// # Errors
    /// When the authority has expired.
    pub fn issue_engine_client(
        &self,
        request: &SigningRequest,
        user: &ClientName,
        life: Duration,
        now: SystemTime,
    ) -> Result<ClientCertificate, PkiError> {
        self.client(request, user.as_str(), Vec::new(), life, now)
    }

    fn client(
        &self,
        request: &SigningRequest,
        name: &str,
        names: Vec<SanType>,
        life: Duration,
        now: SystemTime,
    ) -> Result<ClientCertificate, PkiError> {
        let mut params = self.params(now, life)?;
        params.subject_alt_names = names;
        params.distinguished_name.push(DnType::CommonName, name.chars().take(64).collect::<String>());
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let made = params.signed_by(&request.key, &self.issuer).map_err(PkiError::Making)?;
        ClientCertificate::from_der(made.der().clone())
    }

    /// What is common to all that is signed here, valid no longer than the authority itself.
    fn params(&self, now: SystemTime, life: Duration) -> Result<CertificateParams, PkiError> {
        let until = (now + life).min(self.certificate.not_after);
        if until <= now {
            return Err(PkiError::Expired);
        }
        let mut params = params(now, until)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        Ok(params)
    }
}

fn params(now: SystemTime, until: SystemTime) -> Result<CertificateParams, PkiError> {
    let mut serial = random::<16>()?;
    // Positive, and of the same length for all (RFC 5280, 4.1.2.2).
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x3f) | 0x40;
    }
    let mut params = CertificateParams::default();
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.distinguished_name = DistinguishedName::new();
    params.not_before = (now - SKEW).into();
    params.not_after = until.into();
    Ok(params)
}

/// One text of two, of which nothing is left behind.
fn joined(chain: &str, key: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(chain.len() + key.len()));
    text.push_str(chain);
    text.push_str(key);
    text
}

fn san(name: &str) -> Result<SanType, PkiError> {
    let wrong = || PkiError::Name(name.to_owned());
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(SanType::IpAddress(address));
    }
    DnsName::try_from(name).map_err(|_| wrong())?;
    Ok(SanType::DnsName(name.to_ascii_lowercase().try_into().map_err(|_| wrong())?))
}

/// When something that is valid until then is to be renewed: with a third of `life` left.
#[must_use]
pub(crate) fn is_due(not_after: SystemTime, life: Duration, now: SystemTime) -> bool {
    not_after.duration_since(now).map_or(true, |left| left < life / 3)
}

/// The life of a server's certificate, for who asks whether it is due.
pub(crate) const fn server_life() -> Duration {
    SERVER
}

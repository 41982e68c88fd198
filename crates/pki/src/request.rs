//! What somebody sends who wants a certificate.

use crate::{PkiError, digest, text};
use rcgen::{CertificateSigningRequestParams, PublicKeyData, SubjectPublicKeyInfo};
use rustls::pki_types::CertificateSigningRequestDer;
use wharf_model::Fingerprint;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

/// More than any honest request.
const MOST_BYTES: usize = 8 << 10;

/// A public key whose owner has shown that the private one is his. Whatever else the request asked for is not looked at.
#[derive(Debug)]
pub struct SigningRequest {
    pub(crate) key: SubjectPublicKeyInfo,
}

impl SigningRequest {
    /// Reads a request that anybody may have sent.
    ///
    /// # Errors
    /// When it is none, is not signed by its own key, or that key is not on P-256.
    pub fn from_pem(text: &[u8]) -> Result<Self, PkiError> {
        if text.len() > MOST_BYTES {
            return Err(PkiError::Request);
        }
        let der = text::request(text).ok_or(PkiError::Request)?;
        // This checks the signature: who has the request has the private key, or had it.
        CertificateSigningRequestParams::from_der(&CertificateSigningRequestDer::from(der.as_slice()))
            .map_err(|_| PkiError::Request)?;
        let (rest, request) = X509CertificationRequest::from_der(&der).map_err(|_| PkiError::Request)?;
        let spki = request.certification_request_info.subject_pki.raw;
        let key = SubjectPublicKeyInfo::from_der(spki).map_err(|_| PkiError::Request)?;
        if !rest.is_empty() || key.algorithm() != &rcgen::PKCS_ECDSA_P256_SHA256 {
            return Err(PkiError::Request);
        }
        Ok(Self { key })
    }

    /// The SHA-256 of the public key (DER SubjectPublicKeyInfo).
    pub fn key(&self) -> Fingerprint {
        digest(&self.key.subject_public_key_info())
    }
}

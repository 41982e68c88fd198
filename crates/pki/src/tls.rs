//! TLS as it is spoken here: 1.2 and 1.3, nothing resumed, and both sides verified unless somebody is just joining.
//!
//! Nothing is resumed so that nobody comes back on what he was before a certificate was revoked: a session ticket
//! outlives it. What that costs is measured in the benchmark.

mod client;
mod server;

pub use client::{client, pinned};
pub use server::{joining, mutual};

pub(crate) use server::{present, verifiers};

use crate::{PkiError, Presented};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::{DigitallySignedStruct, SignatureScheme};
use std::fmt::Debug;
use std::sync::Arc;
use thiserror::Error;

/// What a client says it speaks that wants a certificate, and has none (ALPN, RFC 7301).
pub const JOIN: &[u8] = b"wharf-join/1";
/// What everybody else speaks.
pub(crate) const HTTP: &[u8] = b"http/1.1";

/// Says who may come in. Asked within the handshake, when signatures and times have been found to be right.
pub trait Judge: Debug + Send + Sync {
    /// Judges what was shown.
    ///
    /// # Errors
    /// When it may not come in.
    fn admit(&self, presented: &Presented) -> Result<(), NotAdmitted>;
}

/// Who shows this may not come in. The client hears of it as an alert: `certificate_revoked`, or `access_denied`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotAdmitted {
    /// It was taken back.
    #[error("the certificate was revoked")]
    Revoked,
    /// It is nobody's here.
    #[error("{0}")]
    Nobody(String),
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// That who shows a certificate has its key, as TLS 1.3 has it shown.
fn verify_tls13(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    let algorithms = provider().signature_verification_algorithms;
    rustls::crypto::verify_tls13_signature(message, certificate, signed, &algorithms)
}

fn schemes() -> Vec<SignatureScheme> {
    provider().signature_verification_algorithms.supported_schemes()
}

fn failed(error: rustls::Error) -> PkiError {
    PkiError::Tls(error)
}

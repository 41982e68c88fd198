//! The client's side.

use super::{HTTP, JOIN, failed, provider, schemes, verify_tls13};
use crate::key::PrivateKey;
use crate::{PkiError, digest, text};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;
use wharf_model::Fingerprint;

/// For whoever has a certificate: the server is verified by `authorities`, and is shown `own` (certificate and key).
///
/// # Errors
/// When the certificates cannot be used.
pub fn client(authorities: &[u8], own: Option<(&[u8], &[u8])>) -> Result<Arc<ClientConfig>, PkiError> {
    let mut roots = RootCertStore::empty();
    for authority in text::certificates(authorities)? {
        roots.add(authority).map_err(failed)?;
    }
    if roots.is_empty() {
        return Err(PkiError::Missing("certificate"));
    }
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13, &TLS12]);
    let builder = builder.map_err(failed)?.with_root_certificates(roots);
    let config = match own {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let key = PrivateKey::from_pem(key)?;
            let key = PrivatePkcs8KeyDer::from(key.0.serialized_der().to_vec()).into();
            builder.with_client_auth_cert(text::certificates(certificate)?, key).map_err(failed)?
        }
    };
    Ok(speaking(config, HTTP))
}

/// For whoever joins: the server is the one whose authority has this fingerprint, whatever else it says.
///
/// # Errors
/// When TLS cannot be set up.
pub fn pinned(authority: Fingerprint) -> Result<Arc<ClientConfig>, PkiError> {
    let builder = ClientConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13]);
    let verifier = Arc::new(Pinned { authority });
    let builder = builder.map_err(failed)?.dangerous().with_custom_certificate_verifier(verifier);
    Ok(speaking(builder.with_no_client_auth(), JOIN))
}

fn speaking(mut config: ClientConfig, protocol: &[u8]) -> Arc<ClientConfig> {
    config.alpn_protocols = vec![protocol.to_vec()];
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// Trusts the one authority with this fingerprint, which the server must show beside its own certificate.
#[derive(Debug)]
struct Pinned {
    authority: Fingerprint,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let authority = between.iter().find(|certificate| digest(certificate) == self.authority);
        let authority = authority.ok_or(CertificateError::UnknownIssuer)?;
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .map_err(|_| CertificateError::UnknownIssuer)?;
        inner.verify_server_cert(leaf, &[], name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 is not spoken here".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        schemes()
    }
}

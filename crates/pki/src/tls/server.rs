//! The server's side.

use super::{HTTP, JOIN, Judge, NotAdmitted, failed, provider, schemes, verify_tls13};
use crate::certificate::Facts;
use crate::presented::NotPresentable;
use crate::{AuthorityCertificate, PkiError, Presented, ServerPair};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, OtherError, RootCertStore, ServerConfig,
    SignatureScheme,
};
use std::sync::Arc;
use wharf_model::Fingerprint;

/// For clients that show a certificate: who shows none, or one that `judge` does not admit, is refused in the handshake.
///
/// # Errors
/// When the certificates cannot be used.
pub fn mutual(
    server: &ServerPair,
    authorities: &[AuthorityCertificate],
    judge: Arc<dyn Judge>,
) -> Result<Arc<ServerConfig>, PkiError> {
    let verifier = Arc::new(Strict { verifiers: verifiers(authorities)?, judge });
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13, &TLS12]);
    let builder = builder.map_err(failed)?.with_client_cert_verifier(verifier);
    let config = builder.with_single_cert(server.chain(), server.key()).map_err(failed)?;
    Ok(without_memory(config, HTTP))
}

/// For clients that want a certificate. They have none, and are to know this server by what they were told of it.
///
/// # Errors
/// When the certificates cannot be used.
pub fn joining(server: &ServerPair) -> Result<Arc<ServerConfig>, PkiError> {
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(&[&TLS13]);
    let builder = builder.map_err(failed)?.with_no_client_auth();
    let config = builder.with_single_cert(server.chain(), server.key()).map_err(failed)?;
    Ok(without_memory(config, JOIN))
}

fn without_memory(mut config: ServerConfig, protocol: &[u8]) -> Arc<ServerConfig> {
    config.alpn_protocols = vec![protocol.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Arc::new(config)
}

/// One authority, and what verifies that it has signed something.
#[derive(Debug)]
pub(crate) struct Verifier {
    authority: Fingerprint,
    inner: Arc<dyn ClientCertVerifier>,
}

/// One for each authority, so that it is known which has signed.
pub(crate) fn verifiers(authorities: &[AuthorityCertificate]) -> Result<Vec<Verifier>, PkiError> {
    let verifier = |authority: &AuthorityCertificate| {
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).map_err(failed)?;
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        let inner = builder.build().map_err(|_| PkiError::NoAuthority)?;
        Ok(Verifier { authority: authority.fingerprint(), inner })
    };
    let all = authorities.iter().map(verifier).collect::<Result<Vec<_>, PkiError>>()?;
    if all.is_empty() { Err(PkiError::Missing("certificate")) } else { Ok(all) }
}

/// Judges signatures, times and usage; who it is, somebody else judges.
pub(crate) fn present(
    leaf: &CertificateDer<'_>,
    between: &[CertificateDer<'_>],
    now: UnixTime,
    verifiers: &[Verifier],
) -> Result<Presented, NotPresentable> {
    let mut refused = None;
    for Verifier { authority, inner } in verifiers {
        match inner.verify_client_cert(leaf, between, now) {
            Ok(_) => {
                let facts = Facts::read(leaf).map_err(|_| NotPresentable::Damaged)?;
                return Presented::from_facts(facts, *authority);
            }
            // Of several, the one that knows it says most: expired, say, rather than unknown.
            Err(error) if refused.is_none() || !is_unknown(&error) => refused = Some(error),
            Err(_) => {}
        }
    }
    Err(refused.map_or(NotPresentable::Nothing, NotPresentable::Untrusted))
}

fn is_unknown(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

/// Refuses in the handshake whoever is not to come in.
#[derive(Debug)]
struct Strict {
    verifiers: Vec<Verifier>,
    judge: Arc<dyn Judge>,
}

impl ClientCertVerifier for Strict {
    /// None: whoever asks need not know whom we trust, and clients have one certificate for us.
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let presented = match present(leaf, between, now, &self.verifiers) {
            Ok(presented) => presented,
            Err(NotPresentable::Untrusted(error)) => return Err(error),
            Err(NotPresentable::NotForClients) => return Err(CertificateError::InvalidPurpose.into()),
            Err(_) => return Err(CertificateError::BadEncoding.into()),
        };
        match self.judge.admit(&presented) {
            Ok(()) => Ok(ClientCertVerified::assertion()),
            Err(NotAdmitted::Revoked) => Err(CertificateError::Revoked.into()),
            Err(nobody) => Err(CertificateError::Other(OtherError(Arc::new(nobody))).into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &algorithms)
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

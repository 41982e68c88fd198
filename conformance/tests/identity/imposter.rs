//! Somebody who shows a certificate and signs with whatever key there is: openssl's tools look first whether they fit.

use crate::peer::{connected, within};
use rustls::client::ResolvesClientCert;
use rustls::crypto::ring::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, SignatureScheme, StreamOwned, SupportedProtocolVersion,
};
use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use wharf_conformance::gateway::Gateway;

/// What is spoken.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Version {
    Tls12,
    Tls13,
}

impl Version {
    pub(crate) const ALL: [Self; 2] = [Self::Tls12, Self::Tls13];

    fn spoken(self) -> &'static SupportedProtocolVersion {
        match self {
            Self::Tls12 => &TLS12,
            Self::Tls13 => &TLS13,
        }
    }
}

#[derive(Debug)]
struct Fixed(Arc<CertifiedKey>);

impl ResolvesClientCert for Fixed {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// What is answered to a ping with the certificate of one folder and the key of another.
pub(crate) fn ping(
    gateway: &Gateway<'_>,
    version: Version,
    certificate: &Path,
    key: &Path,
) -> Result<String, String> {
    let ping = b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
    say(gateway, version, (certificate, key), ping)
}

/// What is answered to these bytes.
pub(crate) fn say(
    gateway: &Gateway<'_>,
    version: Version,
    (certificate, key): (&Path, &Path),
    bytes: &[u8],
) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate.join("ca.pem")).unwrap()).unwrap();
    let shown = CertificateDer::from_pem_file(certificate.join("cert.pem")).unwrap();
    let signs = any_supported_type(&PrivateKeyDer::from_pem_file(key.join("key.pem")).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_protocol_versions(&[version.spoken()]).unwrap().with_root_certificates(roots);
    let fixed = Fixed(Arc::new(CertifiedKey::new(vec![shown], signs)));
    let config = builder.with_client_cert_resolver(Arc::new(fixed));
    let server = ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST));
    let tls = ClientConnection::new(Arc::new(config), server).unwrap();
    let mut stream = StreamOwned::new(tls, within(gateway, || connected(Ipv4Addr::LOCALHOST)));
    stream.write_all(bytes).map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if answer.is_empty() => Err(error.to_string()),
        _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}

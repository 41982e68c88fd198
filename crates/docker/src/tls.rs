//! TLS towards an engine or a gateway: whom we trust, and how we are known. Always verified.

mod fault;

use rustls::client::Resumption;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub use fault::TlsFault;

/// Whom we trust, and how we are known.
#[derive(Clone)]
pub struct TlsClient {
    config: Arc<ClientConfig>,
    own: Own,
}

/// Whether we have a certificate to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    Shown,
    None,
}

/// Why certificates or a key cannot be used.
#[derive(Debug, Error)]
pub enum TlsClientError {
    /// Not PEM.
    #[error("{what} is no PEM text")]
    NotPem {
        /// Which.
        what: &'static str,
        /// Why.
        #[source]
        source: pem::Error,
    },
    /// No authority.
    #[error("there is no authority's certificate in it that could be used")]
    NoAuthority,
    /// No certificate.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// No key.
    #[error("there is no private key in it")]
    NoKey,
    /// A key that only a passphrase opens.
    #[error("the private key is sealed with a passphrase, which the docker CLI cannot open either")]
    SealedKey,
    /// They do not belong together, or are of no kind that is known.
    #[error("certificate and private key cannot be used together")]
    Pair(#[source] rustls::Error),
    /// Nothing to speak TLS with.
    #[error("no TLS can be spoken")]
    Unable(#[source] rustls::Error),
}

/// How long a server that broke off may take to say why.
const WHY_PATIENCE: Duration = Duration::from_secs(2);

impl TlsClient {
    /// Trusts what `authorities` (PEM) has and nothing else; shows `own`, a certificate chain and its key (PEM).
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn new(authorities: &[u8], own: Option<(&[u8], &[u8])>) -> Result<Self, TlsClientError> {
        let mut roots = RootCertStore::empty();
        let (added, _) =
            roots.add_parsable_certificates(certificates("the authority's certificate", authorities)?);
        if added == 0 {
            return Err(TlsClientError::NoAuthority);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.map_err(TlsClientError::Unable)?.with_root_certificates(roots);
        let mut config = match own {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let chain = certificates("the certificate", chain)?;
                if chain.is_empty() {
                    return Err(TlsClientError::NoCertificate);
                }
                builder.with_client_auth_cert(chain, private_key(key)?).map_err(TlsClientError::Pair)?
            }
        };
        // Each handshake asks anew whether we are still let in.
        config.resumption = Resumption::disabled();
        let own = if own.is_some() { Own::Shown } else { Own::None };
        Ok(Self { config: Arc::new(config), own })
    }

    pub(crate) fn own(&self) -> Own {
        self.own
    }

    /// Connects to `host:port`.
    pub(crate) async fn connect(&self, address: &str) -> io::Result<TlsStream<TcpStream>> {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let stream = TcpStream::connect(address).await?;
        // Requests are small, and each waits for an answer.
        stream.set_nodelay(true)?;
        TlsConnector::from(Arc::clone(&self.config)).connect(name, stream).await
    }

    /// Why a server breaks off after the handshake. With TLS 1.3 it looks at our certificate when the handshake is over for
    /// us, and what it says of it may be lost with the request that it did not read: so nothing is sent, and it is heard.
    pub(crate) async fn why_broken(&self, address: &str) -> Option<TlsFault> {
        let heard = tokio::time::timeout(WHY_PATIENCE, async {
            let mut stream = self.connect(address).await?;
            stream.read_u8().await
        });
        TlsFault::behind(&heard.await.ok()?.err()?, self.own)
    }
}

fn certificates(what: &'static str, text: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsClientError> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    read.map_err(|source| TlsClientError::NotPem { what, source })
}

fn private_key(text: &[u8]) -> Result<PrivateKeyDer<'static>, TlsClientError> {
    PrivateKeyDer::from_pem_slice(text).map_err(|source| {
        let is_sealed = String::from_utf8_lossy(text).contains("ENCRYPTED");
        match source {
            _ if is_sealed => TlsClientError::SealedKey,
            pem::Error::NoItemsFound => TlsClientError::NoKey,
            source => TlsClientError::NotPem { what: "the private key", source },
        }
    })
}

/// The error of this type that is behind another: `io::Error` shows what it wraps, but not as its source.
pub(crate) fn behind<E: StdError + Clone + 'static>(error: &(dyn StdError + 'static)) -> Option<E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found.clone());
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        };
    }
    None
}

impl PartialEq for TlsClient {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.config, &other.config)
    }
}

impl Eq for TlsClient {}

impl fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsClient").field("own", &self.own).finish_non_exhaustive()
    }
}

//! Certificates: an authority, what it issues, who a certificate names, and TLS that is verified on both sides.
//!
//! Bytes in, bytes out: nothing here touches the disk, the network or the clock (times are arguments); random numbers
//! come from the system. What a peer sent is read by parsers that fail, and never by hand. All that we make ourselves
//! is ECDSA on P-256, which every TLS library of the last decade knows; what others made may be RSA.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod authority;
mod bearer;
mod certificate;
mod key;
mod passphrase;
mod presented;
mod request;
mod server_pair;
mod text;
pub mod tls;
mod token;

pub use authority::{Authority, AuthorityCertificate};
pub use bearer::{Bearer, BearerError};
pub use certificate::ClientCertificate;
pub use key::PrivateKey;
pub use passphrase::Passphrase;
pub use presented::{NotPresentable, Presented};
pub use request::SigningRequest;
pub use server_pair::ServerPair;
pub use tls::{Judge, NotAdmitted};
pub use token::{Token, TokenError};

use thiserror::Error;

/// Why something cannot be read, made or used.
#[derive(Debug, Error)]
pub enum PkiError {
    /// The text has no such block.
    #[error("there is no {0} in it (PEM, `-----BEGIN …-----`)")]
    Missing(&'static str),
    /// A block that is not what it says.
    #[error("the {0} in it is damaged, or of a kind that is not known")]
    Damaged(&'static str),
    /// A private key in one of the older forms.
    #[error(
        "the private key is in an older form; `openssl pkcs8 -topk8 -in OLD -out NEW` makes one that is read"
    )]
    OldKey,
    /// A passphrase is needed.
    #[error("the private key is sealed with a passphrase")]
    Sealed,
    /// It is not the one.
    #[error("the passphrase does not open the private key")]
    Passphrase,
    /// The key is another's.
    #[error("the private key does not belong to the certificate")]
    Mismatch,
    /// Not an authority's certificate.
    #[error("the certificate is not an authority's: it may not sign others")]
    NoAuthority,
    /// No name of a host.
    #[error("`{0}` is neither a host's name nor an address")]
    Name(String),
    /// A server's certificate without names.
    #[error("a server's certificate needs a name or an address")]
    Nameless,
    /// It would be valid for no time at all.
    #[error("the authority itself expires before that")]
    Expired,
    /// A request for a signature that is not one.
    #[error(
        "this is no request for a certificate that is signed here: PEM, with a key on P-256 that signed it"
    )]
    Request,
    /// What the library said: making a certificate failed.
    #[error("cannot make a certificate")]
    Making(#[source] rcgen::Error),
    /// What the library said: TLS cannot be set up.
    #[error("cannot use these certificates for TLS")]
    Tls(#[source] rustls::Error),
    /// The system has no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], PkiError> {
    use ring::rand::SecureRandom;
    let mut bytes = [0; N];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| PkiError::Random)?;
    Ok(bytes)
}

/// The SHA-256 of these bytes.
pub(crate) fn digest(bytes: &[u8]) -> wharf_model::Fingerprint {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let mut fixed = [0; 32];
    fixed.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    wharf_model::Fingerprint::of_digest(fixed)
}

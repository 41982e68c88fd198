//! What somebody pastes who was invited.

use crate::{PkiError, digest, random};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use std::str::FromStr;
use subtle::ConstantTimeEq;
use thiserror::Error;
use wharf_model::Fingerprint;
use zeroize::Zeroizing;

/// An invitation's number, its secret, and by which authority the server is known: `wharf1-` and 75 characters.
///
/// `Debug` shows nothing of the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: [u8; 8],
    secret: Zeroizing<[u8; 16]>,
    authority: Fingerprint,
}

/// The text is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is no token: it begins with `wharf1-`, and is to be pasted whole")]
pub struct TokenError;

const PREFIX: &str = "wharf1-";

impl Token {
    /// A new one, which nobody can guess.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate(authority: Fingerprint) -> Result<Self, PkiError> {
        Ok(Self { id: random()?, secret: Zeroizing::new(random()?), authority })
    }

    /// Which invitation: no secret.
    pub fn id(&self) -> String {
        crate::certificate::hexadecimal(&self.id)
    }

    /// What is kept of the secret, by the one who invites.
    pub fn digest(&self) -> Fingerprint {
        digest(self.secret.as_ref())
    }

    /// Whether its secret is the one of which this was kept.
    pub fn fits(&self, kept: &Fingerprint) -> bool {
        self.digest().bytes().ct_eq(kept.bytes()).into()
    }

    /// The authority by which the server is known.
    pub fn authority(&self) -> Fingerprint {
        self.authority
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes =
            Zeroizing::new([self.id.as_slice(), self.secret.as_ref(), self.authority.bytes()].concat());
        write!(f, "{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes.as_slice()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.id())
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let text = text.strip_prefix(PREFIX).filter(|text| text.len() <= 100).ok_or(TokenError)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| TokenError)?);
        let (id, rest) = bytes.split_first_chunk::<8>().ok_or(TokenError)?;
        let (secret, rest) = rest.split_first_chunk::<16>().ok_or(TokenError)?;
        let authority = <[u8; 32]>::try_from(rest).map_err(|_| TokenError)?;
        Ok(Self { id: *id, secret: Zeroizing::new(*secret), authority: Fingerprint::of_digest(authority) })
    }
}

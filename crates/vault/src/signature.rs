//! Who vouches for a sealed file: ssh's signatures (SSHSIG), since age does not say who sealed.

use crate::identity::IdentityError;
use crate::{SealedFile, print};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::{BigUint, RsaPrivateKey};
use sha2::Sha512;
use ssh_key::private::RsaKeypair;
use ssh_key::{HashAlg, LineEnding, Mpint, PrivateKey, PublicKey, Signature, SshSig};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use zeroize::Zeroizing;

/// What signatures of sealed files are for, so that none made for something else counts: `ssh-keygen -Y verify -n`.
pub const NAMESPACE: &str = "wharf-secrets";

/// An ssh key that signs.
pub struct SigningKey(PrivateKey);

/// The public key of somebody whose signature counts: `ssh-ed25519 AAAA... ada`, or `ssh-rsa ...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerKey(PublicKey);

/// Why a text is no signer's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "no ssh key that signs: one line that begins with `ssh-ed25519` or `ssh-rsa`, as it stands in a `.pub` file"
)]
pub struct SignerKeyError;

/// Why a file was not signed.
#[derive(Debug, Error)]
#[error("the key cannot sign")]
pub struct SignError(#[source] ssh_key::Error);

/// Why a file's signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// There is none.
    #[error(
        "this file is not signed, and this host takes signed ones only; `wharf secret sign` signs it with an ssh key that the host lists"
    )]
    Unsigned,
    /// By a key that is not listed.
    #[error(
        "this file is signed with {fingerprint}, a key that this host does not list under `secret_signers`"
    )]
    UnknownSigner {
        /// Whose, as `ssh-keygen -l` shows it.
        fingerprint: String,
    },
    /// It is for another text.
    #[error(
        "this file was changed after {signer} signed it; look at what changed (`git diff`), then sign it again"
    )]
    Changed {
        /// Who signed, as the list calls them.
        signer: String,
    },
    /// It is no signature of a sealed file.
    #[error(
        "this file's `signature` is damaged, or was made for something else than sealed files; sign it again"
    )]
    Damaged,
}

impl SigningKey {
    /// Reads the file of an ssh key; `passphrase` is asked when the key is locked.
    ///
    /// # Errors
    /// [`IdentityError::Unknown`] for forms other than OpenSSH's own.
    pub fn parse(
        text: &[u8],
        passphrase: impl FnOnce() -> Option<Zeroizing<String>>,
    ) -> Result<Self, IdentityError> {
        let begin = b"-----BEGIN OPENSSH PRIVATE KEY-----";
        let text = text.trim_ascii_start();
        if !text.starts_with(begin) {
            return Err(IdentityError::Unknown);
        }
        let key = PrivateKey::from_openssh(text).map_err(|_| IdentityError::Damaged("ssh"))?;
        if !matches!(key.algorithm(), ssh_key::Algorithm::Ed25519 | ssh_key::Algorithm::Rsa { .. }) {
            return Err(IdentityError::UnsupportedKind);
        }
        if !key.is_encrypted() {
            return Ok(Self(key));
        }
        let passphrase = passphrase().ok_or(IdentityError::Locked)?;
        key.decrypt(passphrase.as_bytes()).map(Self).map_err(|_| IdentityError::WrongPassphrase)
    }

    /// The public half.
    pub fn signer_key(&self) -> SignerKey {
        SignerKey(self.0.public_key().clone())
    }

    fn signature(&self, text: &[u8]) -> Result<SshSig, ssh_key::Error> {
        match self.0.key_data().rsa() {
            None => self.0.sign(NAMESPACE, HashAlg::Sha512, text),
            Some(pair) => {
                let signed = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text)?;
                let public = self.0.public_key().key_data().clone();
                SshSig::new(public, NAMESPACE, HashAlg::Sha512, rsa_signature(pair, &signed)?)
            }
        }
    }

    /// The key as a file that no passphrase locks.
    pub(crate) fn unlocked_text(&self) -> Result<Zeroizing<String>, IdentityError> {
        self.0.to_openssh(LineEnding::LF).map_err(|_| IdentityError::Damaged("ssh"))
    }
}

/// By the library below: ssh-key 0.6.7 takes one prime of an RSA key twice, and cannot sign with any.
fn rsa_signature(pair: &RsaKeypair, text: &[u8]) -> Result<Signature, ssh_key::Error> {
    let number =
        |number: &Mpint| number.as_positive_bytes().map(BigUint::from_bytes_be).ok_or(ssh_key::Error::Crypto);
    let (public, private) = (&pair.public, &pair.private);
    let primes = vec![number(&private.p)?, number(&private.q)?];
    let key =
        RsaPrivateKey::from_components(number(&public.n)?, number(&public.e)?, number(&private.d)?, primes);
    let key = rsa::pkcs1v15::SigningKey::<Sha512>::new(key.map_err(|_| ssh_key::Error::Crypto)?);
    let signature = key.try_sign(text).map_err(|_| ssh_key::Error::Crypto)?;
    Signature::new(ssh_key::Algorithm::Rsa { hash: Some(HashAlg::Sha512) }, signature.to_vec())
}

/// Only the public half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.signer_key())
    }
}

impl SignerKey {
    /// What `ssh-keygen -l` shows of it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Whether it is the same key, whatever the comments say.
    pub fn is_same_key(&self, other: &Self) -> bool {
        self.0.key_data() == other.0.key_data()
    }
}

impl FromStr for SignerKey {
    type Err = SignerKeyError;

    fn from_str(text: &str) -> Result<Self, SignerKeyError> {
        let key = PublicKey::from_openssh(text.trim()).map_err(|_| SignerKeyError)?;
        match key.algorithm() {
            ssh_key::Algorithm::Ed25519 | ssh_key::Algorithm::Rsa { .. } => Ok(Self(key)),
            _ => Err(SignerKeyError),
        }
    }
}

/// Its comment, which is what people call it, or else its fingerprint.
impl fmt::Display for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.comment() {
            "" => f.write_str(&self.fingerprint()),
            comment => f.write_str(comment),
        }
    }
}

impl SealedFile {
    /// Signs the file as it stands; any change takes the signature away.
    pub fn sign(&mut self, key: &SigningKey) -> Result<(), SignError> {
        let signature = key.signature(self.signed_text().as_bytes());
        let text = signature.and_then(|signature| signature.to_pem(LineEnding::LF)).map_err(SignError)?;
        self.signature = Some(text.trim_end().to_owned());
        Ok(())
    }

    /// The text that is signed: the file as wharf prints it, without its signature.
    pub fn signed_text(&self) -> String {
        print::without_signature(self)
    }

    /// The signature, as `ssh-keygen -Y verify -s` reads it.
    pub fn signature(&self) -> Option<&str> {
        self.signature.as_deref()
    }

    /// Which of `signers` signed the file.
    pub fn check_signature<'a>(&self, signers: &'a [SignerKey]) -> Result<&'a SignerKey, SignatureError> {
        let signature = self.parsed_signature()?;
        let by = signature.public_key();
        let Some(signer) = signers.iter().find(|signer| signer.0.key_data() == by) else {
            let fingerprint = by.fingerprint(HashAlg::Sha256).to_string();
            return Err(SignatureError::UnknownSigner { fingerprint });
        };
        self.check_fits(&signature, signer).map(|()| signer)
    }

    /// Which key signed the file, by the signature's own word: that it fits what stands here, and nothing of whose it is.
    pub fn signer(&self) -> Result<SignerKey, SignatureError> {
        let signature = self.parsed_signature()?;
        let signer = SignerKey(PublicKey::from(signature.public_key().clone()));
        self.check_fits(&signature, &signer).map(|()| signer)
    }

    fn parsed_signature(&self) -> Result<SshSig, SignatureError> {
        let text = self.signature.as_deref().ok_or(SignatureError::Unsigned)?;
        let signature = SshSig::from_pem(text).map_err(|_| SignatureError::Damaged)?;
        if signature.namespace() == NAMESPACE { Ok(signature) } else { Err(SignatureError::Damaged) }
    }

    fn check_fits(&self, signature: &SshSig, signer: &SignerKey) -> Result<(), SignatureError> {
        let verified = signer.0.verify(NAMESPACE, self.signed_text().as_bytes(), signature);
        verified.map_err(|_| SignatureError::Changed { signer: signer.to_string() })
    }
}

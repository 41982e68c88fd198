//! The secret half of a reader's key: age's own, or one of ssh's.

use crate::{ReaderKey, SigningKey};
use age::secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::io::Read;
use thiserror::Error;
use zeroize::Zeroizing;

/// What opens values that were sealed to its public half.
pub struct Identity {
    key: ReaderKey,
    opener: Opener,
    /// Of an ssh key: it signs, too.
    signing: Option<SigningKey>,
}

enum Opener {
    Age(age::x25519::Identity),
    Ssh(age::ssh::Identity),
}

/// Why a file is no key that opens.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// Neither kind.
    #[error(
        "no secret key: age's begin with `AGE-SECRET-KEY-1`, ssh's with `-----BEGIN OPENSSH PRIVATE KEY-----`"
    )]
    Unknown,
    /// A public key.
    #[error("this is the public half of a key; the secret one lies in the file without `.pub`")]
    Public,
    /// It begins as one and goes wrong.
    #[error("this {0} key is damaged")]
    Damaged(&'static str),
    /// More than one.
    #[error("there are several keys in this file; put each into a file of its own")]
    Several,
    /// A kind of ssh's keys that cannot open.
    #[error("an ssh key of this kind cannot open what was sealed; ssh-ed25519 and ssh-rsa can")]
    UnsupportedKind,
    /// Locked, and nobody gave the passphrase.
    #[error("this key is locked with a passphrase, and there is nobody to ask for it")]
    Locked,
    /// Locked, and the passphrase is another.
    #[error("this passphrase does not unlock the key")]
    WrongPassphrase,
}

/// A key's file is small; an ssh-rsa key of 16,384 bits has 13 KiB.
const MOST_BYTES: usize = 64 << 10;
/// The hardest passphrase-locked age file that is tried, as `age` itself: 2^22 would take some 20 s and 4 GiB.
const MOST_WORK: u8 = 20;

impl Identity {
    /// Makes a new one, of age's kind.
    pub fn generate() -> Self {
        Self::of_age(age::x25519::Identity::generate())
    }

    /// Reads the file of a key; `passphrase` is asked when the key is locked.
    pub fn parse(
        text: &[u8],
        passphrase: impl FnOnce() -> Option<Zeroizing<String>>,
    ) -> Result<Self, IdentityError> {
        if text.len() > MOST_BYTES {
            return Err(IdentityError::Unknown);
        }
        if text.starts_with(b"age-encryption.org/") || text.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
        {
            let unlocked = unlocked(text, passphrase)?;
            return Self::of_age_file(&unlocked);
        }
        let has = |words: &[u8]| text.windows(words.len()).any(|part| part == words);
        if has(b"PRIVATE KEY-----") { Self::of_ssh_file(text, passphrase) } else { Self::of_age_file(text) }
    }

    /// The public half of a key that a passphrase may lock, without unlocking it: of ssh's own form, which says it in clear.
    pub fn locked_reader_key(text: &[u8]) -> Option<ReaderKey> {
        let key = ssh_key::PrivateKey::from_openssh(text.trim_ascii_start()).ok()?;
        key.public_key().to_openssh().ok()?.parse().ok()
    }

    /// The public half.
    pub fn reader_key(&self) -> &ReaderKey {
        &self.key
    }

    /// The key as text, to be kept or printed; of ssh's keys none, whose file is where it was.
    pub fn secret_text(&self) -> Option<Zeroizing<String>> {
        match &self.opener {
            Opener::Age(identity) => Some(Zeroizing::new(identity.to_string().expose_secret().to_owned())),
            Opener::Ssh(_) => None,
        }
    }

    /// The key as one that signs: ssh's do.
    pub fn signing_key(&self) -> Option<&SigningKey> {
        self.signing.as_ref()
    }

    pub(crate) fn opener(&self) -> &dyn age::Identity {
        match &self.opener {
            Opener::Age(identity) => identity,
            Opener::Ssh(identity) => identity,
        }
    }

    fn of_age(identity: age::x25519::Identity) -> Self {
        Self { key: ReaderKey::of_age(identity.to_public()), opener: Opener::Age(identity), signing: None }
    }

    fn of_age_file(text: &[u8]) -> Result<Self, IdentityError> {
        let text = std::str::from_utf8(text).map_err(|_| IdentityError::Unknown)?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(line) = lines.next() else { return Err(IdentityError::Unknown) };
        if line.starts_with("age1") || line.starts_with("ssh-") {
            return Err(IdentityError::Public);
        }
        if !line.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-1") {
            return Err(IdentityError::Unknown);
        }
        if lines.next().is_some() {
            return Err(IdentityError::Several);
        }
        line.parse().map(Self::of_age).map_err(|_| IdentityError::Damaged("age"))
    }

    fn of_ssh_file(
        text: &[u8],
        passphrase: impl FnOnce() -> Option<Zeroizing<String>>,
    ) -> Result<Self, IdentityError> {
        let signing = match SigningKey::parse(text, passphrase) {
            Ok(signing) => Some(signing),
            // The older form (`BEGIN RSA PRIVATE KEY`), which opens and does not sign.
            Err(IdentityError::Unknown) => None,
            Err(error) => return Err(error),
        };
        let unlocked = signing.as_ref().map(SigningKey::unlocked_text).transpose()?;
        let text = unlocked.as_ref().map_or(text, |unlocked| unlocked.as_bytes());
        let identity = age::ssh::Identity::from_buffer(text, None);
        let identity = identity.map_err(|_| IdentityError::Damaged("ssh"))?;
        if matches!(identity, age::ssh::Identity::Encrypted(_)) {
            return Err(IdentityError::Locked);
        }
        let recipient = age::ssh::Recipient::try_from(identity.clone());
        let recipient = recipient.map_err(|_| IdentityError::UnsupportedKind)?;
        Ok(Self { key: ReaderKey::of_ssh(recipient), opener: Opener::Ssh(identity), signing })
    }
}

/// The inside of an age file that a passphrase locks, as `age -p` makes them.
fn unlocked(
    text: &[u8],
    passphrase: impl FnOnce() -> Option<Zeroizing<String>>,
) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
    let damaged = || IdentityError::Damaged("age");
    let decryptor = age::Decryptor::new(age::armor::ArmoredReader::new(text)).map_err(|_| damaged())?;
    if !decryptor.is_scrypt() {
        return Err(IdentityError::Unknown);
    }
    let passphrase = passphrase().ok_or(IdentityError::Locked)?;
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.as_str()));
    identity.set_max_work_factor(MOST_WORK);
    let inside = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let inside = inside.map_err(|_| IdentityError::WrongPassphrase)?;
    // All at once: a buffer that grows leaves copies behind.
    let mut unlocked = Zeroizing::new(Vec::with_capacity(MOST_BYTES));
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    inside.take(most).read_to_end(&mut unlocked).map_err(|_| damaged())?;
    Ok(unlocked)
}

/// Only the public half.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.key)
    }
}

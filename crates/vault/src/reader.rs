//! Who can open a sealed value: a public key, and what people call it.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// One who can open what a file seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// What people call it; protects nothing.
    pub name: ReaderName,
    /// What can open.
    pub key: ReaderKey,
}

/// What a reader is called: `[a-zA-Z0-9][a-zA-Z0-9_.@+-]*`, at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderName(String);

/// Why a text is not a reader's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a reader's name is up to 64 letters, digits, `_`, `.`, `@`, `+` and `-`, and begins with a letter or digit"
)]
pub struct ReaderNameError;

/// A public key: age's own (`age1...`), or one of ssh's (`ssh-ed25519 ...`, `ssh-rsa ...`), without a comment.
#[derive(Clone)]
pub struct ReaderKey {
    text: String,
    recipient: Recipient,
}

#[derive(Clone)]
enum Recipient {
    Age(age::x25519::Recipient),
    Ssh(age::ssh::Recipient),
}

/// Why a text is no key that can read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReaderKeyError {
    /// None of the three kinds.
    #[error("no key that can read: one begins with `age1`, `ssh-ed25519` or `ssh-rsa`")]
    Unknown,
    /// The secret half, given for the public one.
    #[error(
        "this is the secret half of a key; give the public one, which begins with `age1` or stands in a `.pub` file"
    )]
    Secret,
    /// It begins as one and goes wrong.
    #[error("this {0} key is damaged; copy it whole, as one line")]
    Damaged(&'static str),
    /// Too few bits to be safe.
    #[error("this ssh-rsa key has less than 2048 bits; use an ssh-ed25519 key")]
    Weak,
    /// More than the library takes.
    #[error("this ssh-rsa key has more than 4096 bits; use an ssh-ed25519 key")]
    TooLong,
}

impl ReaderName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a reader is called of whom nothing is known.
    pub fn unnamed() -> Self {
        Self("reader".to_owned())
    }

    /// A name made of a text that may be none, such as the comment of a key: what does not fit becomes `-`.
    pub fn near(text: &str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '+' | '-');
        let near = text.trim().chars().map(|c| if fits(c) { c } else { '-' }).take(64).collect::<String>();
        near.trim_start_matches(|c: char| !c.is_ascii_alphanumeric()).parse().ok()
    }
}

impl FromStr for ReaderName {
    type Err = ReaderNameError;

    fn from_str(text: &str) -> Result<Self, ReaderNameError> {
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'@' | b'+' | b'-');
        if begins && text.len() <= 64 && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReaderNameError)
        }
    }
}

impl fmt::Display for ReaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReaderKey {
    /// The key as it is written in files.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What people compare: of ssh's keys what `ssh-keygen -l` shows, of age's the key itself, which is short.
    pub fn fingerprint(&self) -> String {
        match self.recipient {
            Recipient::Age(_) => self.text.clone(),
            Recipient::Ssh(_) => ssh_key::PublicKey::from_openssh(&self.text).map_or_else(
                |_| self.text.clone(),
                |key| format!("{} {}", key.fingerprint(ssh_key::HashAlg::Sha256), kind_of(&self.text)),
            ),
        }
    }

    /// The bits of an RSA key; of the others `None`.
    pub fn rsa_bits(&self) -> Option<usize> {
        let key = ssh_key::PublicKey::from_openssh(&self.text).ok()?;
        let modulus = key.key_data().rsa()?.n.as_positive_bytes()?;
        let first = modulus.first()?;
        Some(modulus.len() * 8 - usize::try_from(first.leading_zeros()).unwrap_or(0))
    }

    pub(crate) fn recipient(&self) -> &dyn age::Recipient {
        match &self.recipient {
            Recipient::Age(recipient) => recipient,
            Recipient::Ssh(recipient) => recipient,
        }
    }

    pub(crate) fn of_age(recipient: age::x25519::Recipient) -> Self {
        Self { text: recipient.to_string(), recipient: Recipient::Age(recipient) }
    }

    pub(crate) fn of_ssh(recipient: age::ssh::Recipient) -> Self {
        Self { text: recipient.to_string(), recipient: Recipient::Ssh(recipient) }
    }
}

impl FromStr for ReaderKey {
    type Err = ReaderKeyError;

    /// What follows an ssh key on its line is its comment, and left out.
    fn from_str(text: &str) -> Result<Self, ReaderKeyError> {
        let text = text.trim();
        if text.len() > 4096 || text.contains('\n') {
            return Err(if is_secret(text) { ReaderKeyError::Secret } else { ReaderKeyError::Unknown });
        }
        if text.starts_with("age1") {
            return text.parse().map(Self::of_age).map_err(|_| ReaderKeyError::Damaged("age"));
        }
        if is_secret(text) {
            return Err(ReaderKeyError::Secret);
        }
        let mut words = text.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some(kind @ ("ssh-ed25519" | "ssh-rsa")), Some(body)) => ssh(kind, body),
            _ => Err(ReaderKeyError::Unknown),
        }
    }
}

fn is_secret(text: &str) -> bool {
    text.to_ascii_uppercase().contains("AGE-SECRET-KEY-") || text.contains("PRIVATE KEY-----")
}

fn kind_of(text: &str) -> &'static str {
    if text.starts_with("ssh-rsa") { "(RSA)" } else { "(ED25519)" }
}

fn ssh(kind: &str, body: &str) -> Result<ReaderKey, ReaderKeyError> {
    use age::ssh::ParseRecipientKeyError;
    let damaged = || ReaderKeyError::Damaged(if kind == "ssh-rsa" { "ssh-rsa" } else { "ssh-ed25519" });
    let text = format!("{kind} {body}");
    let recipient: age::ssh::Recipient = text.parse().map_err(|error| match error {
        ParseRecipientKeyError::RsaModulusTooSmall => ReaderKeyError::Weak,
        ParseRecipientKeyError::RsaModulusTooLarge => ReaderKeyError::TooLong,
        _ => damaged(),
    })?;
    let key = ReaderKey::of_ssh(recipient);
    // One key has one text: what the library prints is what was given, or something was left over.
    if key.text == text { Ok(key) } else { Err(damaged()) }
}

impl fmt::Display for ReaderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for ReaderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReaderKey({})", self.text)
    }
}

impl PartialEq for ReaderKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for ReaderKey {}

impl PartialOrd for ReaderKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ReaderKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

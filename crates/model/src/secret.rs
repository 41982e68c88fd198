//! What a secret is called, whose it is, and which of its values is meant.

use crate::{TenantId, text_noun};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A secret's name, and the file's that it becomes in a container: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, at most 64 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SecretName(String);

/// Why a text is not a secret's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecretNameError {
    /// Not the grammar.
    #[error("a secret's name is letters, digits, `_`, `.` and `-`, and begins with a letter or digit")]
    Grammar,
    /// Longer than 64 bytes.
    #[error("a secret's name has at most 64 characters")]
    TooLong,
}

text_noun!(SecretName, SecretNameError, check);

fn check(text: &str) -> Result<(), SecretNameError> {
    if text.len() > 64 {
        return Err(SecretNameError::TooLong);
    }
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    if begins && fits { Ok(()) } else { Err(SecretNameError::Grammar) }
}

/// Which of a secret's values: the second in which it was sealed, since 1970, and always more than the one before.
///
/// So a value that comes back under its old name is newer than any that was there before, and no counter is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SecretGeneration(pub u64);

impl SecretGeneration {
    /// The generation of a value sealed at `now` (seconds since 1970) in the place of `former`.
    pub fn after(former: Option<Self>, now: u64) -> Self {
        Self(former.map_or(now, |former| now.max(former.0.saturating_add(1))))
    }
}

impl fmt::Display for SecretGeneration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whose secrets a sealed file has: `machine` for the pods of the machine itself, or `tenant alice`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretOwner {
    /// The machine's own pods, under sudo or as the administrator.
    Machine,
    /// A tenant, and which of that name.
    Tenant(TenantId),
}

/// Why a text names no owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an owner of secrets is `machine` or `tenant NAME`")]
pub struct SecretOwnerError;

impl fmt::Display for SecretOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Machine => f.write_str("machine"),
            Self::Tenant(tenant) => write!(f, "tenant {tenant}"),
        }
    }
}

impl Serialize for SecretOwner {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for SecretOwner {
    type Err = SecretOwnerError;

    fn from_str(text: &str) -> Result<Self, SecretOwnerError> {
        match text.split_once(' ') {
            None if text == "machine" => Ok(Self::Machine),
            Some(("tenant", name)) => TenantId::from_engine(name).map(Self::Tenant).ok_or(SecretOwnerError),
            _ => Err(SecretOwnerError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_of_files_and_nothing_else() {
        for good in ["db-password", "tls.key", "A_1", &"x".repeat(64)] {
            assert!(good.parse::<SecretName>().is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "-a", "a b", "ä", "a\0", &"x".repeat(65)] {
            assert!(bad.parse::<SecretName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn generations_only_grow_whatever_the_clock_says() {
        let first = SecretGeneration::after(None, 100);
        assert_eq!(SecretGeneration::after(Some(first), 50), SecretGeneration(101));
        assert_eq!(SecretGeneration::after(Some(first), 200), SecretGeneration(200));
        assert_eq!(SecretGeneration::after(Some(SecretGeneration(u64::MAX)), 1), SecretGeneration(u64::MAX));
    }

    #[test]
    fn owners_read_back_as_they_were_written() {
        for text in ["machine", "tenant alice", "tenant alice_2"] {
            assert_eq!(text.parse::<SecretOwner>().unwrap().to_string(), text);
        }
        for bad in ["", "Machine", "tenant", "tenant ", "tenant alice_1", "tenant a--b", "machine x"] {
            assert!(bad.parse::<SecretOwner>().is_err(), "{bad}");
        }
    }
}

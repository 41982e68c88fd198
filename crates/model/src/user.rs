//! People of this machine, as configurations name them.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// An account of this machine, or all accounts of a group, by name. Written `alice` and `@devs`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum User {
    /// One account.
    Account(String),
    /// Every account that is in this group, without the `@`.
    Group(String),
}

/// Why a text names neither an account nor a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UserError {
    /// Not the grammar of useradd(8).
    #[error("not the name of an account")]
    NotAnAccount,
    /// What stands after the `@`.
    #[error("not the name of a group")]
    NotAGroup,
}

impl FromStr for User {
    type Err = UserError;

    /// Numbers are no names: who deletes an account and makes another must not hand over its grants.
    fn from_str(text: &str) -> Result<Self, UserError> {
        match text.strip_prefix('@') {
            Some(group) if is_name(group) => Ok(Self::Group(group.to_owned())),
            Some(_) => Err(UserError::NotAGroup),
            None if is_name(text) => Ok(Self::Account(text.to_owned())),
            None => Err(UserError::NotAnAccount),
        }
    }
}

/// `[A-Za-z_][A-Za-z0-9_.@-]*\$?`: what useradd(8) allows, with capitals, dots and a domain as directories have them.
fn is_name(text: &str) -> bool {
    let body = text.strip_suffix('$').unwrap_or(text);
    let first = body.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'@'))
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name) => f.write_str(name),
            Self::Group(name) => write!(f, "@{name}"),
        }
    }
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_before_the_name_means_the_group() {
        assert_eq!("alice".parse(), Ok(User::Account("alice".into())));
        assert_eq!("@devs".parse(), Ok(User::Group("devs".into())));
        assert_eq!("bob@example.org".parse(), Ok(User::Account("bob@example.org".into())));
        assert_eq!("svc$".parse(), Ok(User::Account("svc$".into())));
    }

    #[test]
    fn numbers_are_no_names() {
        for wrong in ["", "1000", "a b", "a/b", "$", "-a", "\u{e9}"] {
            assert_eq!(wrong.parse::<User>(), Err(UserError::NotAnAccount), "{wrong}");
        }
        for wrong in ["@", "@1000", "@@devs"] {
            assert_eq!(wrong.parse::<User>(), Err(UserError::NotAGroup), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_reads_back() {
        for text in ["alice", "@devs", "svc$"] {
            assert_eq!(text.parse::<User>().map(|user| user.to_string()), Ok(text.to_owned()));
        }
    }
}

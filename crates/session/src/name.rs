//! The name of a session: what a person types behind the workstation's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest name, in bytes.
const LONGEST: usize = 32;

/// `[a-zA-Z0-9][a-zA-Z0-9_-]{0,31}`. The first session of a workstation is `1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionName(String);

/// Why a text is not the name of a session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a session's name: use letters, digits, `_` and `-`, at most 32, and begin with a letter or a digit"
)]
pub struct SessionNameError(String);

impl SessionName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for SessionName {
    fn default() -> Self {
        Self("1".to_owned())
    }
}

impl FromStr for SessionName {
    type Err = SessionNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if begins && text.len() <= LONGEST && text.bytes().all(known) {
            return Ok(Self(text.to_owned()));
        }
        Err(SessionNameError(text.chars().filter(|char| !char.is_control()).take(2 * LONGEST).collect()))
    }
}

impl TryFrom<String> for SessionName {
    type Error = SessionNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SessionName> for String {
    fn from(name: SessionName) -> Self {
        name.0
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::SessionName;

    #[test]
    fn names_are_letters_digits_and_two_signs() {
        for good in ["1", "a", "Build_2-x", &"x".repeat(32)] {
            assert_eq!(good.parse::<SessionName>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "_a", "a b", "a/b", "..", "é", "a\n", &"x".repeat(33)] {
            assert!(bad.parse::<SessionName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_refused_is_shown_without_its_control_characters() {
        let error = "a\u{1b}[31mb".parse::<SessionName>().unwrap_err();
        assert!(error.to_string().starts_with("`a[31mb` is not"), "{error}");
    }
}

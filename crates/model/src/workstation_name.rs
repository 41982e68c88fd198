//! Names of workstations, and of what a workstation has on the engine.

use crate::text_noun;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A workstation's name: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most 40 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct WorkstationName(String);

/// Why a text is not a workstation's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WorkstationNameError {
    /// Nothing was given.
    #[error("a workstation's name cannot be empty")]
    Empty,
    /// Longer than 40 bytes.
    #[error("a workstation's name has at most 40 characters")]
    TooLong,
    /// The character that is not allowed.
    #[error("`{0}` is not allowed in a workstation's name; small letters, digits and `-` between them are")]
    BadCharacter(char),
    /// It does not begin with a letter.
    #[error("a workstation's name begins with a small letter")]
    BadStart,
    /// `-` at the end, or two of them.
    #[error("a `-` in a workstation's name stands between letters and digits")]
    BadDash,
}

text_noun!(WorkstationName, WorkstationNameError, check);

fn check(text: &str) -> Result<(), WorkstationNameError> {
    if text.is_empty() {
        return Err(WorkstationNameError::Empty);
    }
    if text.len() > 40 {
        return Err(WorkstationNameError::TooLong);
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        return Err(WorkstationNameError::BadCharacter(bad));
    }
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(WorkstationNameError::BadStart);
    }
    if text.ends_with('-') || text.contains("--") { Err(WorkstationNameError::BadDash) } else { Ok(()) }
}

/// What a container is to its workstation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkstationRole {
    /// The workstation itself.
    Itself,
    /// What becomes the workstation when an upgrade is through.
    Next,
    /// What was the workstation before an upgrade.
    Former,
    /// Where its image is made.
    Maker,
}

/// A container's name on the engine: `workstation-<name>`, and behind a `.`, which no workstation's name has, what it
/// is beside the workstation itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkstationContainer {
    /// Of which workstation.
    pub workstation: WorkstationName,
    /// What it is to it.
    pub role: WorkstationRole,
}

impl WorkstationRole {
    const ALL: [Self; 4] = [Self::Itself, Self::Next, Self::Former, Self::Maker];

    fn suffix(self) -> &'static str {
        match self {
            Self::Itself => "",
            Self::Next => ".next",
            Self::Former => ".former",
            Self::Maker => ".making",
        }
    }
}

impl WorkstationName {
    /// The container that is this to it.
    pub fn container(&self, role: WorkstationRole) -> WorkstationContainer {
        WorkstationContainer { workstation: self.clone(), role }
    }

    /// The volume that is its home.
    pub fn home(&self) -> String {
        format!("workstation-{self}-home")
    }

    /// The repository of the images that are made for it.
    pub fn repository(&self) -> String {
        format!("workstation/{self}")
    }
}

impl WorkstationContainer {
    /// Takes an engine's name apart, without its `/`; `None` when it is no workstation's.
    pub fn from_engine(name: &str) -> Option<Self> {
        let rest = name.strip_prefix("workstation-")?;
        WorkstationRole::ALL.into_iter().find_map(|role| {
            let workstation = rest.strip_suffix(role.suffix())?.parse().ok()?;
            Some(Self { workstation, role })
        })
    }
}

impl fmt::Display for WorkstationContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "workstation-{}{}", self.workstation, self.role.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, WorkstationNameError> {
        text.parse::<WorkstationName>().map(|name| name.to_string())
    }

    #[test]
    fn a_name_is_small_letters_and_digits_with_single_dashes_between() {
        for good in ["f", "foo", "foo-bar", "a1-2b", &"a".repeat(40)] {
            assert_eq!(parsed(good), Ok(good.to_owned()));
        }
        assert_eq!(parsed(""), Err(WorkstationNameError::Empty));
        assert_eq!(parsed(&"a".repeat(41)), Err(WorkstationNameError::TooLong));
        assert_eq!(parsed("Foo"), Err(WorkstationNameError::BadCharacter('F')));
        assert_eq!(parsed("../foo"), Err(WorkstationNameError::BadCharacter('.')));
        assert_eq!(parsed("foo.next"), Err(WorkstationNameError::BadCharacter('.')));
        assert_eq!(parsed("1foo"), Err(WorkstationNameError::BadStart));
        assert_eq!(parsed("-foo"), Err(WorkstationNameError::BadStart));
        assert_eq!(parsed("foo-"), Err(WorkstationNameError::BadDash));
        assert_eq!(parsed("foo--bar"), Err(WorkstationNameError::BadDash));
    }

    #[test]
    fn a_containers_name_says_whose_it_is_and_what_it_is_to_it() {
        for name in ["foo", "foo-next", "foo-making", "foo-former-making"] {
            let name: WorkstationName = name.parse().unwrap();
            for role in WorkstationRole::ALL {
                let container = name.container(role);
                assert_eq!(WorkstationContainer::from_engine(&container.to_string()), Some(container));
            }
        }
        for other in ["workstation-", "workstation-foo.", "workstation-foo.old", "foo", "xworkstation-foo"] {
            assert_eq!(WorkstationContainer::from_engine(other), None, "{other}");
        }
    }
}

//! Why a file cannot be taken over. Paths, lines and names of keys are told, never a piece of a value.

use std::fmt;
use thiserror::Error;

/// Where in a file: a path (`db.password`), a line, both, or neither.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// In the tree, keys joined by dots.
    pub path: String,
    /// From 1; 0 where lines mean nothing.
    pub line: usize,
}

impl Position {
    pub(crate) fn line(line: usize) -> Self {
        Self { path: String::new(), line }
    }

    pub(crate) fn of(path: &str, line: usize) -> Self {
        Self { path: harmless(path), line }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), self.line) {
            ("", 0) => f.write_str("the file"),
            ("", line) => write!(f, "line {line}"),
            (path, 0) => write!(f, "`{path}`"),
            (path, line) => write!(f, "`{path}` (line {line})"),
        }
    }
}

/// A path without what steers a terminal, and not longer than a line.
pub(crate) fn harmless(path: &str) -> String {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(120).collect();
    if shown.len() < path.len() { format!("{shown}…") } else { shown }
}

/// Why nothing is taken over.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImportError {
    /// More than [`crate::MAX_FILE_BYTES`].
    #[error("the file has more than {} MiB", crate::MAX_FILE_BYTES >> 20)]
    FileTooLarge,
    /// More than [`crate::MAX_SECRETS`].
    #[error("the file has more than {} values", crate::MAX_SECRETS)]
    TooMany,
    /// More than [`crate::MAX_VALUE_BYTES`].
    #[error("{0} has more than {kib} KiB", kib = crate::MAX_VALUE_BYTES >> 10)]
    ValueTooLarge(Position),
    /// No text.
    #[error("{0}: not UTF-8 text")]
    NotText(Position),
    /// Not YAML, or YAML with what cannot be read here.
    #[error("{place}: not YAML that can be read here{}", because(.reason))]
    NotYaml {
        /// Where.
        place: Position,
        /// Why, where the text has nothing to hide; else empty.
        reason: String,
    },
    /// Not JSON.
    #[error("{0}: not a JSON object, or a key in it is given twice")]
    NotJson(Position),
    /// A line of a dotenv file.
    #[error("{place}: {what}")]
    NotDotenv {
        /// Where.
        place: Position,
        /// What is wrong.
        what: &'static str,
    },
    /// One name with two values.
    #[error("{second} is given twice, first in line {first}: keep one")]
    Twice {
        /// Where it is given again.
        second: Position,
        /// The first one's line.
        first: usize,
    },
    /// There is no mapping of names to values.
    #[error("the file holds no names with values")]
    NoNames,
    /// No SOPS metadata, or metadata that lacks something.
    #[error("the file's `sops` part {0}")]
    SopsMetadata(&'static str),
    /// SOPS with other keys.
    #[error("the file is encrypted to no age recipient (only to {0})")]
    NotAge(String),
    /// The data key is shared out.
    #[error("the file's key is shared out among several key groups, which cannot be read here")]
    KeyGroups,
    /// No key fits.
    #[error("none of your keys opens the file: it is encrypted to {0}")]
    NoAgeKey(String),
    /// The data key is none.
    #[error("what one of the file's age recipients decrypts to is no key of SOPS")]
    DataKey,
    /// A value that is no `ENC[…]`, or of a cipher or type that is not known.
    #[error("{place}: {what}")]
    SopsValue {
        /// Where.
        place: Position,
        /// What is wrong.
        what: &'static str,
    },
    /// A value was changed or moved, or belongs to another file.
    #[error("{0} was changed or moved since it was encrypted")]
    SopsTampered(Position),
    /// The whole was changed.
    #[error("the file was changed since it was encrypted: its MAC is wrong")]
    SopsMac,
    /// A date in clear, of which only SOPS knows how it enters the MAC.
    #[error("{0}: a date in clear, of which the file's MAC cannot be checked here")]
    SopsDate(Position),
    /// The envelope of Ansible Vault is damaged.
    #[error("{place}: {what}")]
    Vault {
        /// Where.
        place: Position,
        /// What is wrong.
        what: &'static str,
    },
    /// There is no password.
    #[error("{0} is encrypted by Ansible Vault, and no password was given")]
    NoVaultPassword(Position),
    /// No password fits, or the text was changed: which, cannot be told.
    #[error("{place}: {}", vault_refusal(.label))]
    VaultPassword {
        /// Where.
        place: Position,
        /// The file's vault id; empty where it has none.
        label: String,
    },
}

fn because(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn vault_refusal(label: &str) -> String {
    let of = if label.is_empty() { String::new() } else { format!(" (its vault id is `{label}`)") };
    format!("no vault password that was given opens it{of}, or it was changed")
}

impl ImportError {
    /// What to do next.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::FileTooLarge | Self::TooMany | Self::ValueTooLarge(_) => {
                "secrets are small: split the file, or keep what is large elsewhere, encrypted"
            }
            Self::NotAge(_) => "add an age recipient with `sops rotate --add-age`, and import then",
            Self::KeyGroups => "let `sops` encrypt it to one group, with an age recipient, and import then",
            Self::NoAgeKey(_) => "`--identity FILE` names the age key or ssh key that does",
            Self::SopsTampered(_) | Self::SopsMac => {
                "take the file as it was committed last; edit it with `sops` only"
            }
            Self::SopsDate(_) => "quote it with `sops`, or encrypt it",
            Self::NoVaultPassword(_) | Self::VaultPassword { .. } => {
                "`--vault-password-file [ID@]FILE` names a file with the password"
            }
            Self::NoNames => {
                "a value without a name is set with `wharf secret set POD NAME --from-file FILE`"
            }
            Self::NotDotenv { .. } => "a line is `NAME=value`; values with spaces or quotes stand in quotes",
            _ => return None,
        })
    }
}

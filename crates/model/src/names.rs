//! Names of pods, of their containers, and of environment variables.

use crate::text_noun;
use serde::{Deserialize, Serialize};
use std::path::Path;
use thiserror::Error;

/// A pod's name: `[A-Za-z0-9][A-Za-z0-9_-]+`, at most 128 bytes.
///
/// Two characters at least, because the pod's root container carries this name and the engine refuses
/// one-letter names (seen on 20.10 and 28.5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PodName(String);

/// A container's name inside its pod: `[A-Za-z0-9_-]+`, at most 128 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ContainerName(String);

/// The name of an environment variable: not empty, no `=`, no NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EnvName(String);

/// Why a text names neither a pod nor a container.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("a name cannot be empty")]
    Empty,
    /// Only pods: the engine's own minimum.
    #[error("a pod's name has at least two characters (the engine's rule)")]
    TooShort,
    /// Longer than 128 bytes.
    #[error("a name has at most 128 characters")]
    TooLong,
    /// Only pods.
    #[error("a pod's name begins with a letter or a digit")]
    BadStart,
    /// The character that is not allowed.
    #[error("`{0}` is not allowed in a name; letters, digits, `_` and `-` are")]
    BadCharacter(char),
    /// The path has no base name.
    #[error("the path has no file name to take the pod's name from")]
    NoFileName,
}

/// Why a text is not the name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvNameError {
    /// Nothing was given.
    #[error("a variable's name cannot be empty")]
    Empty,
    /// `=` ends a name, and NUL ends a string.
    #[error("a variable's name cannot contain `=` or a NUL")]
    BadCharacter,
}

text_noun!(PodName, NameError, check_pod);
text_noun!(ContainerName, NameError, check_name);
text_noun!(EnvName, EnvNameError, check_env);

impl PodName {
    /// The name that a pod file's path gives: the base name of the path as it was typed, without its last
    /// extension. Links are not followed: the path's text is what sudoers matched.
    ///
    /// # Errors
    /// When the base name is missing, is not UTF-8, or is not a pod's name.
    pub fn from_path(path: &Path) -> Result<Self, NameError> {
        let stem = path.file_stem().ok_or(NameError::NoFileName)?;
        let stem = stem.to_str().ok_or(NameError::BadCharacter(char::REPLACEMENT_CHARACTER))?;
        stem.parse()
    }
}

fn check_pod(text: &str) -> Result<(), NameError> {
    check_name(text)?;
    if text.starts_with(['-', '_']) {
        return Err(NameError::BadStart);
    }
    if text.len() < 2 {
        return Err(NameError::TooShort);
    }
    Ok(())
}

fn check_name(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.len() > 128 {
        return Err(NameError::TooLong);
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))) {
        Some(bad) => Err(NameError::BadCharacter(bad)),
        None => Ok(()),
    }
}

fn check_env(text: &str) -> Result<(), EnvNameError> {
    if text.is_empty() {
        return Err(EnvNameError::Empty);
    }
    if text.contains(['=', '\0']) { Err(EnvNameError::BadCharacter) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod_of(path: &str) -> Result<String, NameError> {
        PodName::from_path(Path::new(path)).map(|name| name.to_string())
    }

    #[test]
    fn a_pod_is_named_after_its_file_without_the_last_extension() {
        assert_eq!(pod_of("./dir.d/my-pod.yml"), Ok("my-pod".into()));
        assert_eq!(pod_of("blog"), Ok("blog".into()));
        assert_eq!(pod_of("--force.yml"), Err(NameError::BadStart));
        assert_eq!(pod_of("blog.prod.yml"), Err(NameError::BadCharacter('.')));
        assert_eq!(pod_of(".."), Err(NameError::NoFileName));
        assert_eq!(pod_of("/"), Err(NameError::NoFileName));
        assert_eq!(pod_of("a.yml"), Err(NameError::TooShort));
        assert_eq!(pod_of("caf\u{e9}.yml"), Err(NameError::BadCharacter('\u{e9}')));
        assert_eq!(pod_of(".yml"), Err(NameError::BadCharacter('.')));
    }

    #[test]
    fn container_names_may_begin_with_any_of_their_characters() {
        assert!("_a-1".parse::<ContainerName>().is_ok());
        assert_eq!("a.b".parse::<ContainerName>(), Err(NameError::BadCharacter('.')));
        assert_eq!("".parse::<ContainerName>(), Err(NameError::Empty));
        assert_eq!("x".repeat(129).parse::<ContainerName>(), Err(NameError::TooLong));
    }

    #[test]
    fn variable_names_hold_no_equals_sign() {
        assert_eq!("A=B".parse::<EnvName>(), Err(EnvNameError::BadCharacter));
        assert!("weird name.1".parse::<EnvName>().is_ok());
    }
}

//! Which pods a tenant may manage.

use crate::{text_noun, wildcard};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A pod's name, or a pattern for such names in which `*` stands for any characters; at most 128 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct PodPattern(String);

/// Why a text is not a pattern for pods' names.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PodPatternError {
    /// Nothing was given.
    #[error("a pattern for pods cannot be empty")]
    Empty,
    /// Longer than any name.
    #[error("a pattern for pods has at most 128 characters")]
    TooLong,
    /// No pod's name begins so.
    #[error("a pod's name begins with a letter or a digit")]
    BadStart,
    /// The character that no pod's name has.
    #[error("`{0}` is not allowed in a pattern for pods; letters, digits, `_`, `-` and `*` are")]
    BadCharacter(char),
}

text_noun!(PodPattern, PodPatternError, check);

impl PodPattern {
    /// The pattern of all pods.
    pub fn any() -> Self {
        Self("*".to_owned())
    }

    /// Whether a pod of this name is meant.
    pub fn matches(&self, pod: &str) -> bool {
        wildcard::is_match(&self.0, pod)
    }
}

fn check(text: &str) -> Result<(), PodPatternError> {
    if text.is_empty() {
        return Err(PodPatternError::Empty);
    }
    if text.len() > 128 {
        return Err(PodPatternError::TooLong);
    }
    if text.starts_with(['-', '_']) {
        return Err(PodPatternError::BadStart);
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*'))) {
        Some(bad) => Err(PodPatternError::BadCharacter(bad)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, pod: &str) -> bool {
        pattern.parse::<PodPattern>().unwrap().matches(pod)
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        assert!(matches("*", "blog"));
        assert!(matches("blog", "blog"));
        assert!(!matches("blog", "blog2"));
        assert!(matches("blog-*", "blog-prod"));
        assert!(!matches("blog-*", "blog"));
        assert!(matches("*-prod-*", "a-prod-b"));
        assert!(PodPattern::any().matches("x1"));
    }

    #[test]
    fn what_no_pod_can_be_called_is_no_pattern() {
        let error = |text: &str| text.parse::<PodPattern>().unwrap_err();
        assert_eq!(error(""), PodPatternError::Empty);
        assert_eq!(error("-a"), PodPatternError::BadStart);
        assert_eq!(error("a.b"), PodPatternError::BadCharacter('.'));
        assert_eq!(error("a?"), PodPatternError::BadCharacter('?'));
        assert_eq!(error(&"a".repeat(129)), PodPatternError::TooLong);
    }
}

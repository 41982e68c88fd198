//! The two ends of a mount: a source below the pod's directory, a target in the container.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A path below `<mount_root>/<pod>`: relative, normal, without `.`, `..`, empty components or a leading `~`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct MountSource(String);

/// An absolute path in a container, normal, and not `/` itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TargetPath(String);

/// Why a text is not a mount's source.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MountSourceError {
    /// Nothing was given.
    #[error("a mount's source cannot be empty")]
    Empty,
    /// It begins with `/`.
    #[error("a mount's source is relative to the pod's own directory, not absolute")]
    Absolute,
    /// It begins with `~`.
    #[error("`~` means nothing here: a mount's source is relative to the pod's own directory")]
    Home,
    /// It has a `..`.
    #[error("a mount's source cannot climb with `..`")]
    Climbs,
    /// NUL, or longer than 4096 bytes.
    #[error("a path has no NUL and at most 4096 bytes")]
    NotAPath,
}

/// Why a text is not a mount's target.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetPathError {
    /// It does not begin with `/`.
    #[error("a mount's target is an absolute path in the container")]
    Relative,
    /// It is `/`, which the engine refuses.
    #[error("a mount cannot replace the container's `/`")]
    Root,
    /// It has a `..`.
    #[error("a mount's target cannot climb with `..`")]
    Climbs,
    /// NUL, or longer than 4096 bytes.
    #[error("a path has no NUL and at most 4096 bytes")]
    NotAPath,
}

impl MountSource {
    /// The path's components, from the pod's directory down; at least one.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Whether `self` lies strictly inside `other`.
    pub fn is_inside(&self, other: &Self) -> bool {
        self.0.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    fn normalise(text: &str) -> Result<String, MountSourceError> {
        if text.is_empty() {
            return Err(MountSourceError::Empty);
        }
        if text.starts_with('/') {
            return Err(MountSourceError::Absolute);
        }
        if text.starts_with('~') {
            return Err(MountSourceError::Home);
        }
        if text.contains('\0') || text.len() > 4096 {
            return Err(MountSourceError::NotAPath);
        }
        if text.split('/').any(|part| part == "..") {
            return Err(MountSourceError::Climbs);
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() { Err(MountSourceError::Empty) } else { Ok(parts.join("/")) }
    }
}

impl TargetPath {
    fn normalise(text: &str) -> Result<String, TargetPathError> {
        if !text.starts_with('/') {
            return Err(TargetPathError::Relative);
        }
        if text.contains('\0') || text.len() > 4096 {
            return Err(TargetPathError::NotAPath);
        }
        if text.split('/').any(|part| part == "..") {
            return Err(TargetPathError::Climbs);
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.is_empty() { Err(TargetPathError::Root) } else { Ok(format!("/{}", parts.join("/"))) }
    }
}

/// As `text_noun!`, for texts that are brought to a normal form.
macro_rules! normal_noun {
    ($name:ident, $error:ty) => {
        impl $name {
            /// The path in its normal form.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::normalise(&text).map(Self)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::normalise(text).map(Self)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
normal_noun!(MountSource, MountSourceError);
normal_noun!(TargetPath, TargetPathError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_stays_below_the_pods_directory() {
        let source = |text: &str| text.parse::<MountSource>().map(|s| s.to_string());
        assert_eq!(source("./a//b/"), Ok("a/b".into()));
        assert_eq!(source("/etc"), Err(MountSourceError::Absolute));
        assert_eq!(source("~root"), Err(MountSourceError::Home));
        assert_eq!(source("a/../../etc"), Err(MountSourceError::Climbs));
        assert_eq!(source("."), Err(MountSourceError::Empty));
        assert_eq!(source("a\0b"), Err(MountSourceError::NotAPath));
    }

    #[test]
    fn inside_means_strictly_inside() -> Result<(), MountSourceError> {
        let data: MountSource = "data".parse()?;
        assert!("data/sub".parse::<MountSource>()?.is_inside(&data));
        assert!(!"data".parse::<MountSource>()?.is_inside(&data));
        assert!(!"database".parse::<MountSource>()?.is_inside(&data));
        Ok(())
    }

    #[test]
    fn a_target_is_absolute_and_not_the_root() {
        let target = |text: &str| text.parse::<TargetPath>().map(|t| t.to_string());
        assert_eq!(target("/a//b/."), Ok("/a/b".into()));
        assert_eq!(target("//"), Err(TargetPathError::Root));
        assert_eq!(target("a"), Err(TargetPathError::Relative));
        assert_eq!(target("/a/../b"), Err(TargetPathError::Climbs));
    }
}

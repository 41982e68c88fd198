//! Host directories that a tenant's containers may see.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A host directory from which, and from below which, a tenant may bind: `~`, `~/sub`, `/srv/media`, each with `:ro`
/// behind it when containers may only read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountGrant {
    path: MountGrantPath,
    is_readonly: bool,
    is_shared: bool,
}

/// Where the directory is. Paths are normal: no `.`, no `..`, no doubled slash, none at the end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MountGrantPath {
    /// In the home directory of the user who asks: a path below it, or an empty text for the home itself.
    Home(String),
    /// An absolute path other than `/`.
    Directory(String),
}

/// Why a text grants no directory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MountGrantError {
    /// It begins with neither `/` nor `~`.
    #[error("a directory of the host is an absolute path, or `~` for the home of whoever asks")]
    Relative,
    /// `~bob`.
    #[error("`~` is the home of whoever asks; another's home is written as its path")]
    OthersHome,
    /// `.`, `..` or a doubled slash.
    #[error("this is not a directory's plain path")]
    NotPlain,
    /// `/`.
    #[error("`/` is the whole host")]
    Root,
    /// Something else than `:ro` behind the path.
    #[error("`{0}` is no option of a directory; `:ro` is")]
    Option(String),
    /// NUL, or longer than 4096 bytes.
    #[error("a path has no NUL and at most 4096 bytes")]
    NotAPath,
}

impl MountGrant {
    /// Where it is.
    pub fn path(&self) -> &MountGrantPath {
        &self.path
    }

    /// Whether containers may only read.
    pub fn is_readonly(&self) -> bool {
        self.is_readonly
    }

    /// Whether other tenants may be granted it, or something in it, too.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The same directory, and containers may only read.
    pub fn readonly(self) -> Self {
        Self { is_readonly: true, ..self }
    }

    /// The same directory, and other tenants may be granted it, too.
    pub fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }
}

impl FromStr for MountGrant {
    type Err = MountGrantError;

    fn from_str(text: &str) -> Result<Self, MountGrantError> {
        let (path, is_readonly) = match text.split_once(':') {
            Some((path, "ro")) => (path, true),
            Some((_, other)) => return Err(MountGrantError::Option(other.to_owned())),
            None => (text, false),
        };
        Ok(Self { path: path.parse()?, is_readonly, is_shared: false })
    }
}

impl FromStr for MountGrantPath {
    type Err = MountGrantError;

    fn from_str(text: &str) -> Result<Self, MountGrantError> {
        if text.contains('\0') || text.len() > 4096 {
            return Err(MountGrantError::NotAPath);
        }
        if let Some(below) = text.strip_prefix('/') {
            let below = below.strip_suffix('/').unwrap_or(below);
            return match below {
                "" => Err(MountGrantError::Root),
                _ => Ok(Self::Directory(format!("/{}", plain(below)?))),
            };
        }
        match text.strip_prefix('~') {
            Some("" | "/") => Ok(Self::Home(String::new())),
            Some(below) => {
                let below = below.strip_prefix('/').ok_or(MountGrantError::OthersHome)?;
                Ok(Self::Home(plain(below.strip_suffix('/').unwrap_or(below))?.to_owned()))
            }
            None => Err(MountGrantError::Relative),
        }
    }
}

fn plain(below: &str) -> Result<&str, MountGrantError> {
    let is_plain = below.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_plain { Ok(below) } else { Err(MountGrantError::NotPlain) }
}

impl fmt::Display for MountGrantPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home(below) if below.is_empty() => f.write_str("~"),
            Self::Home(below) => write!(f, "~/{below}"),
            Self::Directory(path) => f.write_str(path),
        }
    }
}

impl fmt::Display for MountGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)?;
        if self.is_readonly { f.write_str(":ro") } else { Ok(()) }
    }
}

impl Serialize for MountGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_in_the_home_or_absolute_and_may_be_readonly() {
        let shown = |text: &str| text.parse::<MountGrant>().map(|grant| grant.to_string());
        for text in ["~", "~/data", "/srv/media", "~:ro", "~/a/b:ro", "/srv/media:ro"] {
            assert_eq!(shown(text), Ok(text.to_owned()));
        }
        assert_eq!(shown("~/"), Ok("~".into()));
        assert_eq!(shown("/srv/"), Ok("/srv".into()));
        assert!("~:ro".parse::<MountGrant>().unwrap().is_readonly());
        assert_eq!("~".parse::<MountGrant>().unwrap().path(), &MountGrantPath::Home(String::new()));
    }

    #[test]
    fn what_grants_no_directory_says_why() {
        let error = |text: &str| text.parse::<MountGrant>().unwrap_err();
        assert_eq!(error(""), MountGrantError::Relative);
        assert_eq!(error("srv"), MountGrantError::Relative);
        assert_eq!(error("~bob"), MountGrantError::OthersHome);
        assert_eq!(error("/"), MountGrantError::Root);
        assert_eq!(error("//"), MountGrantError::Root);
        for text in ["/a//b", "/a/../b", "/./a", "~/..", "~//", "~/a//", "/.."] {
            assert_eq!(error(text), MountGrantError::NotPlain, "{text}");
        }
        assert_eq!(error("/srv:rw"), MountGrantError::Option("rw".into()));
        assert_eq!(error("/srv:/data"), MountGrantError::Option("/data".into()));
        assert_eq!(error("/srv\0"), MountGrantError::NotAPath);
    }
}

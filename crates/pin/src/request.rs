//! What is asked and what is granted, compared as text. Looks nothing up: what the paths lead to is judged when they are opened.

use crate::path::normal;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Whether what is bound can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Reading only, whoever the reader is.
    ReadOnly,
    /// As the account itself could.
    ReadWrite,
}

/// A directory that an administrator lets an account bind from. `~` is resolved already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    place: PathBuf,
    access: Access,
}

/// A bind that a grant covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    path: PathBuf,
    granted: PathBuf,
    access: Access,
    missing: Missing,
}

/// What becomes of a directory that is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The bind is refused.
    #[default]
    Refused,
    /// It is made below the grant's directory, with the account's rights.
    Made,
}

impl Grant {
    /// A grant of `place` and what is below it.
    ///
    /// # Errors
    /// When it is no plain absolute path, or `/`.
    pub fn new(place: &Path, access: Access) -> Result<Self, Refusal> {
        let place = normal(place)?;
        if place == Path::new("/") { Err(Refusal::Root) } else { Ok(Self { place, access }) }
    }

    /// Where it begins.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Asks for `path` under this grant.
    ///
    /// # Errors
    /// When the path is not plain, not covered, or would be written where that is not granted.
    pub fn ask(&self, path: &Path, access: Access) -> Result<Request, Refusal> {
        let plain = normal(path)?;
        if !plain.starts_with(&self.place) {
            return Err(Refusal::Outside { path: plain, granted: self.place.clone() });
        }
        if access == Access::ReadWrite && self.access == Access::ReadOnly {
            return Err(Refusal::ReadOnlyGrant { path: plain });
        }
        Ok(Request { path: plain, granted: self.place.clone(), access, missing: Missing::Refused })
    }
}

impl Request {
    /// What is asked for.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The grant's directory.
    pub fn granted(&self) -> &Path {
        &self.granted
    }

    /// The same, with what is missing made or not.
    #[must_use]
    pub fn when_missing(self, missing: Missing) -> Self {
        Self { missing, ..self }
    }

    /// What becomes of a directory that is not there.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// Whether it can be written.
    pub fn access(&self) -> Access {
        self.access
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(grant: (&str, Access), path: &str, access: Access) -> Result<String, String> {
        let grant = Grant::new(Path::new(grant.0), grant.1).map_err(|error| error.to_string())?;
        let asked = grant.ask(Path::new(path), access);
        asked.map(|request| request.path().display().to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_grant_covers_its_place_and_what_is_below() {
        let home = ("/home/ana/", Access::ReadWrite);
        assert_eq!(ask(home, "/home/ana", Access::ReadWrite), Ok("/home/ana".into()));
        assert_eq!(ask(home, "/home//ana/./x/", Access::ReadOnly), Ok("/home/ana/x".into()));
        for outside in ["/home", "/", "/home/anabel", "/home/bob/x"] {
            assert!(
                ask(home, outside, Access::ReadOnly).unwrap_err().contains("is outside `/home/ana`"),
                "{outside}"
            );
        }
        assert!(ask(home, "/home/ana/../bob", Access::ReadOnly).unwrap_err().contains("climbs with `..`"));
        assert!(ask(("/", Access::ReadWrite), "/etc", Access::ReadOnly).is_err());
    }

    #[test]
    fn what_is_granted_for_reading_is_not_written() {
        let media = ("/srv/media", Access::ReadOnly);
        assert_eq!(ask(media, "/srv/media/a", Access::ReadOnly), Ok("/srv/media/a".into()));
        assert_eq!(
            ask(media, "/srv/media/a", Access::ReadWrite),
            Err("`/srv/media/a` may be bound for reading only; add `:ro`".into())
        );
    }
}

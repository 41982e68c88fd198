//! The name of a pin: 32 hexadecimal digits that nobody guesses, and that are a file's name everywhere.

use rustix::rand::{GetRandomFlags, getrandom};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;
use std::str::FromStr;
use thiserror::Error;

/// What is mounted, in a pin's directory: see `place`.
pub(crate) const DATA: &str = "data";

/// A pin's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PinId(String);

/// The text is no pin's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a pin's name is 32 of `0-9a-f`")]
pub struct PinIdError;

impl PinId {
    /// A new one.
    pub(crate) fn random() -> io::Result<Self> {
        let mut bytes = [0_u8; 16];
        let filled = getrandom(&mut bytes, GetRandomFlags::empty())?;
        if filled != 16 {
            return Err(io::Error::other("the system gave too few random bytes"));
        }
        Ok(Self(bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })))
    }

    /// The pin of a container's mount, by the source that the engine tells of; `None` when that is not below `place`.
    pub fn of_source(place: &Path, source: &Path) -> Option<Self> {
        let mut below = source.strip_prefix(place).ok()?.iter();
        let id = below.next()?.to_str()?.parse().ok()?;
        (below.next() == Some(OsStr::new(DATA)) && below.next().is_none()).then_some(id)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PinId {
    type Err = PinIdError;
    fn from_str(text: &str) -> Result<Self, PinIdError> {
        let fits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if fits { Ok(Self(text.to_owned())) } else { Err(PinIdError) }
    }
}

impl TryFrom<String> for PinId {
    type Error = PinIdError;
    fn try_from(text: String) -> Result<Self, PinIdError> {
        text.parse()
    }
}

impl From<PinId> for String {
    fn from(id: PinId) -> Self {
        id.0
    }
}

impl fmt::Display for PinId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_32_digits_and_no_path() {
        let id = PinId::random().unwrap();
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_ne!(PinId::random().unwrap(), id);
        for bad in [
            "",
            ".",
            "..",
            "/",
            &"A".repeat(32),
            &"a".repeat(31),
            &"a".repeat(33),
            "../../../../../../../etc/shadow0",
        ] {
            assert_eq!(bad.parse::<PinId>(), Err(PinIdError), "{bad}");
        }
    }

    #[test]
    fn a_mounts_source_tells_its_pin() {
        let id = "0123456789abcdef".repeat(2);
        let of = |source: &str| PinId::of_source(Path::new("/run/wharf/pins"), Path::new(source));
        assert_eq!(of(&format!("/run/wharf/pins/{id}/data")), Some(PinId(id.clone())));
        for other in ["/run/wharf/pins", "/home/ana", "/run/wharf/pins/x/data"] {
            assert_eq!(of(other), None);
        }
        for tail in ["", "/", "/other", "/data/deeper", "/../data"] {
            assert_eq!(of(&format!("/run/wharf/pins/{id}{tail}")), None, "{tail}");
        }
    }
}

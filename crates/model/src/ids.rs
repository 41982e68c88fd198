//! Full ids of engine objects. Never a prefix and never a name: a container may be *named* like another's
//! short id, and then the short id means the attacker's (seen on 20.10, 26.1 and 28.5).

use crate::text_noun;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A container's full id: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ContainerId(String);

/// A network's full id: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NetworkId(String);

/// An image's full id: `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ImageId(String);

/// An exec's full id: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ExecId(String);

/// Why a text is not a full id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// Not 64 lower-case hexadecimal digits.
    #[error("a full id is 64 lower-case hexadecimal digits")]
    NotFull,
    /// Only images.
    #[error("a full image id is `sha256:` and 64 lower-case hexadecimal digits")]
    NotImage,
}

text_noun!(ContainerId, IdError, check_hex);
text_noun!(ExecId, IdError, check_hex);
text_noun!(NetworkId, IdError, check_hex);
text_noun!(ImageId, IdError, check_image);

pub(crate) fn check_hex(text: &str) -> Result<(), IdError> {
    let full = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if full { Ok(()) } else { Err(IdError::NotFull) }
}

fn check_image(text: &str) -> Result<(), IdError> {
    let digits = text.strip_prefix("sha256:").ok_or(IdError::NotImage)?;
    check_hex(digits).map_err(|_| IdError::NotImage)
}

impl ContainerId {
    /// The first twelve digits, for people to read; never for the engine.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_ids_pass() {
        let full = "0123456789abcdef".repeat(4);
        assert!(full.parse::<ContainerId>().is_ok());
        assert_eq!(full.to_uppercase().parse::<ContainerId>(), Err(IdError::NotFull));
        assert_eq!("0123456789ab".parse::<NetworkId>(), Err(IdError::NotFull));
        assert!(format!("sha256:{full}").parse::<ImageId>().is_ok());
        assert_eq!(full.parse::<ImageId>(), Err(IdError::NotImage));
    }
}

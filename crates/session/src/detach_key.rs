//! The key that leaves a session.

use std::fmt;
use std::str::FromStr;

/// `ctrl-` and one of `a`–`z`, `@`, `[`, `\`, `]`, `^`, `_`; or `none`. Pressed twice within [`crate::SECOND_PRESS`] it is
/// sent to the session once instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetachKey(Option<u8>);

/// Why a text names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a key to leave with: write `ctrl-` and a letter or one of `@ [ \\ ] ^ _`, such as `ctrl-\\`, or `none`"
)]
pub struct DetachKeyError(String);

impl DetachKey {
    /// No key leaves; closing the terminal does.
    pub const NONE: Self = Self(None);

    /// The byte that a terminal sends for it.
    pub fn byte(self) -> Option<u8> {
        self.0
    }
}

impl Default for DetachKey {
    fn default() -> Self {
        Self(Some(0x1c))
    }
}

impl FromStr for DetachKey {
    type Err = DetachKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        if lower == "none" {
            return Ok(Self::NONE);
        }
        match lower.strip_prefix("ctrl-").map(str::as_bytes) {
            Some([byte @ (b'a'..=b'z' | b'@' | b'[' | b'\\' | b']' | b'^' | b'_')]) => {
                Ok(Self(Some(byte.to_ascii_uppercase() & 0x1f)))
            }
            _ => Err(DetachKeyError(text.chars().filter(|char| !char.is_control()).take(64).collect())),
        }
    }
}

impl fmt::Display for DetachKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(byte) => write!(out, "ctrl-{}", char::from(byte | 0x40).to_ascii_lowercase()),
            None => out.write_str("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DetachKey;

    #[test]
    fn keys_are_read_and_written_alike() {
        for (text, byte) in
            [("ctrl-\\", 0x1c), ("ctrl-a", 1), ("ctrl-@", 0), ("ctrl-_", 0x1f), ("ctrl-]", 0x1d)]
        {
            let key: DetachKey = text.parse().unwrap();
            assert_eq!((key.byte(), key.to_string().as_str()), (Some(byte), text));
        }
        assert_eq!("none".parse(), Ok(DetachKey::NONE));
        assert_eq!("Ctrl-A".parse::<DetachKey>().unwrap().to_string(), "ctrl-a");
        assert_eq!(DetachKey::default().to_string(), "ctrl-\\");
    }

    #[test]
    fn what_names_no_key_is_refused() {
        for bad in ["", "ctrl-", "ctrl-ab", "a", "ctrl-1", "alt-a"] {
            assert!(bad.parse::<DetachKey>().is_err(), "{bad}");
        }
    }
}

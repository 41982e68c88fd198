//! What a key or a certificate is told by.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A SHA-256 digest. Written `sha256:` and 64 lower-case hexadecimal digits.
///
/// Read also with capitals, and with colons between the bytes as openssl(1) prints them. Never cut short: half a
/// fingerprint is found by trying.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

/// Why a text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FingerprintError {
    /// Another digest, or none named.
    #[error("a fingerprint begins with `sha256:`")]
    NotSha256,
    /// Not 32 bytes in hexadecimal.
    #[error("after `sha256:`, a fingerprint has 64 hexadecimal digits")]
    NotDigits,
}

const PREFIX: &str = "sha256:";

impl Fingerprint {
    /// What was digested already.
    pub fn of_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digits = text.strip_prefix(PREFIX).ok_or(FingerprintError::NotSha256)?;
        let mut bytes = [0; 32];
        // One way or the other: colons between all bytes, or none.
        let (step, length) = if digits.contains(':') { (3, 95) } else { (2, 64) };
        if digits.len() != length {
            return Err(FingerprintError::NotDigits);
        }
        for (byte, piece) in bytes.iter_mut().zip(digits.as_bytes().chunks(step)) {
            *byte = match piece {
                [high, low] | [high, low, b':'] => value(*high)? << 4 | value(*low)?,
                _ => return Err(FingerprintError::NotDigits),
            };
        }
        Ok(Self(bytes))
    }
}

fn value(digit: u8) -> Result<u8, FingerprintError> {
    let value = char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    value.ok_or(FingerprintError::NotDigits)
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = "sha256:00ff10a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f506172839405162";

    #[test]
    fn the_ways_of_writing_a_fingerprint_mean_the_same() {
        let plain: Fingerprint = PLAIN.parse().unwrap();
        assert_eq!(plain.bytes()[..4], [0x00, 0xff, 0x10, 0xa0]);
        assert_eq!(plain.to_string(), PLAIN);
        assert_eq!(Fingerprint::of_digest(*plain.bytes()), plain);
        let digits = PLAIN.strip_prefix(PREFIX).unwrap();
        let upper = digits.to_uppercase();
        let pairs: Vec<&str> = (0..64).step_by(2).map(|at| &upper[at..at + 2]).collect();
        for written in [format!("sha256:{upper}"), format!("sha256:{}", pairs.join(":"))] {
            assert_eq!(written.parse(), Ok(plain), "{written}");
        }
    }

    #[test]
    fn a_fingerprint_is_whole_or_none() {
        let digits = PLAIN.strip_prefix(PREFIX).unwrap();
        for wrong in ["", digits, &format!("SHA256:{digits}"), &format!("sha1:{}", &digits[..40])] {
            assert_eq!(wrong.parse::<Fingerprint>(), Err(FingerprintError::NotSha256), "{wrong}");
        }
        let half_colons = format!("{}:{}", &digits[..2], &digits[2..]);
        let colon_first = format!(":{}", &digits[1..]);
        let shifted: String = format!("{digits}{digits}").chars().take(95).collect();
        for wrong in ["", &digits[1..], &format!("{digits}0"), &half_colons, &colon_first, &shifted] {
            assert_eq!(format!("sha256:{wrong}").parse::<Fingerprint>(), Err(FingerprintError::NotDigits));
        }
        let others = ["g".repeat(64), "+f".repeat(32), "é".repeat(32), format!("{}::", "00:".repeat(31))];
        for wrong in others {
            assert_eq!(format!("sha256:{wrong}").parse::<Fingerprint>(), Err(FingerprintError::NotDigits));
        }
    }
}

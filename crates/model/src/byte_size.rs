//! Amounts of memory, written as people write them.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// A number of bytes, at most 2^63 - 1 (the engine's own integer).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ByteSize(u64);

/// Why a text is not an amount of memory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ByteSizeError {
    /// Neither digits nor digits with a unit.
    #[error("a size is a number of bytes, or a number with `k`, `M`, `G` or `T` such as `1.5G`")]
    NotASize,
    /// More than the engine can count.
    #[error("a size is below 8388608T")]
    TooLarge,
}

impl ByteSize {
    /// So many times 2^20 bytes.
    pub(crate) const fn mebibytes(count: u32) -> Self {
        Self((count as u64) << 20)
    }

    /// The number of bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for ByteSize {
    type Error = ByteSizeError;
    fn try_from(bytes: u64) -> Result<Self, ByteSizeError> {
        if bytes > i64::MAX.unsigned_abs() { Err(ByteSizeError::TooLarge) } else { Ok(Self(bytes)) }
    }
}

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    /// Reads `1073741824`, `512M`, `1.5G`, `100kB`; units are powers of 1024, whatever their case, and the fraction
    /// of a byte is dropped.
    fn from_str(text: &str) -> Result<Self, ByteSizeError> {
        let digits_end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits_end);
        let shift = match unit.to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 10,
            "m" | "mb" | "mib" => 20,
            "g" | "gb" | "gib" => 30,
            "t" | "tb" | "tib" => 40,
            _ => return Err(ByteSizeError::NotASize),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || fraction.is_empty() || fraction.len() > 9 || fraction.contains('.') {
            return Err(ByteSizeError::NotASize);
        }
        if whole.len() > 19 {
            return Err(ByteSizeError::TooLarge);
        }
        let whole: u128 = whole.parse().map_err(|_| ByteSizeError::NotASize)?;
        let scale = 10u128.pow(u32::try_from(fraction.len()).map_err(|_| ByteSizeError::NotASize)?);
        let fraction: u128 = fraction.parse().map_err(|_| ByteSizeError::NotASize)?;
        let bytes = (whole << shift) + ((fraction << shift) / scale);
        u64::try_from(bytes).map_err(|_| ByteSizeError::TooLarge).and_then(Self::try_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        let bytes = |text: &str| text.parse::<ByteSize>().map(ByteSize::bytes);
        assert_eq!(bytes("1073741824"), Ok(1 << 30));
        assert_eq!(bytes("1G"), Ok(1 << 30));
        assert_eq!(bytes("1.5G"), Ok(3 << 29));
        assert_eq!(bytes("42m"), Ok(42 << 20));
        assert_eq!(bytes("100kB"), Ok(100 << 10));
        assert_eq!(bytes("0"), Ok(0));
        assert_eq!(bytes("-1"), Err(ByteSizeError::NotASize));
        assert_eq!(bytes("1e3"), Err(ByteSizeError::NotASize));
        assert_eq!(bytes("G"), Err(ByteSizeError::NotASize));
        assert_eq!(bytes("1..5G"), Err(ByteSizeError::NotASize));
        assert_eq!(bytes("9999999999999999T"), Err(ByteSizeError::TooLarge));
        assert_eq!(bytes(&"9".repeat(400)), Err(ByteSizeError::TooLarge));
    }
}

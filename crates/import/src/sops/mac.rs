//! The MAC over all values of a SOPS file.

use super::metadata::Metadata;
use super::value::{self, DataKey};
use crate::ImportError;
use crate::error::Position;
use crate::tree::{Kind, Leaf, Scalar};
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;

/// With what the MAC begins where it is over encrypted values alone: SHA-256 of `sops`.
const ONLY_ENCRYPTED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b, 0x0b,
    0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

pub(super) struct Mac {
    hash: Sha512,
    only_encrypted: bool,
}

impl Mac {
    pub(super) fn new(only_encrypted: bool) -> Self {
        let mut hash = Sha512::new();
        if only_encrypted {
            hash.update(ONLY_ENCRYPTED);
        }
        Self { hash, only_encrypted }
    }

    pub(super) fn add_encrypted(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// A value in clear, in the form that SOPS gives it, which is Go's and not the file's.
    pub(super) fn add_clear(&mut self, scalar: &Scalar, leaf: &Leaf<'_>) -> Result<(), ImportError> {
        if self.only_encrypted {
            return Ok(());
        }
        let text = scalar.text.as_str();
        match scalar.kind {
            Kind::Text if is_date(text) => return Err(ImportError::SopsDate(leaf.place())),
            Kind::Text => self.hash.update(text),
            Kind::Flag => self.hash.update(match text {
                "true" | "True" | "TRUE" => "True",
                "false" | "False" | "FALSE" => "False",
                // `yes` and `off` are texts to the YAML of SOPS.
                text => text,
            }),
            Kind::Integer => self.hash.update(integer(text)),
            Kind::Float => self.hash.update(float(text)),
        }
        Ok(())
    }

    pub(super) fn check(self, metadata: &Metadata, key: &DataKey) -> Result<(), ImportError> {
        let place = Position::of("sops.mac", 0);
        let opened = value::open(&metadata.mac, key, &metadata.last_modified, &place).map_err(|error| {
            if matches!(error, ImportError::SopsTampered(_)) { ImportError::SopsMac } else { error }
        })?;
        let said = opened.bytes().to_ascii_uppercase();
        let computed = format!("{:X}", self.hash.finalize());
        if bool::from(computed.as_bytes().ct_eq(&said)) { Ok(()) } else { Err(ImportError::SopsMac) }
    }
}

/// A whole number in decimal, from any of YAML's notations; what is none to Go's YAML stays as it is.
fn integer(text: &str) -> String {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix(['-', '+']) {
        Some(digits) => (if plain.starts_with('-') { "-" } else { "" }, digits),
        None => ("", plain.as_str()),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x', rest @ ..] => (16, rest),
        [b'0', b'b', rest @ ..] => (2, rest),
        [b'0', b'o', rest @ ..] | [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        rest => (10, rest),
    };
    let number = std::str::from_utf8(digits).ok().and_then(|digits| u64::from_str_radix(digits, base).ok());
    number.map_or_else(|| text.to_owned(), |number| format!("{sign}{number}"))
}

/// As Go writes it: the fewest digits that read back, without an exponent; as Rust does, but for what is no number.
fn float(text: &str) -> String {
    let plain = text.replace('_', "");
    match plain.trim_start_matches('+').to_ascii_lowercase().as_str() {
        ".inf" => "+Inf".to_owned(),
        "-.inf" => "-Inf".to_owned(),
        ".nan" => "NaN".to_owned(),
        plain => plain.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string()),
    }
}

/// `2024-01-31`, and whatever begins so: without quotes it is a date to the YAML of SOPS, and here nobody knows about quotes.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let number = |part: Option<&str>, from: usize, to: usize| {
        part.is_some_and(|part| (from..=to).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    number(parts.next(), 4, 4)
        && number(parts.next(), 1, 2)
        && parts.next().is_some_and(|rest| rest.bytes().next().is_some_and(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_enter_the_mac_as_go_writes_them() {
        for (text, written) in [
            ("42", "42"),
            ("-7", "-7"),
            ("+7", "7"),
            ("0x1F", "31"),
            ("010", "8"),
            ("0o17", "15"),
            ("1_000", "1000"),
            ("0", "0"),
            ("0b11", "3"),
            ("22:22", "22:22"),
        ] {
            assert_eq!(integer(text), written, "{text}");
        }
        for (text, written) in [
            ("1.50", "1.5"),
            ("1e3", "1000"),
            ("-.inf", "-Inf"),
            (".NaN", "NaN"),
            ("1.0", "1"),
            ("1e21", "1000000000000000000000"),
        ] {
            assert_eq!(float(text), written, "{text}");
        }
    }

    #[test]
    fn dates_are_told_from_other_texts() {
        assert!(is_date("2024-01-31") && is_date("2024-1-3T10:00:00Z"));
        assert!(!is_date("2024") && !is_date("2024-01") && !is_date("a-b-c") && !is_date("555-01-31"));
    }
}

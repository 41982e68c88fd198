//! What bears a client certificate, among all that act as one tenant.

use crate::text_noun;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The name of who or what acts as a tenant by certificate: `[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?`, such as `laptop`.
///
/// It stands in URIs, in file names and in the audit trail, and means the same in each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ClientName(String);

/// Why a text names no client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClientNameError {
    /// Not the grammar.
    #[error(
        "a client's name is lower-case letters and digits, with `.`, `_` and `-` between the first and the last"
    )]
    Grammar,
    /// Longer than 63 bytes.
    #[error("a client's name has at most 63 characters")]
    TooLong,
}

/// Bytes of the longest.
const LONGEST: usize = 63;

text_noun!(ClientName, ClientNameError, check);

fn check(text: &str) -> Result<(), ClientNameError> {
    if text.len() > LONGEST {
        return Err(ClientNameError::TooLong);
    }
    let is_end = |byte: Option<u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let ends = is_end(text.bytes().next()) && is_end(text.bytes().last());
    let fits = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
    if ends && fits { Ok(()) } else { Err(ClientNameError::Grammar) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_name_is_safe_in_uris_and_file_names() {
        for good in ["a", "7", "laptop", "ci-2", "ana.example_org", "a--b", &"a".repeat(63)] {
            assert_eq!(good.parse::<ClientName>().map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in
            ["", ".", "..", "-a", "a-", ".a", "a.", "_", "A", "a b", "a/b", "a%2fb", "a\0", "a\n", "é", "a@b"]
        {
            assert_eq!(bad.parse::<ClientName>(), Err(ClientNameError::Grammar), "{bad}");
        }
        assert_eq!("a".repeat(64).parse::<ClientName>(), Err(ClientNameError::TooLong));
    }

    #[test]
    fn a_name_that_does_not_fit_is_not_read_from_a_document_either() {
        use serde::de::IntoDeserializer;
        use serde::de::value::{Error, StrDeserializer};
        let read = |text: &'static str| {
            let from: StrDeserializer<'_, Error> = text.into_deserializer();
            ClientName::deserialize(from)
        };
        assert_eq!(read("laptop").map(|name| name.to_string()), Ok("laptop".to_owned()));
        assert!(read("../laptop").is_err());
    }
}

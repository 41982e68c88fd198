//! One HTTP request to the engine, before its bytes: always our own serialisation, never a client's.

use std::fmt::Write as _;

/// The methods that the vocabulary uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the HTTP method of its name, RFC 9110 section 9")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

/// What follows the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(Vec<u8>),
    /// A tar archive.
    Tar(Vec<u8>),
    /// A tar archive that comes as a stream, handed to the engine's edge beside the permit.
    TarStream,
    /// Whatever the administrator sends, as a stream.
    Stream,
}

/// A request whose path is below `/v<version>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and encoded query, beginning with `/`, without the version.
    pub target: String,
    /// Value of `X-Registry-Auth`, when the call carries credentials.
    pub registry_auth: Option<String>,
    /// The body.
    pub body: Body,
    /// Further headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// To what the connection is upgraded after the answer's head: `tcp` is a two-way stream of bytes.
    pub upgrade: Option<String>,
    /// The path has its version already, or wants none.
    pub as_it_stands: bool,
}

impl Method {
    /// As it stands on the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, target: String) -> Self {
        Self {
            method,
            target,
            registry_auth: None,
            headers: Vec::new(),
            body: Body::Empty,
            upgrade: None,
            as_it_stands: false,
        }
    }

    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self::new(Method::Get, target.into())
    }

    pub(crate) fn post(target: impl Into<String>) -> Self {
        Self::new(Method::Post, target.into())
    }

    pub(crate) fn with_body(self, body: Body) -> Self {
        Self { body, ..self }
    }

    pub(crate) fn upgrading(self) -> Self {
        Self { upgrade: Some("tcp".to_owned()), ..self }
    }
}

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3): fit for a query's value and for one
/// segment of a path.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}"); // writing to a String cannot fail
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_travel_as_they_are() {
        assert_eq!(encoded("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(encoded("{\"a\":[1]}&x=/?#%\u{e9}"), "%7B%22a%22%3A%5B1%5D%7D%26x%3D%2F%3F%23%25%C3%A9");
    }
}

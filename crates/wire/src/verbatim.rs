//! What the administrator's own socket passes on: a request as it was said, with its hop-by-hop parts gone. Nothing is
//! judged about it but who asks.

use crate::{Body, Method, Request};

/// A request of the administrator's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim {
    method: Method,
    target: String,
    headers: Vec<(String, String)>,
    upgrade: Option<String>,
}

/// The headers that mean something to an engine beyond one connection.
const PASSED_ON: [&str; 3] = ["content-type", "x-registry-auth", "x-registry-config"];

impl Verbatim {
    /// A request with this method, this target (path and query as they came; a version in it stays) and these headers, of
    /// which only those that mean something to an engine are kept. `None` when the method is none of an engine's.
    pub fn new<'a>(
        method: &str,
        target: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
        upgrade: Option<&str>,
    ) -> Option<Self> {
        let method = match method {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            "POST" => Method::Post,
            "PUT" => Method::Put,
            "DELETE" => Method::Delete,
            _ => return None,
        };
        let plain = target.starts_with('/') && target.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
        let kept = |name: &str| PASSED_ON.contains(&name) || name.starts_with("x-docker-expose-session-");
        let headers =
            headers.filter(|(name, _)| kept(name)).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        let upgrade = upgrade.map(str::to_owned);
        plain.then(|| Self { method, target: target.to_owned(), headers, upgrade })
    }

    /// Path and query as they came.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    pub(crate) fn request(&self) -> Request {
        let request = Request::new(self.method, self.target.clone()).with_body(Body::Stream);
        Request {
            headers: self.headers.clone(),
            upgrade: self.upgrade.clone(),
            as_it_stands: true,
            ..request
        }
    }
}

//! Requests written by hand, and what comes back. Nothing here corrects what an attack says.

use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Said {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// What the engine and the gateway say when they refuse.
    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    /// The rule that refused, as the message names it.
    pub(crate) fn rule(&self) -> Option<String> {
        let message = self.message();
        let rest = message.strip_prefix("wharf: denied by rule ")?;
        Some(rest.split(':').next().unwrap_or_default().to_owned())
    }
}

/// A request as any client would write it, quotation marks and brackets encoded; the connection ends with its answer.
pub(crate) fn request(method: &str, target: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let signs = [('"', "%22"), ('{', "%7B"), ('}', "%7D"), ('[', "%5B"), (']', "%5D"), (' ', "%20")];
    let target = signs.iter().fold(target.to_owned(), |target, (sign, code)| target.replace(*sign, code));
    let mut bytes =
        format!("{method} {target} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n").into_bytes();
    if !kind.is_empty() {
        let length = body.len();
        bytes.extend(format!("Content-Type: {kind}\r\nContent-Length: {length}\r\n").into_bytes());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    bytes
}

/// Sends bytes, and reads until the other side closes, or says nothing for three seconds.
pub(crate) fn send(mut stream: UnixStream, bytes: &[u8]) -> Vec<u8> {
    stream.set_read_timeout(Some(Duration::from_secs(3))).expect("a timeout");
    // The other side may have heard enough before the end.
    let _refused = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ended = stream.read_to_end(&mut answer);
    answer
}

/// The first answer in what was read.
pub(crate) fn parse(bytes: &[u8]) -> Said {
    let text = String::from_utf8_lossy(bytes);
    let (head, rest) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = if chunked { unchunked(rest) } else { rest.to_owned() };
    Said { status, head: head.to_owned(), body }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let Ok(size @ 1..) = usize::from_str_radix(size.trim(), 16) else { break };
        body.push_str(after.get(..size).unwrap_or(after));
        rest = after.get(size + 2..).unwrap_or_default();
    }
    body
}

//! As much of an HTTP client as the demo needs: one request, one answer, the connection closed.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// An answer: its status and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Asks an engine. `body` is a tar archive, if any.
pub(super) fn ask(socket: &Path, method: &str, target: &str, body: &[u8]) -> Result<Answer> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    exchange(stream, method, target, body)
}

/// Sends a request on a new connection and reads to its end. HTTP/1.0, so that no answer comes in chunks.
pub(super) fn exchange(
    mut stream: impl Read + Write,
    method: &str,
    target: &str,
    body: &[u8],
) -> Result<Answer> {
    let length = body.len();
    let kind = "Content-Type: application/x-tar";
    write!(
        stream,
        "{method} {target} HTTP/1.0\r\nHost: localhost\r\n{kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer))
        .ok_or_else(|| Error::new(ErrorKind::InvalidData, "the answer is not HTTP"))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

/// Whether an engine answers.
pub(super) fn answers(socket: &Path) -> bool {
    ask(socket, "GET", "/_ping", b"").is_ok_and(|answer| answer.status == 200)
}

#[cfg(test)]
mod tests {
    use super::{Answer, parse};

    #[test]
    fn reads_an_answer() {
        let text = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nashore\r\n\r\n";
        assert_eq!(parse(text), Some(Answer { status: 200, body: "ashore\r\n\r\n".into() }));
        assert_eq!(parse("SSH-2.0"), None);
    }
}

//! As much of HTTP/1.1 as is needed to find where a message ends.

use std::io::{self, BufRead, Read, Write};

use super::Request;

/// How a message's body is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// There is none.
    Empty,
    /// So many bytes.
    Sized(u64),
    /// Chunks, until an empty one.
    Chunked,
    /// Everything until the connection ends, in both directions.
    Unbounded,
}

/// The first lines of a message, byte for byte, up to and with the empty line.
#[derive(Debug)]
pub(super) struct Head(Vec<u8>);

impl Head {
    /// Reads one; `None` at the end of the connection.
    pub(super) fn read(stream: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        loop {
            let before = bytes.len();
            if stream.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            if matches!(bytes.get(before..), Some(b"\r\n" | b"\n")) && before > 0 {
                return Ok(Some(Self(bytes)));
            }
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A header's value, by its name in lower case.
    fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.0);
        text.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim().to_ascii_lowercase())
        })
    }

    fn word(&self, n: usize) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let line = text.lines().next().unwrap_or_default();
        line.split(' ').nth(n).unwrap_or_default().to_owned()
    }

    pub(super) fn request(&self) -> Request {
        Request { method: self.word(0), target: self.word(1) }
    }

    /// The status, of an answer.
    pub(super) fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or_default()
    }

    /// Whether a request asks to leave HTTP; what follows depends on the answer.
    pub(super) fn asks_for_upgrade(&self) -> bool {
        self.header("upgrade").is_some()
            || self.word(1).split('?').next().is_some_and(|path| path.ends_with("/attach"))
    }

    pub(super) fn request_body(&self) -> Body {
        self.declared_body().unwrap_or(Body::Empty)
    }

    pub(super) fn answer_body(&self, request: &Request) -> Body {
        match self.status() {
            101 => Body::Unbounded,
            100..200 | 204 | 304 => Body::Empty,
            _ if request.method == "HEAD" => Body::Empty,
            _ => self.declared_body().unwrap_or(Body::Unbounded),
        }
    }

    fn declared_body(&self) -> Option<Body> {
        if self.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            return Some(Body::Chunked);
        }
        self.header("content-length")?.parse().ok().map(Body::Sized)
    }
}

impl Body {
    /// Passes a body on as it comes: whoever waits for a line of a log gets it at once.
    pub(super) fn pass(self, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Empty => Ok(()),
            Self::Sized(length) => copy_exactly(from, to, length),
            Self::Chunked => pass_chunks(from, to),
            Self::Unbounded => io::copy(from, to).map(drop),
        }
    }
}

fn copy_exactly(from: &mut impl BufRead, to: &mut impl Write, length: u64) -> io::Result<()> {
    match io::copy(&mut from.take(length), to)? {
        copied if copied == length => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn pass_chunks(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        if from.read_until(b'\n', &mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all(&line)?;
        let text = String::from_utf8_lossy(&line);
        let size = text.trim().split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(size, 16).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        if size == 0 {
            return pass_trailers(from, to);
        }
        // The chunk and the line end behind it.
        copy_exactly(from, to, size + 2)?;
    }
}

fn pass_trailers(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        from.read_until(b'\n', &mut line)?;
        to.write_all(&line)?;
        if matches!(line.as_slice(), b"\r\n" | b"\n" | b"") {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Body, Head};

    fn head(text: &str) -> Head {
        Head::read(&mut text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn finds_where_a_body_ends() {
        let get = head("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(get.request_body(), Body::Empty);
        let post = head("POST /a HTTP/1.1\r\nContent-Length: 12\r\n\r\n");
        assert_eq!(post.request_body(), Body::Sized(12));
        let answer = head("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assert_eq!(answer.answer_body(&get.request()), Body::Chunked);
        let upgraded = head("HTTP/1.1 101 UPGRADED\r\nContent-Type: x\r\n\r\n");
        assert_eq!(upgraded.answer_body(&post.request()), Body::Unbounded);
        let empty = head("HTTP/1.1 204 No Content\r\n\r\n");
        assert_eq!(empty.answer_body(&post.request()), Body::Empty);
    }

    #[test]
    fn passes_chunks_to_their_end_and_no_further() {
        let mut from = &b"5\r\nhello\r\n0\r\n\r\nGET /next"[..];
        let mut to = Vec::new();
        Body::Chunked.pass(&mut from, &mut to).unwrap();
        assert_eq!((to.as_slice(), from), (&b"5\r\nhello\r\n0\r\n\r\n"[..], &b"GET /next"[..]));
    }
}

//! The least that speaks to an engine: one connection, one request at a time, answers read whole.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// How an answer's body ends.
#[derive(Clone, Copy)]
enum Framing {
    Chunked,
    Length(usize),
}

/// What a connection is made over.
pub(crate) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// One kept connection.
pub(crate) struct Connection(BufReader<Box<dyn Stream>>);

impl Connection {
    pub(crate) fn open(socket: &Path) -> Result<Self> {
        Ok(Self::over(UnixStream::connect(socket)?))
    }

    /// One that somebody else has opened.
    pub(crate) fn over(stream: impl Stream + 'static) -> Self {
        Self(BufReader::new(Box::new(stream)))
    }

    /// Status and body of the answer.
    pub(crate) fn ask(&mut self, method: &str, target: &str, body: Option<&[u8]>) -> Result<(u16, Vec<u8>)> {
        self.say(method, target, body, "")?;
        let (status, framing) = self.head()?;
        Ok((status, self.body(framing)?))
    }

    /// Asks for something large, and counts the bytes of the answer's body instead of keeping them.
    pub(crate) fn count(&mut self, target: &str) -> Result<(u16, u64)> {
        self.say("GET", target, None, "")?;
        let (status, framing) = self.head()?;
        let mut scratch = vec![0; 256 << 10];
        let Framing::Chunked = framing else { return Ok((status, to_u64(self.body(framing)?.len()))) };
        let mut total = 0;
        loop {
            let mut left = self.chunk_length()?;
            if left == 0 {
                self.line()?;
                return Ok((status, total));
            }
            total += to_u64(left);
            while left > 0 {
                let most = left.min(scratch.len());
                left -= self.0.read(scratch.get_mut(..most).unwrap_or_default())?;
            }
            self.line()?;
        }
    }

    /// Turns the connection into a stream of bytes, and counts what comes until the other side ends.
    pub(crate) fn upgrade_and_count(mut self, target: &str, body: &[u8]) -> Result<(u16, u64)> {
        self.say("POST", target, Some(body), "Connection: Upgrade\r\nUpgrade: tcp\r\n")?;
        let (status, _) = self.head()?;
        let (mut total, mut scratch) = (0, vec![0; 256 << 10]);
        loop {
            match self.0.read(&mut scratch)? {
                0 => return Ok((status, total)),
                some => total += to_u64(some),
            }
        }
    }

    /// Asks, reads the head of the answer alone, and keeps the rest to come.
    pub(crate) fn begin(&mut self, target: &str) -> Result<u16> {
        self.say("GET", target, None, "")?;
        Ok(self.head()?.0)
    }

    fn say(&mut self, method: &str, target: &str, body: Option<&[u8]>, more: &str) -> Result<()> {
        let content =
            body.map(|body| format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        let content = content.unwrap_or_default();
        let request = format!("{method} {target} HTTP/1.1\r\nHost: docker\r\n{content}{more}\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        self.0.get_mut().write_all(&bytes)
    }

    fn head(&mut self) -> Result<(u16, Framing)> {
        let head = self.line()?;
        let status: u16 =
            head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken(&head))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| broken(&line))?;
            }
            chunked |= line.starts_with("transfer-encoding:") && line.ends_with("chunked");
        }
        Ok((status, if chunked { Framing::Chunked } else { Framing::Length(length) }))
    }

    fn body(&mut self, framing: Framing) -> Result<Vec<u8>> {
        match framing {
            Framing::Chunked => self.chunks(),
            Framing::Length(length) => self.exactly(length),
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = self.chunk_length()?;
            body.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn chunk_length(&mut self) -> Result<usize> {
        let line = self.line()?;
        usize::from_str_radix(line.trim(), 16).map_err(|_| broken(&line))
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(body)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn broken(what: &str) -> Error {
    Error::other(format!("the engine answered `{what}`"))
}

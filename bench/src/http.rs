//! The least that speaks to an engine: one connection, one request at a time, answers read whole.

use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

/// One kept connection.
pub(crate) struct Connection(BufReader<UnixStream>);

impl Connection {
    pub(crate) fn open(socket: &Path) -> Result<Self> {
        Ok(Self(BufReader::new(UnixStream::connect(socket)?)))
    }

    /// Status and body of the answer.
    pub(crate) fn ask(&mut self, method: &str, target: &str, body: Option<&[u8]>) -> Result<(u16, Vec<u8>)> {
        let content =
            body.map(|body| format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        let content = content.unwrap_or_default();
        let request = format!("{method} {target} HTTP/1.1\r\nHost: docker\r\n{content}\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        self.0.get_mut().write_all(&bytes)?;
        self.answer()
    }

    fn answer(&mut self) -> Result<(u16, Vec<u8>)> {
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
        if chunked { Ok((status, self.chunks()?)) } else { Ok((status, self.exactly(length)?)) }
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(|_| broken(&line))?;
            body.extend(self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
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

fn broken(what: &str) -> Error {
    Error::other(format!("the engine answered `{what}`"))
}

//! A client's connection, held open: requests written by hand, and answers with a known length read to their end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is kept alive.
pub(crate) struct Talk {
    pub(crate) stream: UnixStream,
    from: BufReader<UnixStream>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Talk {
    pub(crate) fn on(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let from = BufReader::new(stream.try_clone().expect("a copy"));
        Self { stream, from }
    }

    /// Asks, and reads the whole answer.
    pub(crate) fn ask(&mut self, method: &str, target: &str, body: &str) -> Said {
        self.write(&request(method, target, body));
        self.answer().expect("an answer")
    }

    pub(crate) fn get(&mut self, target: &str) -> Said {
        self.ask("GET", target, "")
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).expect("a connection that takes bytes");
    }

    /// The next answer's head; `None` at the end of the connection.
    pub(crate) fn head(&mut self) -> Option<String> {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            match self.from.read_line(&mut line) {
                Ok(1..) if line == "\r\n" => return Some(head),
                Ok(1..) => head.push_str(&line),
                _ => return None,
            }
        }
    }

    /// The next answer; `None` at the end of the connection.
    pub(crate) fn answer(&mut self) -> Option<Said> {
        let head = self.head()?;
        let lower = head.to_ascii_lowercase();
        let length =
            lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.from.read_exact(&mut body).ok()?;
        if lower.contains("transfer-encoding: chunked") {
            body = self.chunks()?;
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Some(Said { status, head, body: String::from_utf8_lossy(&body).into_owned() })
    }

    fn chunks(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).ok()?;
            let size = usize::from_str_radix(line.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            self.from.read_exact(&mut chunk).ok()?;
            chunk.truncate(size);
            if chunk.is_empty() {
                return Some(body);
            }
            body.extend(chunk);
        }
    }

    /// Reads some of what comes, as it is on the wire, until it contains this.
    pub(crate) fn hears(&mut self, text: &str) -> String {
        let mut heard = Vec::new();
        while !String::from_utf8_lossy(&heard).contains(text) {
            let piece = self.from.fill_buf().expect("something to read").to_vec();
            assert!(!piece.is_empty(), "`{text}` was to come: {}", String::from_utf8_lossy(&heard));
            self.from.consume(piece.len());
            heard.extend(piece);
        }
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Everything until the other side ends the connection.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        // A connection that is cut may be reset.
        let ended = self.from.read_to_end(&mut rest);
        let is_late = ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(!is_late, "the connection was to end: {}", String::from_utf8_lossy(&rest));
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// The 99th and the 50th hundredth of this many answers to this.
    pub(crate) fn times(&mut self, target: &str, count: usize) -> (Duration, Duration) {
        let mut times: Vec<Duration> = (0..count)
            .map(|_| {
                let begun = Instant::now();
                let said = self.get(target);
                assert_eq!(said.status, 200, "{said:?}");
                begun.elapsed()
            })
            .collect();
        times.sort_unstable();
        (times[count * 99 / 100], times[count / 2])
    }
}

pub(crate) fn request(method: &str, target: &str, body: &str) -> String {
    let head = format!("{method} {target} HTTP/1.1\r\nHost: docker\r\n");
    if body.is_empty() {
        return format!("{head}\r\n");
    }
    format!("{head}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

//! The demo's proof: the page that the pod serves.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::http::{self, Answer};
use crate::chore::{Failure, failed};

/// What `front` writes and what `page` tells it: both must be in the answer.
const EXPECTED: [&str; 2] = ["front received this from page over localhost", "hello from the pod"];

/// Fetches the page, waiting until it is served, and checks what it says.
pub(super) fn fetch(port: u16) -> Result<String, Failure> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let last = match ask(port) {
            Ok(answer) if is_right(&answer) => return Ok(answer.body),
            Ok(answer) => format!("it answers {}: {}", answer.status, answer.body.trim()),
            Err(error) => error.to_string(),
        };
        if Instant::now() > deadline {
            return failed(format!("http://127.0.0.1:{port}/ is not the demo's page: {last}"));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn is_right(answer: &Answer) -> bool {
    answer.status == 200 && EXPECTED.iter().all(|text| answer.body.contains(text))
}

fn ask(port: u16) -> std::io::Result<Answer> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    http::exchange(stream, "GET", "/", b"")
}

//! Just enough HTTP to say something on a socket and read what comes back.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Whether the other side answers a ping with 200.
pub(super) fn is_well(stream: UnixStream) -> bool {
    say(stream, b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
        .is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200 "))
}

/// Sends bytes and reads until the other side closes or says nothing for five seconds.
pub(super) fn say(mut stream: UnixStream, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(bytes)?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => Err(error),
        _ => Ok(answer),
    }
}

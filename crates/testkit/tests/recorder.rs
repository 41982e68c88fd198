//! The recorder counts requests, breaks the one it is told to, and is otherwise not noticed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;

use wharf_testkit::{Moment, Recorder, TestDir, Verdict};

/// Answers every request on every connection: `/stream` in chunks, `/up` with an upgrade and an echo.
fn pretend_engine(socket: &Path) {
    let listener = UnixListener::bind(socket).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            thread::spawn(move || serve(client.unwrap()));
        }
    });
}

fn serve(client: UnixStream) {
    let mut out = client.try_clone().unwrap();
    let mut lines = BufReader::new(client);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        if lines.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            match line.strip_prefix("Content-Length: ") {
                Some(value) => length = value.trim().parse().unwrap(),
                None if line == "\r\n" => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).unwrap();
        match first.split(' ').nth(1).unwrap() {
            "/stream" => out
                .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
                .unwrap(),
            "/up" => {
                out.write_all(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
                    .unwrap();
                std::io::copy(&mut lines, &mut out).unwrap();
                out.write_all(b"bye").unwrap();
                return;
            }
            _ => write!(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}",
                String::from_utf8(body).unwrap()
            )
            .unwrap(),
        }
    }
}

fn started() -> (TestDir, Recorder) {
    let directory = TestDir::new().unwrap();
    pretend_engine(&directory.join("engine.sock"));
    let recorder = Recorder::start(&directory.join("engine.sock")).unwrap();
    (directory, recorder)
}

/// Reads until `end` has come, and gives everything.
fn read_to(stream: &mut UnixStream, end: &str) -> String {
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    let (mut all, mut byte) = (String::new(), [0]);
    while !all.ends_with(end) {
        stream.read_exact(&mut byte).unwrap();
        all.push(char::from(byte[0]));
    }
    all
}

#[test]
fn counts_requests_on_a_connection_that_is_kept_alive() {
    let (_directory, recorder) = started();
    let mut client = UnixStream::connect(recorder.socket()).unwrap();
    client.write_all(b"POST /a?b=c HTTP/1.1\r\nContent-Length: 3\r\n\r\nGET").unwrap();
    assert_eq!(read_to(&mut client, "GET"), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nGET");
    client.write_all(b"GET /stream HTTP/1.1\r\n\r\n").unwrap();
    assert!(read_to(&mut client, "0\r\n\r\n").ends_with("2\r\nhi\r\n0\r\n\r\n"));
    client.write_all(b"GET /up HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n").unwrap();
    read_to(&mut client, "\r\n\r\n");
    client.write_all(b"GET /not-a-request HTTP/1.1\r\n\r\n").unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "GET /not-a-request HTTP/1.1\r\n\r\nbye");
    assert_eq!(recorder.requests(), ["POST /a?b=c", "GET /stream", "GET /up"]);
}

#[test]
fn breaks_the_request_it_is_told_to() {
    let (_directory, recorder) = started();
    recorder.fail_at(2, 500);
    let mut client = UnixStream::connect(recorder.socket()).unwrap();
    client.write_all(b"GET /1 HTTP/1.1\r\n\r\n").unwrap();
    read_to(&mut client, "\r\n\r\n");
    client.write_all(b"GET /2 HTTP/1.1\r\n\r\n").unwrap();
    assert!(read_to(&mut client, "\n").starts_with("HTTP/1.1 500"));
}

#[test]
fn cuts_the_connection_after_the_engine_acted() {
    let (_directory, recorder) = started();
    recorder.at(1, Moment::After, |_| Verdict::Cut);
    let mut client = UnixStream::connect(recorder.socket()).unwrap();
    client.write_all(b"GET /1 HTTP/1.1\r\n\r\n").unwrap();
    let mut all = String::new();
    client.read_to_string(&mut all).unwrap();
    assert_eq!(all, "");
}

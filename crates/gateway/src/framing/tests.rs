//! Tests of framing: whole, and in pieces of any length.

use super::*;
use tokio::io::AsyncReadExt;

const BODY: &str = "POST /x HTTP/1.1\r\nHost: d\r\n";

/// What passes of these bytes when they come in pieces of this length, and what would follow.
fn passed(bytes: &[u8], piece: usize) -> (usize, Next) {
    let mut framing = Framing::default();
    let mut sum = 0;
    for piece in bytes.chunks(piece) {
        let good = framing.take(piece);
        sum += good;
        if good < piece.len() {
            break;
        }
    }
    (sum, framing.next)
}

fn every_way(text: &str) -> (usize, Next) {
    let whole = passed(text.as_bytes(), usize::MAX);
    for piece in [1, 2, 3, 7, 64] {
        let (count, next) = passed(text.as_bytes(), piece);
        let (whole_count, whole_next) = whole;
        // In pieces, more of a line may have passed before its end was seen to be wrong.
        assert!(next == whole_next && count >= whole_count, "{text:?} in {piece}");
    }
    whole
}

#[test]
fn requests_as_clients_send_them_pass_one_behind_the_other() {
    let get = "GET /_ping HTTP/1.1\r\nHost: d\r\nUser-Agent: Docker-Client/28\r\n\r\n";
    let sized = format!("{BODY}content-length:  5 \r\n\r\n\n\r\n{{}}");
    let empty = format!("{BODY}Content-Length: 0\r\n\r\n");
    let chunked =
        format!("{BODY}Transfer-Encoding: Chunked\r\n\r\n3\r\n\r\n1\r\n00a\r\n0123456789\r\n0\r\n\r\n");
    let long = format!(
        "GET /{} HTTP/1.1\r\nX: {}\r\n{}: y\r\n\r\n",
        "a".repeat(500),
        "b: c".repeat(500),
        "n".repeat(90)
    );
    let all = [get, &sized, &empty, &chunked, &long, get].concat();
    assert_eq!(every_way(&all), (all.len(), Next::Line));
}

#[test]
fn behind_a_request_that_asks_for_an_upgrade_anything_passes() {
    let all = format!("{BODY}UPGRADE: tcp\r\nContent-Length: 2\r\n\r\n{{}}\n\nno\0request\n\n");
    assert_eq!(every_way(&all), (all.len(), Next::Anything));
    let all = format!("{BODY}Upgrade: h2c\r\n\r\nPRI * HTTP/2.0\n\n");
    assert_eq!(every_way(&all), (all.len(), Next::Anything));
}

#[test]
fn what_two_readers_may_read_in_two_ways_is_refused() {
    for text in [
        "GET / HTTP/1.1\nHost: d\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\r\n\n",
        "GET / HTTP/1.1\r\nHost: d\rX: y\r\n\r\n",
        "GET / HTTP/1.1\r\r\nHost: d\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: d\r\n\r\n",
        "\nGET / HTTP/1.1\r\nHost: d\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\r\nhost: e\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: d\r\n\tfolded\r\n\r\n",
    ] {
        assert_eq!(every_way(text).1, Next::Nothing, "{text:?}");
    }
    let long = format!("Content-Length: {}5\r\n", " ".repeat(200));
    for headers in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\ncontent-length: 5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length:\r\n",
        "Content-Length: 5 5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: \u{665}\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: \u{b}chunked\r\n",
        "Transfer-Encoding:\r\n",
        &long,
    ] {
        assert_eq!(every_way(&format!("{BODY}{headers}\r\nbytes")).1, Next::Nothing, "{headers:?}");
    }
    for chunks in [
        "\r\n",
        "2\n{}\r\n",
        "2 \r\n{}\r\n",
        "2;x=y\r\n{}\r\n",
        "0x2\r\n{}\r\n",
        "-2\r\n",
        "+2\r\n{}\r\n",
        "2\r\n{}\n0\r\n\r\n",
        "2\r\n{}x\r\n",
        "0\r\nTrailer: x\r\n\r\n",
        "0\r\n\n",
        "1000000000000000\r\n",
        "0000000000000000\r\n",
    ] {
        let text = format!("{BODY}Transfer-Encoding: chunked\r\n\r\n{chunks}");
        assert_eq!(every_way(&text).1, Next::Nothing, "{chunks:?}");
    }
}

#[tokio::test]
async fn the_reader_hears_one_byte_that_is_refused_and_then_the_end() {
    let text = b"GET / HTTP/1.1\r\nHost: d\nGET /secret HTTP/1.1\r\n\r\n";
    for room in [1, 5, 4096] {
        let mut strict = Strict::new(&text[..]);
        let mut heard = Vec::new();
        let mut buffer = vec![0; room];
        loop {
            match strict.read(&mut buffer).await.unwrap() {
                0 => break,
                read => heard.extend_from_slice(&buffer[..read]),
            }
        }
        assert_eq!(heard.last(), Some(&REFUSED), "{room}");
        assert!(b"GET / HTTP/1.1\r\nHost: d".starts_with(&heard[..heard.len() - 1]), "{room}");
    }
}

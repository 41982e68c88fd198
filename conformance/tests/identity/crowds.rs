//! Peers that never say who they are: slow, silent, many, or wrong again and again. Nobody else notices.

use crate::at_the_network;
use crate::peer::{anonymous_curl, connected, curl, is_let_in, url, within};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};
use wharf_conformance::gateway::Gateway;

/// How soon somebody with a certificate must have an answer, whatever others do.
const SOON: Duration = Duration::from_secs(3);

fn answers_soon(gateway: &Gateway<'_>, folder: &std::path::Path, from: &str) {
    let begun = Instant::now();
    let run = curl(gateway, folder, &["--interface", from, &url("/_ping")]).succeeds();
    assert_eq!(run.stdout(), "OK");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

/// Reads until the other side ends it.
fn ends(stream: &mut TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = Vec::new();
    let _reset = stream.read_to_end(&mut rest);
    begun.elapsed()
}

/// How a handshake begins, and no more of it.
const BEGINNING: [u8; 11] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];

#[test]
fn a_slow_handshake_ends_after_ten_seconds() {
    at_the_network(|gateway| {
        within(gateway, || {
            let mut silent = connected(Ipv4Addr::new(127, 0, 1, 1));
            let mut half = connected(Ipv4Addr::new(127, 0, 1, 2));
            half.write_all(&BEGINNING).unwrap();
            let mut drop_by_drop = connected(Ipv4Addr::new(127, 0, 1, 3));
            let begun = Instant::now();
            for byte in BEGINNING.into_iter().chain(std::iter::repeat(0)).take(24) {
                let _reset = drop_by_drop.write_all(&[byte]);
                std::thread::sleep(Duration::from_millis(500));
            }
            assert!(ends(&mut drop_by_drop) < Duration::from_millis(500), "a byte now and then is no haste");
            assert!(ends(&mut silent) < Duration::from_secs(1));
            assert!(ends(&mut half) < Duration::from_secs(1));
            assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
        });
    });
}

#[test]
fn hundreds_who_say_nothing_hold_up_nobody_else() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let crowd: Vec<TcpStream> = within(gateway, || {
            let addresses = (1..=60).map(|last| Ipv4Addr::new(127, 0, 2, last));
            addresses.flat_map(|address| (0..20).map(move |_| connected(address))).collect()
        });
        assert_eq!(crowd.len(), 1200);
        for _ in 0..5 {
            answers_soon(gateway, &folder, "127.0.0.1");
        }
        drop(crowd);
    });
}

#[test]
fn an_address_that_keeps_failing_waits_and_others_do_not() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        for _ in 0..13 {
            let nobody = anonymous_curl(gateway, &["-k", "--interface", "127.0.3.1", &url("/_ping")]);
            assert_ne!(nobody.status(), 0);
        }
        let begun = Instant::now();
        answers_soon(gateway, &folder, "127.0.3.2");
        let run = curl(gateway, &folder, &["--interface", "127.0.3.1", &url("/_ping")]).succeeds();
        assert_eq!(run.stdout(), "OK");
        assert!(begun.elapsed() > Duration::from_secs(2), "{:?}", begun.elapsed());
        // Who was let in is forgiven.
        answers_soon(gateway, &folder, "127.0.3.1");
    });
}

#[test]
fn those_who_are_turned_away_are_recorded_and_cannot_fill_the_trail() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        assert!(is_let_in(gateway, &folder));
        within(gateway, || {
            for third in 0..4 {
                for last in 1..=250 {
                    let mut stream = connected(Ipv4Addr::new(127, 1, third, last));
                    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
                    stream.shutdown(std::net::Shutdown::Write).unwrap();
                    let _reset = stream.read_to_end(&mut Vec::new());
                }
            }
        });
        let trail = std::fs::read_to_string(gateway.path("state/audit.jsonl")).unwrap();
        let turned_away: Vec<&str> = trail.lines().filter(|line| line.contains("address 127.1.")).collect();
        assert!((1..=64).contains(&turned_away.len()), "{}", turned_away.len());
        assert!(
            turned_away[0].contains("it did not speak TLS") && turned_away[0].contains("\"connect\""),
            "{trail}"
        );
        answers_soon(gateway, &folder, "127.0.0.1");
    });
}

#[test]
fn bytes_that_are_no_handshake_end_the_connection_and_nothing_else() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let long = [&[0x16, 3, 1, 0xff, 0xff][..], &vec![7; 70_000]].concat();
        let hello = [&[0x16, 3, 1, 0, 4, 1, 0, 0, 0][..]].concat();
        let junk: [&[u8]; 6] =
            [b"\0", b"\x16", &long, &hello, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[0x80, 0x2e, 1, 0, 2]];
        within(gateway, || {
            for (number, bytes) in junk.into_iter().enumerate() {
                let last = u8::try_from(number + 1).unwrap();
                let mut stream = connected(Ipv4Addr::new(127, 0, 4, last));
                let _reset = stream.write_all(bytes);
                let _shut = stream.shutdown(std::net::Shutdown::Write);
                assert!(ends(&mut stream) < Duration::from_secs(5), "{number}");
            }
        });
        answers_soon(gateway, &folder, "127.0.0.1");
    });
}

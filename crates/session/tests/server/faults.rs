//! Clients that break: they go, and nothing else does.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use wharf_session::frame::{Kind, encoded};
use wharf_session::message::{self, Hello, Request};

use crate::house::House;
use crate::visitor::{Visitor, way};

/// Sends bytes as the first or the next ones; says why it was let go.
fn refused(house: &House, attached: bool, bytes: &[u8]) -> String {
    let mut visitor = if attached {
        Visitor::to(house, "1")
    } else {
        Visitor {
            stream: house.connect(),
            screen: wharf_session::screen::Screen::new(message::Size::default(), 1000),
            ended: None,
            refused: None,
            others: Vec::new(),
        }
    };
    visitor.stream.write_all(bytes).unwrap();
    visitor.until_the_end();
    visitor.refused.expect("a reason")
}

#[test]
fn malformed_frames_end_their_client_and_nobody_else() {
    let house = House::new();
    let mut good = Visitor::to(&house, "1");
    let wrong = [
        (false, vec![99, 0, 0, 0], "unknown kind"),
        (false, encoded(Kind::Input, b"x"), "out of turn"),
        (true, vec![2, 255, 255, 255], "at most 65536"),
        (true, encoded(Kind::Resize, &[1]), "cannot be read"),
        (true, encoded(Kind::Welcome, &[]), "out of turn"),
        (
            true,
            encoded(Kind::Hello, &message::write(&Hello { protocol: 1, request: Request::Status })),
            "out of turn",
        ),
        (true, encoded(Kind::AgentData, &[1, 2]), "cannot be read"),
        (false, encoded(Kind::Hello, &[1, 0, 0, 0, 0]), "cannot be read"),
    ];
    for (attached, bytes, why) in wrong {
        let reason = refused(&house, attached, &bytes);
        assert!(reason.contains(why), "{bytes:?}: {reason}");
    }
    good.run("echo still here");
    house.until("one left", |status| status.sessions[0].clients.len() == 1);
}

#[test]
fn a_client_of_another_version_is_told_what_to_do() {
    let house = House::new();
    for version in [0u8, 2, 9] {
        let reason = refused(&house, false, &encoded(Kind::Hello, &[version, 1]));
        assert!(reason.contains("upgrade the workstation"), "{reason}");
    }
}

#[test]
fn a_connection_that_is_cut_within_a_frame_is_a_client_that_went() {
    let house = House::new();
    let mut cut = Visitor::to(&house, "1");
    cut.stream.write_all(&encoded(Kind::Input, b"echo never\n")[..9]).unwrap();
    drop(cut);
    house.until("detached", |status| status.sessions[0].clients.is_empty());
    let mut again = Visitor::to(&house, "1");
    again.run("echo whole");
    assert!(!again.text().contains("never"));
}

#[test]
fn many_connections_that_say_nothing_leave_room_for_nobody_but_the_session_goes_on() {
    let house = House::new();
    let mut good = Visitor::to(&house, "1");
    let silent: Vec<_> = (0..100).map(|_| house.connect()).collect();
    // Beyond the most, connections are closed at once.
    let mut last = silent.last().unwrap();
    assert_eq!(last.read(&mut [0]).unwrap(), 0);
    good.run("echo still here");
    drop(silent);
    // A few turns of the server later they are known to be gone.
    good.run("true");
    house.until("room again", |status| status.sessions.len() == 1);
}

#[test]
fn garbage_on_many_connections_harms_nobody() {
    let house = House::new();
    let mut good = Visitor::to(&house, "1");
    let mut seed = 1u64;
    for round in 0..200 {
        let mut stream = house.connect();
        let bytes: Vec<u8> = (0..200)
            .map(|at| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Often a true kind and a short length, so that payloads are read, too.
                match at % 9 {
                    0 => [1, 2, 3, 4, 7, 8][usize::from(seed.to_be_bytes()[0] % 6)],
                    1 | 2 => 0,
                    3 => 5,
                    _ => seed.to_be_bytes()[0],
                }
            })
            .collect();
        // A server that has let it go already reads no more.
        let _gone = stream.write_all(&bytes);
        if round % 20 == 0 {
            good.type_in(&format!("echo he''re-{round}\n"));
            good.until("an answer", |text| text.contains(&format!("here-{round}")));
        }
    }
}

#[test]
fn a_killed_client_leaves_nothing_behind() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    let open = || std::fs::read_dir(format!("/proc/{}/fd", house.server.id())).unwrap().count();
    let before = open();
    for _ in 0..20 {
        drop(Visitor::attach(&house, way("1")));
    }
    house.until("one left", |status| status.sessions[0].clients.len() == 1);
    let begun = Instant::now();
    // The question for the status is one, for a moment.
    while open() > before {
        assert!(begun.elapsed() < Duration::from_secs(5), "{} descriptors", open());
    }
    one.run("echo still here");
}

#[test]
fn sockets_are_their_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::new();
    let mode = |path: &str| {
        std::fs::metadata(house.directory.path().join(path)).unwrap().permissions().mode() & 0o777
    };
    assert_eq!((mode("run"), mode("run/socket"), mode("run/agent")), (0o700, 0o600, 0o600));
}

#[test]
fn a_server_whose_log_nobody_reads_goes_on() {
    let (reader, writer) = std::io::pipe().unwrap();
    // Full, as when a log driver is stuck.
    let filler = writer.try_clone().unwrap();
    let flags = rustix::fs::fcntl_getfl(&filler).unwrap();
    rustix::fs::fcntl_setfl(&filler, flags | rustix::fs::OFlags::NONBLOCK).unwrap();
    while (&filler).write(&[b'x'; 4096]).is_ok() {}
    rustix::fs::fcntl_setfl(&filler, flags).unwrap();
    drop(filler);
    let house = House::logging_to(writer.into(), &[]);
    let mut one = Visitor::to(&house, "1");
    one.run("echo with a full log");
    drop(reader);
    // And without anybody at the other end.
    let mut two = Visitor::to(&house, "2");
    two.run("echo with a broken log");
    one.run("echo still here");
}

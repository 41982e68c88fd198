//! Tests of what a journal is told. The journal itself runs only under systemd; a socket of the test's stands for it, and
//! what is sent is read as systemd's description of the native protocol says (`JOURNAL_NATIVE_PROTOCOL`).

use super::*;
use crate::moment::Moment;
use std::time::{Duration, Instant};

fn record(detail: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from_unix_millis(1_700_000_000_000),
        tenant: Some("alice".parse().unwrap()),
        user: Some("bob".into()),
        actor: "tenant alice (user bob)".into(),
        action: "container-create".into(),
        object: "web".into(),
        id: None,
        outcome: Outcome::Denied,
        rule: "ports".into(),
        detail: detail.into(),
        micros: Some(7),
    }
}

struct Standin {
    socket: UnixDatagram,
    journal: Journal,
    _dir: tempfile::TempDir,
}

fn standin() -> Standin {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_nonblocking(true).unwrap();
    Standin { socket, journal: Journal::at(&path).unwrap(), _dir: dir }
}

impl Standin {
    fn heard(&self) -> String {
        let mut buffer = vec![0; 1 << 17];
        let length = self.socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    }
}

#[test]
fn a_socket_that_stands_for_a_journal_not_to_be_had_here_hears_the_fields_of_a_record() {
    let standin = standin();
    standin.journal.tell(&record("port 80"));
    let expected = "MESSAGE=tenant alice (user bob): container-create web: denied by rule ports: port 80\nPRIORITY=5\n\
        SYSLOG_IDENTIFIER=wharf\nWHARF_TENANT=alice\nWHARF_USER=bob\nWHARF_ACTION=container-create\n\
        WHARF_OBJECT=web\nWHARF_OUTCOME=denied\nWHARF_RULE=ports\n";
    assert_eq!(standin.heard(), expected);
}

#[test]
fn no_name_makes_a_field_of_its_own() {
    let standin = standin();
    let evil = "x\nWHARF_TENANT=root\nMESSAGE\n\u{8}\0\0\0\0\0\0\0";
    standin.journal.tell(&AuditRecord {
        user: Some(evil.into()),
        actor: evil.into(),
        action: evil.into(),
        object: evil.into(),
        id: Some(evil.into()),
        rule: evil.into(),
        ..record(evil)
    });
    let heard = standin.heard();
    let fields: Vec<&str> = heard.lines().map(|line| line.split_once('=').unwrap().0).collect();
    let expected = [
        "MESSAGE",
        "PRIORITY",
        "SYSLOG_IDENTIFIER",
        "WHARF_TENANT",
        "WHARF_USER",
        "WHARF_ACTION",
        "WHARF_OBJECT",
        "WHARF_ID",
        "WHARF_OUTCOME",
        "WHARF_RULE",
    ];
    assert_eq!(fields, expected);
    assert!(heard.contains("WHARF_TENANT=alice\n") && !heard.contains("=root"), "{heard}");
}

#[test]
fn what_is_redacted_in_the_file_is_redacted_here() {
    let standin = standin();
    standin.journal.tell(&record("bad variable `A=swordfish`"));
    let heard = standin.heard();
    assert!(heard.contains("bad variable `A=") && !heard.contains("swordfish"), "{heard}");
}

#[test]
fn the_largest_record_fits_a_datagram() {
    let standin = standin();
    let huge = "\u{1}".repeat(1 << 20);
    standin.journal.tell(&AuditRecord {
        actor: huge.clone(),
        object: huge.clone(),
        rule: huge.clone(),
        ..record(&huge)
    });
    assert!(standin.heard().len() < 1 << 16);
}

#[test]
fn a_journal_that_is_absent_full_or_gone_holds_up_nothing() {
    let absent = Journal::at(Path::new("/nonexistent/socket")).unwrap();
    absent.tell(&record(""));
    // Nobody reads: its queue fills.
    let standin = standin();
    let begun = Instant::now();
    for _ in 0..10_000 {
        standin.journal.tell(&record("x"));
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    // Restarted: another socket at the same path.
    let path = standin.journal.path.clone();
    drop(standin.socket);
    standin.journal.tell(&record("to nobody"));
    std::fs::remove_file(&path).unwrap();
    let again = UnixDatagram::bind(&path).unwrap();
    standin.journal.tell(&record("again"));
    let mut buffer = [0; 4096];
    let length = again.recv(&mut buffer).unwrap();
    assert!(String::from_utf8_lossy(&buffer[..length]).contains("ports: again\n"));
}

//! Tests of the trail: concurrent writers, hostile text, broken lines.

use super::*;
use crate::audit_record::Outcome;
use crate::moment::Moment;
use std::io::{BufReader, Write};
use std::os::unix::fs::{MetadataExt, symlink};

fn record(detail: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from_unix_millis(1_700_000_000_000),
        actor: "administrator".to_owned(),
        action: "container-start".to_owned(),
        object: "blog.web".to_owned(),
        outcome: Outcome::Permitted,
        rule: "administrator".to_owned(),
        detail: detail.to_owned(),
    }
}

fn entries(path: &Path) -> Vec<AuditEntry> {
    read_trail(BufReader::new(std::fs::File::open(path).unwrap())).map(Result::unwrap).collect()
}

#[test]
fn records_are_appended_and_read_back_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log/audit.jsonl");
    AuditTrail::open(&path).unwrap().record(&record("one")).unwrap();
    AuditTrail::open(&path).unwrap().record(&record("two\nlines")).unwrap();
    assert_eq!(entries(&path), [AuditEntry::Record(record("one")), AuditEntry::Record(record("two\nlines"))]);
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    assert_eq!(std::fs::metadata(dir.path().join("log")).unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn writers_at_once_write_whole_lines() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let shared = AuditTrail::open(&path).unwrap();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (path, shared) = (&path, &shared);
            scope.spawn(move || {
                let own = AuditTrail::open(path).unwrap();
                for m in 0..100 {
                    let trail = if m % 2 == 0 { &own } else { shared };
                    trail.record(&record(&format!("{n} {m} {}", "x".repeat(3000)))).unwrap();
                }
            });
        }
    });
    let found = entries(&path);
    assert_eq!(found.len(), 800);
    assert!(found.iter().all(|entry| matches!(entry, AuditEntry::Record(_))));
}

#[test]
fn a_torn_line_spoils_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap();
    trail.record(&record("one")).unwrap();
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"time\":\"20").unwrap();
    trail.record(&record("two")).unwrap();
    let expected = [
        AuditEntry::Record(record("one")),
        AuditEntry::Broken { line: 2 },
        AuditEntry::Record(record("two")),
    ];
    assert_eq!(entries(&path), expected);
}

#[test]
fn a_line_without_end_is_read_in_bounded_memory() {
    let long = vec![b'x'; 1 << 22];
    let good = record("good").line().unwrap();
    let text = [&long[..], b"\n", good.as_bytes()].concat();
    let found: Vec<_> = read_trail(&text[..]).map(Result::unwrap).collect();
    assert_eq!(found, [AuditEntry::Broken { line: 1 }, AuditEntry::Record(record("good"))]);
}

#[test]
fn the_longest_record_is_read_back() {
    let mut longest = record(&"\u{1}".repeat(9999));
    longest.actor = "\u{1}".repeat(9999);
    let line = longest.line().unwrap();
    assert!(u64::try_from(line.len()).unwrap() < LONGEST_LINE);
    assert!(matches!(read_trail(line.as_bytes()).next(), Some(Ok(AuditEntry::Record(_)))));
}

#[test]
fn a_link_or_a_pipe_is_no_trail() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("precious"), "").unwrap();
    symlink("precious", dir.path().join("link")).unwrap();
    let wrong = |name: &str| match AuditTrail::open(&dir.path().join(name)) {
        Err(AuditError::File(OwnFileError::WrongKind { .. })) => true,
        other => panic!("{other:?}"),
    };
    assert!(wrong("link"));
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("fifo")).status().unwrap();
    assert!(made.success() && wrong("fifo"));
    std::fs::create_dir(dir.path().join("directory")).unwrap();
    assert!(wrong("directory"));
    assert!(matches!(AuditTrail::open(Path::new("audit.jsonl")), Err(AuditError::NotAFile { .. })));
}

/// `/dev/full` is refused as a trail, so it is put in by hand.
#[test]
fn a_record_that_is_not_wholly_written_is_an_error() {
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    let trail = AuditTrail { file: Mutex::new(full.into()), path: "/dev/full".into() };
    let error = trail.record(&record("x")).unwrap_err();
    assert_eq!(error.to_string(), "cannot record in `/dev/full`; is its disk full?");
}

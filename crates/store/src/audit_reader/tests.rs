//! Tests of reading: across files, on as they grow, the last few, with lines that are no records.

use super::*;
use crate::audit_record::Outcome;
use crate::audit_trail::AuditTrail;
use std::io::Write;
use std::time::{Duration, SystemTime};

struct Trail {
    path: PathBuf,
    writer: AuditTrail,
    _dir: tempfile::TempDir,
}

fn record(detail: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from_unix_millis(1_700_000_000_000),
        tenant: None,
        user: None,
        actor: "administrator".to_owned(),
        action: "container-start".to_owned(),
        object: "blog.web".to_owned(),
        id: None,
        outcome: Outcome::Permitted,
        rule: "administrator".to_owned(),
        detail: detail.to_owned(),
        micros: None,
    }
}

/// A trail of which every file has one record.
fn trail() -> Trail {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    Trail { writer: AuditTrail::open(&path).unwrap().rotating_at(1), path, _dir: dir }
}

impl Trail {
    fn records(&self, details: &[&str]) {
        for detail in details {
            self.writer.record(&record(detail)).unwrap();
        }
    }

    fn reader(&self) -> AuditReader {
        AuditReader::open(&self.path, None).unwrap()
    }

    fn raw(&self, text: &str) {
        let mut file = std::fs::OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
}

fn shown(entry: &AuditEntry) -> String {
    match entry {
        AuditEntry::Record(record) => record.detail.clone(),
        AuditEntry::Broken { line, .. } => format!("broken {line}"),
    }
}

fn rest(reader: &mut AuditReader) -> Vec<String> {
    std::iter::from_fn(|| reader.advance().unwrap()).map(|entry| shown(&entry)).collect()
}

#[test]
fn a_trail_that_is_not_there_yet_is_read_when_it_is() {
    let trail = trail();
    std::fs::remove_file(&trail.path).unwrap();
    let mut reader = trail.reader();
    assert!(reader.is_absent());
    assert_eq!(rest(&mut reader), Vec::<String>::new());
    trail.records(&["one", "two"]);
    assert_eq!(rest(&mut reader), ["one", "two"]);
}

#[test]
fn following_goes_on_across_files_that_are_put_aside() {
    let trail = trail();
    trail.records(&["1", "2"]);
    let mut reader = trail.reader();
    assert_eq!(rest(&mut reader), ["1", "2"]);
    assert_eq!(rest(&mut reader), Vec::<String>::new());
    trail.records(&["3"]);
    assert_eq!(rest(&mut reader), ["3"]);
    trail.records(&["4", "5", "6", "7"]);
    assert_eq!(rest(&mut reader), ["4", "5", "6", "7"]);
    assert_eq!(rest(&mut reader), Vec::<String>::new());
}

#[test]
fn a_line_that_is_written_while_its_file_is_put_aside_is_not_missed() {
    let trail = trail();
    trail.records(&["1"]);
    let mut late = std::fs::OpenOptions::new().append(true).open(&trail.path).unwrap();
    let mut reader = trail.reader();
    assert_eq!(rest(&mut reader), ["1"]);
    trail.records(&["2"]);
    assert_eq!(rest(&mut reader), ["2"]);
    late.write_all(record("late").line().unwrap().as_bytes()).unwrap();
    assert_eq!(rest(&mut reader), ["late"]);
}

#[test]
fn a_line_in_the_writing_is_read_when_it_is_whole() {
    let trail = trail();
    trail.records(&["1"]);
    let mut reader = trail.reader();
    let line = record("2").line().unwrap();
    let (first, second) = line.split_at(20);
    trail.raw(first);
    assert_eq!(rest(&mut reader), ["1"]);
    assert_eq!(reader.unfinished().map(|entry| shown(&entry)).collect::<Vec<_>>(), ["broken 2"]);
    trail.raw(second);
    assert_eq!(rest(&mut reader), ["2"]);
    assert_eq!(reader.unfinished().count(), 0);
}

#[test]
fn the_last_few_are_found_and_reading_goes_on_after_them() {
    let trail = trail();
    trail.records(&["1", "x", "2", "x", "3", "x"]);
    let wanted = |entry: &AuditEntry| shown(entry) != "x";
    for (most, expected) in [(0, &[][..]), (1, &["3"]), (2, &["2", "3"]), (9, &["1", "2", "3"])] {
        let mut reader = trail.reader();
        let last: Vec<String> = reader.last(most, wanted).unwrap().iter().map(shown).collect();
        assert_eq!(last, expected);
        assert_eq!(rest(&mut reader), Vec::<String>::new());
    }
    let mut reader = trail.reader();
    reader.last(1, wanted).unwrap();
    trail.records(&["4", "5"]);
    assert_eq!(rest(&mut reader), ["4", "5"]);
}

#[test]
fn the_last_few_of_one_file_are_its_last() {
    let trail = trail();
    let trail = Trail { writer: trail.writer.rotating_at(1 << 20), ..trail };
    trail.records(&["1", "2", "3", "4"]);
    let last = trail.reader().last(2, |_| true).unwrap();
    assert_eq!(last.iter().map(shown).collect::<Vec<_>>(), ["3", "4"]);
}

#[test]
fn files_that_are_older_than_what_is_asked_for_are_not_read() {
    let trail = trail();
    trail.records(&["1", "2", "3"]);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    for number in [1, 2] {
        let file = std::fs::File::options().write(true).open(numbered(&trail.path, number)).unwrap();
        file.set_modified(old).unwrap();
    }
    let since = |seconds: u64| {
        let reader = AuditReader::open(&trail.path, Some(Moment::from_unix_millis(seconds * 1000)));
        rest(&mut reader.unwrap())
    };
    assert_eq!(since(1_600_000_000), ["1", "2", "3"]);
    assert_eq!(since(1_600_000_059), ["1", "2", "3"]);
    assert_eq!(since(1_600_000_061), ["3"]);
    assert_eq!(since(9_999_999_999), ["3"]);
}

#[test]
fn lines_of_old_are_records_and_what_nobody_wrote_is_broken() {
    let trail = trail();
    trail.raw("{\"time\":\"2023-11-14T22:13:20.000Z\",\"actor\":\"pod blog (user bob)\",\"action\":\"container-create\",\
               \"object\":\"blog.web\",\"outcome\":\"denied\",\"rule\":\"ports\",\"detail\":\"old\"}\n");
    trail.raw("\n\u{1b}[2J\n{}\nnull\n");
    trail.raw(&format!("{{\"x\":\"{}\"}}\n", "y".repeat(1 << 20)));
    let mut longest = record(&"\u{1}".repeat(1 << 20));
    for field in [&mut longest.actor, &mut longest.action, &mut longest.object, &mut longest.rule] {
        *field = "\u{1}".repeat(1 << 20);
    }
    (longest.user, longest.id) = (Some("\u{1}".repeat(1 << 20)), Some("\u{1}".repeat(1 << 20)));
    trail.raw(&longest.line().unwrap());
    let found = rest(&mut trail.reader());
    assert_eq!(found[..6], ["old", "broken 2", "broken 3", "broken 4", "broken 5", "broken 6"]);
    assert_eq!((found.len(), found[6].len()), (7, 4096));
}

#[test]
fn a_link_or_a_file_that_others_may_write_is_not_read() {
    let trail = trail();
    trail.records(&["1", "2"]);
    let mode = |mode| std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(numbered(&trail.path, 1), mode(0o666)).unwrap();
    let error = AuditReader::open(&trail.path, None).unwrap_err();
    assert!(error.to_string().contains("is writable by others"), "{error}");
    std::fs::remove_file(numbered(&trail.path, 1)).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", numbered(&trail.path, 1)).unwrap();
    let error = AuditReader::open(&trail.path, None).unwrap_err();
    assert!(error.to_string().contains("is not a regular file"), "{error}");
}

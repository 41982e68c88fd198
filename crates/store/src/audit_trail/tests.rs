//! Tests of the trail: several processes at once, full disks, putting aside, being killed in the midst of it.

use super::*;
use crate::audit_reader::{AuditEntry, AuditReader};
use crate::moment::Moment;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, symlink};
use std::process::{Child, Command, Stdio};

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

fn all(mut reader: AuditReader) -> Vec<AuditEntry> {
    let mut entries: Vec<AuditEntry> = std::iter::from_fn(|| reader.advance().unwrap()).collect();
    entries.extend(reader.unfinished());
    entries
}

fn entries(path: &Path) -> Vec<AuditEntry> {
    all(AuditReader::open(path, None).unwrap())
}

/// The details of all records; there must be nothing else.
fn details(entries: Vec<AuditEntry>) -> Vec<String> {
    let detail = |entry| match entry {
        AuditEntry::Record(record) => record.detail,
        AuditEntry::Broken { .. } => panic!("{entry:?}"),
    };
    entries.into_iter().map(detail).collect()
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
fn a_torn_line_spoils_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap();
    trail.record(&record("one")).unwrap();
    std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"time\":\"20").unwrap();
    trail.record(&record("two")).unwrap();
    trail.record(&record("three")).unwrap();
    let expected = [
        AuditEntry::Record(record("one")),
        AuditEntry::Broken { file: path.clone(), line: 2 },
        AuditEntry::Record(record("two")),
        AuditEntry::Record(record("three")),
    ];
    assert_eq!(entries(&path), expected);
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
    let made = Command::new("mkfifo").arg(dir.path().join("fifo")).status().unwrap();
    assert!(made.success() && wrong("fifo"));
    std::fs::create_dir(dir.path().join("directory")).unwrap();
    assert!(wrong("directory"));
    assert!(matches!(AuditTrail::open(Path::new("audit.jsonl")), Err(AuditError::NotAFile { .. })));
}

#[test]
fn a_trail_that_somebody_took_away_is_made_anew_and_one_that_was_planted_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("log/audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap();
    trail.record(&record("one")).unwrap();
    std::fs::rename(&path, dir.path().join("log/elsewhere")).unwrap();
    trail.record(&record("two")).unwrap();
    assert_eq!(details(entries(&path)), ["two"]);
    std::fs::remove_dir_all(dir.path().join("log")).unwrap();
    trail.record(&record("three")).unwrap();
    assert_eq!(details(entries(&path)), ["three"]);
    std::fs::remove_file(&path).unwrap();
    std::fs::write(dir.path().join("precious"), "").unwrap();
    symlink("../precious", &path).unwrap();
    assert!(matches!(trail.record(&record("four")), Err(AuditError::File(OwnFileError::WrongKind { .. }))));
    assert_eq!(std::fs::read(dir.path().join("precious")).unwrap(), b"");
}

/// `/dev/full` is refused as a trail, so it is put in by hand.
#[test]
fn a_record_that_is_not_wholly_written_is_an_error() {
    let full = std::fs::OpenOptions::new().read(true).write(true).open("/dev/full").unwrap();
    let id = FileId::of(&fstat(&full).unwrap());
    let trail = AuditTrail {
        path: "/dev/full".into(),
        rotation: Rotation::default(),
        journal: None,
        appender: Mutex::new(Appender { file: full.into(), id, end: 0 }),
    };
    let error = trail.record(&record("x")).unwrap_err();
    assert_eq!(error.to_string(), "cannot record in `/dev/full`; is its disk full?");
}

#[test]
fn a_large_trail_is_put_aside_and_the_oldest_goes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let line = record("00").line().unwrap().len() as u64;
    let trail = AuditTrail::open(&path).unwrap().rotating_at(2 * line);
    for n in 0..30 {
        trail.record(&record(&format!("{n:02}"))).unwrap();
    }
    let expected: Vec<String> = (12..30).map(|n| format!("{n:02}")).collect();
    assert_eq!(details(entries(&path)), expected);
    assert!(!numbered(&path, 9).exists());
    for number in 0..=8 {
        let meta = std::fs::metadata(numbered(&path, number)).unwrap();
        assert_eq!((meta.len(), meta.mode() & 0o7777), (2 * line, 0o600), "{number}");
    }
}

#[test]
fn a_record_larger_than_a_file_may_be_is_written_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap().rotating_at(1);
    for n in 0..3 {
        trail.record(&record(&n.to_string())).unwrap();
    }
    assert_eq!(details(entries(&path)), ["0", "1", "2"]);
}

/// Killed after any number of its renames, then carried on with: nothing that was kept is gone.
#[test]
fn killed_between_any_two_renames_it_loses_nothing() {
    for there in 0..=8_u8 {
        for done in 0..=there.min(7) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("audit.jsonl");
            let line = |n: u8| record(&n.to_string()).line().unwrap();
            for number in 0..=there {
                std::fs::write(numbered(&path, number), line(number)).unwrap();
                let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                std::fs::set_permissions(numbered(&path, number), own).unwrap();
            }
            // What the killed one did: from the top down.
            let top = (there + 1).min(8);
            for number in (top + 1 - done..=top).rev() {
                std::fs::rename(numbered(&path, number - 1), numbered(&path, number)).unwrap();
            }
            let survived: Vec<String> = details(entries(&path));
            // With all eight there, the oldest was meant to go.
            let lost = usize::from(there == 8 && done > 0);
            assert_eq!(survived.len(), usize::from(there) + 1 - lost, "{there} {done}");
            AuditTrail::open(&path).unwrap().rotating_at(1).record(&record("next")).unwrap();
            let mut expected = survived;
            if there == 8 && done == 0 {
                expected.remove(0);
            }
            expected.push("next".into());
            assert_eq!(details(entries(&path)), expected, "{there} {done}");
        }
    }
}

#[test]
fn while_somebody_else_puts_it_aside_records_go_on_in_the_large_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap().rotating_at(1);
    trail.record(&record("one")).unwrap();
    let other = std::fs::File::open(&path).unwrap();
    rustix::fs::flock(&other, rustix::fs::FlockOperation::LockExclusive).unwrap();
    trail.record(&record("two")).unwrap();
    assert!(!numbered(&path, 1).exists());
    drop(other);
    trail.record(&record("three")).unwrap();
    assert!(numbered(&path, 1).exists());
    assert_eq!(details(entries(&path)), ["one", "two", "three"]);
}

/// The part of another process: run by the tests below, by name, in a process of its own.
#[test]
fn another_process() {
    let Some(path) = std::env::var_os("TRAIL") else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let mut trail = AuditTrail::open(Path::new(&path)).unwrap().rotating_at(number("AT"));
    trail.rotation.kept = u8::try_from(number("KEPT")).unwrap();
    let who = std::env::var("WHO").unwrap();
    for n in 0..number("COUNT") {
        let name = format!("{who}-{n} {}", "x".repeat(usize::try_from(n % 7 * 50).unwrap()));
        match trail.record(&record(&name)) {
            // Read by the test as it comes.
            Ok(()) => std::io::stderr().write_all(format!("recorded {name}\n").as_bytes()).unwrap(),
            Err(error) => {
                std::io::stderr().write_all(format!("refused {name}: {error}\n").as_bytes()).unwrap();
            }
        }
    }
}

fn process(path: &Path, who: &str, at: u64, count: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "audit_trail::tests::another_process", "--nocapture", "--test-threads=1"]);
    command.env("TRAIL", path).env("WHO", who).env("AT", at.to_string()).env("COUNT", count.to_string());
    command.env("KEPT", KEPT.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What a process says that it recorded, until it ends.
fn recorded(child: &mut Child) -> Vec<String> {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said =
        lines.map(|line| line.unwrap()).filter_map(|line| line.strip_prefix("recorded ").map(str::to_owned));
    let said = said.collect();
    child.wait().unwrap();
    said
}

#[test]
fn of_ten_thousand_records_by_four_processes_none_is_lost_or_torn_while_files_are_put_aside() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    // Seven files' worth, so that none of it is too old to keep.
    let mut children: Vec<Child> =
        (0..4).map(|n| process(&path, &n.to_string(), 500_000, 2500).spawn().unwrap()).collect();
    let readers: Vec<_> =
        children.drain(..).map(|mut child| std::thread::spawn(move || recorded(&mut child))).collect();
    // Somebody follows meanwhile.
    let mut reader = AuditReader::open(&path, None).unwrap();
    let mut followed = Vec::new();
    while readers.iter().any(|reader| !reader.is_finished()) {
        followed.extend(std::iter::from_fn(|| reader.advance().unwrap()));
        std::thread::yield_now();
    }
    followed.extend(std::iter::from_fn(|| reader.advance().unwrap()));
    let said: Vec<String> = readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect();
    assert_eq!(said.len(), 10_000);
    assert!(numbered(&path, 3).exists() && !numbered(&path, 8).exists());
    let (said, found, followed) = (said, details(entries(&path)), details(followed));
    assert_eq!((found.len(), followed.len()), (10_000, 10_000));
    let set = |names: &[String]| names.iter().cloned().collect::<BTreeSet<String>>();
    assert_eq!(set(&found), set(&said));
    assert_eq!(set(&followed), set(&said));
    // Each one's own are in order.
    for who in 0..4 {
        let own: Vec<&String> = said.iter().filter(|name| name.starts_with(&format!("{who}-"))).collect();
        let read: Vec<&String> = found.iter().filter(|name| name.starts_with(&format!("{who}-"))).collect();
        assert_eq!(own, read);
    }
}

#[test]
fn threads_that_share_a_trail_write_whole_lines() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let shared = AuditTrail::open(&path).unwrap().rotating_at(300_000);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let (path, shared) = (&path, &shared);
            scope.spawn(move || {
                let own = AuditTrail::open(path).unwrap().rotating_at(300_000);
                for m in 0..50 {
                    let trail = if m % 2 == 0 { &own } else { shared };
                    trail.record(&record(&format!("{n} {m} {}", "x".repeat(3000)))).unwrap();
                }
            });
        }
    });
    let found = details(entries(&path));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 400);
    assert_eq!(found.len(), 400);
}

/// A process that puts a file aside for every record is killed at any moment, again and again.
#[test]
fn killed_at_any_moment_a_process_loses_nothing_it_was_told_is_recorded() {
    let mut caught_in_the_midst = 0;
    for round in 0..40_u8 {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let mut child = process(&path, "w", 1, 200).env("KEPT", "250").spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        while said.len() < 20 + usize::from(round) * 3 {
            said.extend(lines.next().unwrap().unwrap().strip_prefix("recorded ").map(str::to_owned));
        }
        // Each time at another moment of the next record.
        let heard = std::time::Instant::now();
        while heard.elapsed() < std::time::Duration::from_micros(u64::from(round) * 10) {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        let rest = lines.map_while(Result::ok);
        said.extend(rest.filter_map(|line| line.strip_prefix("recorded ").map(str::to_owned)));
        child.wait().unwrap();
        let there: Vec<u8> = (0..=250).filter(|number| numbered(&path, *number).exists()).collect();
        caught_in_the_midst += u32::from(there.len() <= usize::from(*there.last().unwrap()));
        let mut trail = AuditTrail::open(&path).unwrap().rotating_at(1);
        trail.rotation.kept = 250;
        trail.record(&record("after")).unwrap();
        let found = details(all(AuditReader::keeping(&path, None, 250).unwrap()));
        // One more may have been written that nobody heard of.
        assert!(found.starts_with(&said) && found.len() <= said.len() + 2, "{round}: {found:?} {said:?}");
        assert_eq!(found.last().map(String::as_str), Some("after"));
    }
    assert!(caught_in_the_midst > 0, "no run was killed between two renames");
}

/// With a limit on the file's size the kernel writes what fits, as on a full disk.
#[test]
fn on_a_full_disk_a_record_is_refused_and_when_there_is_room_again_none_is_glued_to_the_torn_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    AuditTrail::open(&path).unwrap().record(&record("before")).unwrap();
    let command = process(&path, "w", 1 << 20, 8);
    let mut limited = Command::new("sh");
    // 512 bytes a block.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh"]);
    limited.arg(command.get_program()).args(command.get_args());
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = limited.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let recorded = said.lines().filter(|line| line.starts_with("recorded ")).count();
    let refused = said.lines().filter(|line| line.starts_with("refused ")).count();
    assert!(recorded > 0 && refused > 0 && recorded + refused == 8, "{said}");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 1024);
    assert!(said.contains("cannot record in") && said.contains("is its disk full?"), "{said}");
    AuditTrail::open(&path).unwrap().record(&record("after")).unwrap();
    let found = entries(&path);
    assert_eq!(found.len(), 1 + recorded + 1 + 1);
    assert!(matches!(found[recorded + 1], AuditEntry::Broken { .. }));
    assert_eq!(found.last(), Some(&AuditEntry::Record(record("after"))));
}

#[test]
fn the_journal_hears_what_is_recorded_and_of_a_permit_only_when_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("journal");
    let heard = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    heard.set_nonblocking(true).unwrap();
    let path = dir.path().join("log/audit.jsonl");
    let trail = AuditTrail::open(&path).unwrap().telling(Journal::at(&socket).unwrap());
    trail.record(&record("one")).unwrap();
    let next = || {
        let mut buffer = [0; 4096];
        let length = heard.recv(&mut buffer).ok()?;
        Some(String::from_utf8_lossy(&buffer[..length]).lines().next().unwrap().to_owned())
    };
    let said = "MESSAGE=administrator: container-start blog.web: permitted by rule administrator: one";
    assert_eq!(next().as_deref(), Some(said));
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    trail.record(&record("two")).unwrap_err();
    assert_eq!(next(), None);
    trail.record(&AuditRecord { outcome: Outcome::Denied, ..record("three") }).unwrap_err();
    assert!(next().unwrap().ends_with("denied by rule administrator: three"));
}

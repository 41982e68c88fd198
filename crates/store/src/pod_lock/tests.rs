//! Tests of the lock: held, let go, and held by another process.

use super::*;
use crate::moment::Moment;
use crate::own_file::OwnFileError;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

fn pod(name: &str) -> PodName {
    name.parse().unwrap()
}

fn me(verb: &str) -> Holder {
    Holder {
        pid: std::process::id(),
        verb: verb.to_owned(),
        since: Moment::from_unix_millis(1_700_000_000_000),
    }
}

fn holder_of(result: Result<PodLock, LockError>) -> Option<Holder> {
    match result {
        Err(LockError::Held { holder, .. }) => holder,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_second_run_is_told_who_has_the_pod() {
    let dir = tempfile::tempdir().unwrap();
    let first = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap();
    let second = PodLock::try_acquire(dir.path(), &pod("blog"), &me("down"));
    let expected = format!(
        "pod `blog` is held by process {} (`wharf up`, since 2023-11-14T22:13:20.000Z); \
        wait for it to end, or run again with `--wait`",
        std::process::id()
    );
    assert_eq!(second.unwrap_err().to_string(), expected);
    let _other_pod = PodLock::try_acquire(dir.path(), &pod("wiki"), &me("up")).unwrap();
    drop(first);
    let _second = PodLock::try_acquire(dir.path(), &pod("blog"), &me("down")).unwrap();
}

#[test]
fn the_directory_and_the_file_are_for_this_account_only() {
    let dir = tempfile::tempdir().unwrap();
    let locks = dir.path().join("wharf");
    let _lock = PodLock::try_acquire(&locks, &pod("blog"), &me("up")).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().mode() & 0o7777;
    assert_eq!(mode(&locks), 0o700);
    assert_eq!(mode(&locks.join("blog.lock")), 0o600);
}

#[test]
fn a_file_left_without_a_holder_is_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("blog.lock"),
        "4711 2023-11-14T22:13:20.000Z up and much longer than ours\n",
    )
    .unwrap();
    let lock = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap();
    assert_eq!(std::fs::read_to_string(dir.path().join("blog.lock")).unwrap(), me("up").note());
    drop(lock);
    assert_eq!(std::fs::read_to_string(dir.path().join("blog.lock")).unwrap(), "");
}

#[test]
fn a_lock_is_held_across_processes_and_let_go_when_its_holder_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("blog.lock");
    let mut other = Command::new("flock")
        .arg("--no-fork")
        .arg(&path)
        .args(["sh", "-c", "echo held; exec sleep 600"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 4];
    other.stdout.as_mut().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(holder_of(PodLock::try_acquire(dir.path(), &pod("blog"), &me("up"))), None);
    std::fs::write(&path, "not a note \u{1b}[2J").unwrap();
    let error = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap_err();
    assert!(error.to_string().starts_with("pod `blog` is held by another wharf; "), "{error}");
    other.kill().unwrap();
    other.wait().unwrap();
    let _lock = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap();
}

#[test]
fn programs_that_are_started_do_not_inherit_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let lock = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap();
    let listing = Command::new("ls").args(["-l", "/proc/self/fd"]).output().unwrap();
    let listing = String::from_utf8(listing.stdout).unwrap();
    assert!(listing.contains("/proc/") && !listing.contains("blog.lock"), "{listing}");
    drop(lock);
}

#[test]
fn waiting_ends_when_the_holder_does() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Some(PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap());
    let mut told = Vec::new();
    let second = PodLock::acquire_waiting(dir.path(), &pod("blog"), &me("down"), |holder| {
        told.push(holder.cloned());
        if told.len() == 3 {
            first = None;
        }
        ControlFlow::Continue(())
    });
    assert!(second.is_ok());
    assert_eq!(told, vec![Some(me("up")); 3]);
}

#[test]
fn waiting_ends_when_patience_does() {
    let dir = tempfile::tempdir().unwrap();
    let _first = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap();
    let second = PodLock::acquire_waiting(dir.path(), &pod("blog"), &me("down"), |_| ControlFlow::Break(()));
    assert_eq!(holder_of(second), Some(me("up")));
}

#[test]
fn a_lock_is_never_taken_through_a_link_or_in_a_directory_of_others() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("precious"), "content").unwrap();
    symlink("precious", dir.path().join("blog.lock")).unwrap();
    let error = PodLock::try_acquire(dir.path(), &pod("blog"), &me("up")).unwrap_err();
    assert!(
        matches!(error, LockError::File(LockFileError::File(OwnFileError::WrongKind { .. }))),
        "{error:?}"
    );
    assert_eq!(std::fs::read_to_string(dir.path().join("precious")).unwrap(), "content");
    symlink(dir.path(), dir.path().join("link")).unwrap();
    let error = PodLock::try_acquire(&dir.path().join("link"), &pod("wiki"), &me("up")).unwrap_err();
    assert!(
        matches!(error, LockError::File(LockFileError::File(OwnFileError::WrongKind { .. }))),
        "{error:?}"
    );
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let error = PodLock::try_acquire(dir.path(), &pod("wiki"), &me("up")).unwrap_err();
    assert!(
        matches!(error, LockError::File(LockFileError::File(OwnFileError::Writable { mode: 0o777, .. }))),
        "{error:?}"
    );
}

#[test]
fn of_many_at_once_only_one_holds_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let inside = std::sync::atomic::AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let go_on = |_: Option<&Holder>| {
                        std::thread::yield_now();
                        ControlFlow::Continue(())
                    };
                    let lock = PodLock::acquire_waiting(dir.path(), &pod("blog"), &me("up"), go_on).unwrap();
                    assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    drop(lock);
                }
            });
        }
    });
}

//! Tests of reading with a caller's rights, on real files and accounts.

use super::*;
use crate::testing::{file, give, is_root, mode, open_dir, stranger};
use std::os::fd::AsRawFd;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Instant;

fn fifo(path: &Path) {
    rustix::fs::mkfifoat(CWD, path, Mode::from_raw_mode(0o666)).unwrap();
    mode(path, 0o666);
}

#[test]
fn a_file_is_read_up_to_its_limit_and_not_beyond() {
    let dir = open_dir();
    let path = dir.path().join("pod.yml");
    file(&path, "12345", 0o600);
    assert_eq!(read_own(&path, 5).unwrap(), b"12345");
    assert!(matches!(read_own(&path, 4), Err(ReadError::TooLarge { limit: 4, .. })));
    assert_eq!(read_own(&path, u64::MAX).unwrap(), b"12345");
}

#[test]
fn a_terabyte_is_refused_without_being_read() {
    let dir = open_dir();
    let path = dir.path().join("pod.yml");
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let start = Instant::now();
    assert!(matches!(read_own(&path, 1 << 20), Err(ReadError::TooLarge { .. })));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[test]
fn only_regular_files_are_read_and_nothing_blocks() {
    let dir = open_dir();
    fifo(&dir.path().join("fifo"));
    let _listener = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let kind = |path: &Path| match read_own(path, 100) {
        Err(ReadError::NotRegular { kind, .. }) => kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(&dir.path().join("fifo")), FileKind::Fifo);
    assert_eq!(kind(&dir.path().join("socket")), FileKind::Socket);
    assert_eq!(kind(dir.path()), FileKind::Directory);
    assert_eq!(kind(Path::new("/dev/zero")), FileKind::Device);
}

#[test]
fn what_a_dangling_link_names_is_missing() {
    let dir = open_dir();
    symlink("nowhere", dir.path().join("link")).unwrap();
    assert!(matches!(read_own(&dir.path().join("link"), 9), Err(ReadError::Missing { .. })));
    assert!(matches!(read_own(&dir.path().join("none"), 9), Err(ReadError::Missing { .. })));
    symlink("loop", dir.path().join("loop")).unwrap();
    assert!(matches!(read_own(&dir.path().join("loop"), 9), Err(ReadError::Process { .. })));
}

#[test]
fn wharf_itself_is_no_file() {
    let dir = open_dir();
    file(&dir.path().join("x"), "secret", 0o644);
    let held = std::fs::File::open(dir.path()).unwrap();
    for path in [
        "/proc/self/environ".to_owned(),
        "/proc/self/maps".to_owned(),
        "/proc/self/root/etc/hostname".to_owned(),
        format!("/proc/self/fd/{}/x", held.as_raw_fd()),
    ] {
        assert!(matches!(read_own(Path::new(&path), 1 << 20), Err(ReadError::Process { .. })), "{path}");
    }
}

#[test]
fn a_caller_reads_his_own_file() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let path = dir.path().join("pod.yml");
    file(&path, "containers: {}", 0o400);
    give(&path, 12345, 12346);
    let reading = read_as(&stranger(), &path, 100).unwrap();
    assert_eq!(reading, Reading { bytes: b"containers: {}".to_vec(), rights: Rights::Caller });
}

#[test]
fn a_caller_does_not_read_what_only_root_may_even_through_his_own_link() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    file(&dir.path().join("shadow"), "root:hash", 0o600);
    symlink("shadow", dir.path().join("pod.yml")).unwrap();
    give(&dir.path().join("pod.yml"), 12345, 12346);
    let error = read_as(&stranger(), &dir.path().join("pod.yml"), 100).unwrap_err();
    assert!(matches!(error, ReadError::Denied { .. }));
    assert!(!format!("{error} {error:?}").contains("hash"));
}

#[test]
fn a_caller_does_not_learn_what_exists_where_he_cannot_look() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let hidden = dir.path().join("hidden");
    std::fs::create_dir(&hidden).unwrap();
    mode(&hidden, 0o700);
    file(&hidden.join("there"), "x", 0o644);
    std::fs::create_dir(hidden.join("directory")).unwrap();
    for name in ["there", "missing", "directory", "directory/deeper"] {
        let error = read_as(&stranger(), &hidden.join(name), 100).unwrap_err();
        assert!(matches!(error, ReadError::Denied { .. }), "{name}: {error:?}");
    }
}

#[test]
fn a_supplementary_group_gives_access_and_a_missing_one_does_not() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let path = dir.path().join("pod.yml");
    file(&path, "x", 0o640);
    give(&path, 0, 12347);
    assert_eq!(read_as(&stranger(), &path, 9).unwrap().bytes, b"x");
    // Root's own groups are gone too.
    give(&path, 0, 0);
    assert!(matches!(read_as(&stranger(), &path, 9), Err(ReadError::Denied { .. })));
}

#[test]
fn a_caller_does_not_reach_through_what_wharf_holds_open() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let hidden = dir.path().join("hidden");
    std::fs::create_dir_all(hidden.join("open")).unwrap();
    file(&hidden.join("open/x"), "secret", 0o644);
    mode(&hidden, 0o700);
    let held = std::fs::File::open(hidden.join("open")).unwrap();
    let path = format!("/proc/self/fd/{}/x", held.as_raw_fd());
    // The kernel itself would let this thread through: the descriptor is its own.
    assert!(read_as(&stranger(), Path::new(&path), 100).is_err());
    assert!(read_as(&stranger(), Path::new("/proc/self/environ"), 1 << 20).is_err());
    assert!(read_as(&stranger(), Path::new("/proc/thread-self/maps"), 1 << 20).is_err());
}

#[test]
fn a_callers_fifo_does_not_block() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let path = dir.path().join("pod.yml");
    fifo(&path);
    give(&path, 12345, 12346);
    assert!(matches!(
        read_as(&stranger(), &path, 9),
        Err(ReadError::NotRegular { kind: FileKind::Fifo, .. })
    ));
}

/// Whether this process is one that [`rerun`] started: the test then does its other half.
fn is_rerun() -> bool {
    std::env::var_os("WHARF_TEST_DIR").is_some()
}

/// Runs a test again as another user, with these capabilities and no others.
fn rerun(test: &str, capabilities: &str, dir: &Path) {
    let program = dir.join("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    mode(&program, 0o755);
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .args([format!("--inh-caps={capabilities}"), format!("--ambient-caps={capabilities}")])
        .arg(&program)
        .args(["--exact", &format!("reading::tests::{test}")])
        .env("WHARF_TEST_DIR", dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn files_for_rerun() -> tempfile::TempDir {
    let dir = open_dir();
    for (name, owner, permissions) in [("ours", 65534, 0o600), ("theirs", 12345, 0o600), ("roots", 0, 0o600)]
    {
        file(&dir.path().join(name), name, permissions);
        give(&dir.path().join(name), owner, owner);
    }
    dir
}

fn read_for_rerun(name: &str) -> Result<Reading, ReadError> {
    let dir = PathBuf::from(std::env::var_os("WHARF_TEST_DIR").unwrap());
    read_as(&stranger(), &dir.join(name), 100)
}

#[test]
fn an_account_without_root_but_with_rights_leaves_them_behind() {
    if is_rerun() {
        as_an_account_with_rights();
    } else if is_root() {
        let dir = files_for_rerun();
        rerun(
            "an_account_without_root_but_with_rights_leaves_them_behind",
            "-all,+setuid,+setgid,+dac_override,+dac_read_search",
            dir.path(),
        );
    }
}

fn as_an_account_with_rights() {
    assert!(std::fs::read(PathBuf::from(std::env::var_os("WHARF_TEST_DIR").unwrap()).join("roots")).is_ok());
    let reading = read_for_rerun("theirs").unwrap();
    assert_eq!(reading, Reading { bytes: b"theirs".to_vec(), rights: Rights::Caller });
    assert!(matches!(read_for_rerun("roots"), Err(ReadError::Denied { .. })));
    assert!(matches!(read_for_rerun("ours"), Err(ReadError::Denied { .. })));
    assert!(matches!(read_for_rerun("none"), Err(ReadError::Missing { .. })));
}

#[test]
fn an_account_that_cannot_take_the_callers_identity_says_whose_rights_it_used() {
    if is_rerun() {
        as_an_account_without_rights();
    } else if is_root() {
        let dir = files_for_rerun();
        rerun(
            "an_account_that_cannot_take_the_callers_identity_says_whose_rights_it_used",
            "-all",
            dir.path(),
        );
    }
}

fn as_an_account_without_rights() {
    let reading = read_for_rerun("ours").unwrap();
    assert_eq!(reading, Reading { bytes: b"ours".to_vec(), rights: Rights::Own });
    for name in ["theirs", "roots", "none", "."] {
        assert!(matches!(read_for_rerun(name), Err(ReadError::Unreadable { .. })), "{name}");
    }
    let dir = PathBuf::from(std::env::var_os("WHARF_TEST_DIR").unwrap());
    let own = Caller {
        uid: 65534,
        gid: 65534,
        name: "nobody".to_owned(),
        groups: vec![65534],
        home: "/nonexistent".into(),
    };
    assert_eq!(read_as(&own, &dir.join("ours"), 9).unwrap().rights, Rights::Caller);
}

#[test]
fn root_that_cannot_take_the_callers_identity_opens_nothing() {
    if is_rerun() {
        return as_root_without_setuid();
    }
    if !is_root() {
        return;
    }
    let dir = open_dir();
    file(&dir.path().join("pod.yml"), "x", 0o644);
    let program = dir.path().join("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let output = Command::new("setpriv")
        .args(["--bounding-set=-setuid", "--inh-caps=-setuid"])
        .arg(&program)
        .args(["--exact", "reading::tests::root_that_cannot_take_the_callers_identity_opens_nothing"])
        .env("WHARF_TEST_DIR", dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

fn as_root_without_setuid() {
    assert!(matches!(read_for_rerun("pod.yml"), Err(ReadError::CannotBecome { .. })));
}

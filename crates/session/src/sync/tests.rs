//! Folders, copied through pipes as through an exec.

use super::{Excludes, SyncError, Synced, receive, send};
use std::fs::{self, Permissions};
use std::io::{PipeReader, PipeWriter, pipe};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Copies, and gives what both sides say.
fn copied(
    from: &Path,
    home: &Path,
    to: &str,
    excludes: &[&str],
) -> (Result<Synced, SyncError>, Result<Synced, SyncError>) {
    let ((near_in, far_out), (far_in, near_out)): ((PipeReader, PipeWriter), (PipeReader, PipeWriter)) =
        (pipe().unwrap(), pipe().unwrap());
    let excludes = Excludes::new(excludes).unwrap();
    std::thread::scope(|scope| {
        let far = scope.spawn(move || receive(home, to, far_in, far_out));
        let near = send(from, &excludes, near_in, near_out);
        (near, far.join().unwrap())
    })
}

fn copy(from: &Path, home: &Path, excludes: &[&str]) -> Synced {
    let (near, far) = copied(from, home, "there/deep", excludes);
    let near = near.unwrap();
    assert_eq!(near, far.unwrap());
    near
}

fn same(left: &Path, right: &Path) {
    let found = Command::new("diff").args(["-r", "--no-dereference"]).args([left, right]).output().unwrap();
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stdout));
}

fn write(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn a_folder_is_copied_and_a_second_time_nothing_is() {
    let (from, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "a", "one");
    write(&from, "deep/er/large", vec![7; 300_000]);
    write(&from, "empty", "");
    write(&from, "script", "#!/bin/sh");
    fs::set_permissions(from.path().join("script"), Permissions::from_mode(0o751)).unwrap();
    symlink("/etc/passwd", from.path().join("link")).unwrap();
    fs::create_dir(from.path().join("bare")).unwrap();
    let first = copy(from.path(), home.path(), &[]);
    assert_eq!(first, Synced { written: 8, deleted: 0, unchanged: 0, bytes: 300_012 });
    let there = home.path().join("there/deep");
    same(from.path(), &there);
    assert_eq!(there.join("script").metadata().unwrap().mode() & 0o777, 0o751);
    let again = copy(from.path(), home.path(), &[]);
    assert_eq!(again, Synced { written: 0, deleted: 0, unchanged: 8, bytes: 0 });
}

#[test]
fn what_changed_is_written_and_what_disappeared_is_deleted() {
    let (from, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    for name in
        ["kept", "changed", "gone/away", "becomes-a-directory", "becomes-a-file/x", "becomes-a-link/y"]
    {
        write(&from, name, name);
    }
    copy(from.path(), home.path(), &[]);
    fs::remove_dir_all(from.path().join("gone")).unwrap();
    fs::remove_file(from.path().join("becomes-a-directory")).unwrap();
    write(&from, "becomes-a-directory/in", "it");
    fs::remove_dir_all(from.path().join("becomes-a-file")).unwrap();
    write(&from, "becomes-a-file", "now");
    fs::remove_dir_all(from.path().join("becomes-a-link")).unwrap();
    symlink("kept", from.path().join("becomes-a-link")).unwrap();
    write(&from, "changed", "longer than before");
    let synced = copy(from.path(), home.path(), &[]);
    same(from.path(), &home.path().join("there/deep"));
    assert_eq!(synced.unchanged, 1, "{synced:?}");
}

#[test]
fn what_is_excluded_is_neither_copied_nor_deleted() {
    let (from, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "src/main", "x");
    write(&from, "target/debug/huge", "never sent");
    let there = home.path().join("there/deep");
    fs::create_dir_all(there.join("target")).unwrap();
    fs::write(there.join("target/built-there"), "kept").unwrap();
    fs::create_dir_all(there.join("old/.git")).unwrap();
    fs::write(there.join("old/.git/config"), "kept").unwrap();
    fs::write(there.join("old/file"), "goes").unwrap();
    let synced = copy(from.path(), home.path(), &["target", ".git"]);
    assert!(there.join("target/built-there").exists() && !there.join("target/debug").exists());
    assert!(there.join("old/.git/config").exists() && !there.join("old/file").exists());
    assert_eq!(synced.deleted, 1);
}

#[test]
fn nothing_is_written_through_links_or_outside_the_home() {
    let (from, home, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "x", "x");
    write(&outside, "victim", "untouched");
    for to in ["", "/etc", "..", "a/../..", "./a", "a//b"] {
        let (near, far) = copied(from.path(), home.path(), to, &[]);
        assert!(matches!(far, Err(SyncError::Elsewhere(_))), "{to}: {far:?}");
        assert!(matches!(near, Err(SyncError::Refused(_))), "{to}: {near:?}");
    }
    symlink(outside.path(), home.path().join("there")).unwrap();
    assert!(copied(from.path(), home.path(), "there/deep", &[]).0.is_err());
    fs::remove_file(home.path().join("there")).unwrap();
    // A link within what is copied to is replaced, and never followed.
    fs::create_dir_all(home.path().join("there/deep")).unwrap();
    symlink(outside.path(), home.path().join("there/deep/sub")).unwrap();
    symlink(outside.path().join("victim"), home.path().join("there/deep/x")).unwrap();
    write(&from, "sub/victim", "written");
    copy(from.path(), home.path(), &[]);
    same(from.path(), &home.path().join("there/deep"));
    assert_eq!(fs::read_to_string(outside.path().join("victim")).unwrap(), "untouched");
}

#[test]
fn entries_that_lead_elsewhere_are_refused() {
    use super::entry::{Entry, EntryKind as Kind, Item};
    let home = TempDir::new().unwrap();
    for path in [
        vec![],
        vec!["..".into()],
        vec!["a/b".into()],
        vec!["a".into(), "..".into(), "b".into()],
        vec![String::new()],
    ] {
        let path: Vec<Vec<u8>> = path.into_iter().map(|name: String| name.into_bytes()).collect();
        let item = Item::Entry(Entry { path, kind: Kind::Directory { mode: 0o755 } });
        let mut bytes = crate::frame::encoded(crate::frame::Kind::Entry, &crate::message::write(&item));
        crate::frame::encode(crate::frame::Kind::Done, &[], &mut bytes);
        let mut answer = Vec::new();
        assert!(receive(home.path(), "x", &bytes[..], &mut answer).is_err());
        assert!(!home.path().join("x").exists());
    }
    // A list that breaks off deletes nothing.
    fs::create_dir(home.path().join("x")).unwrap();
    fs::write(home.path().join("x/kept"), "").unwrap();
    assert!(receive(home.path(), "x", &b""[..], Vec::new()).is_err());
    assert!(home.path().join("x/kept").exists());
}

#[test]
fn a_copy_that_is_cut_leaves_each_file_whole_or_as_it_was() {
    let (from, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "a", "old");
    copy(from.path(), home.path(), &[]);
    write(&from, "a", vec![b'n'; 200_000]);
    // Record a whole conversation, and cut the near side's part anywhere.
    let ((near_in, far_out), recorder) = (pipe().unwrap(), TempDir::new().unwrap());
    let record = recorder.path().join("said");
    let mut file = fs::File::create(&record).unwrap();
    let (far_in, near_out) = pipe().unwrap();
    std::thread::scope(|scope| {
        let (tee_in, tee_out) = pipe().unwrap();
        scope.spawn(move || {
            use std::io::{Read as _, Write as _};
            let (mut tee_in, mut near_out) = (tee_in, near_out);
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = tee_in.read(&mut bytes) {
                file.write_all(&bytes[..count]).unwrap();
                near_out.write_all(&bytes[..count]).unwrap();
            }
        });
        let other = TempDir::new().unwrap();
        scope.spawn(move || receive(other.path(), "there/deep", far_in, far_out).unwrap());
        send(from.path(), &Excludes::default(), near_in, tee_out).unwrap();
    });
    let said = fs::read(record).unwrap();
    for cut in (0..said.len()).step_by(3000) {
        assert!(receive(home.path(), "there/deep", &said[..cut], Vec::new()).is_err());
        assert_eq!(fs::read_to_string(home.path().join("there/deep/a")).unwrap(), "old", "cut at {cut}");
        assert_eq!(
            fs::read_dir(home.path().join("there/deep")).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }
}

#[test]
fn a_directory_with_something_excluded_in_it_is_not_replaced() {
    let (from, home) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "place", "a file now");
    let there = home.path().join("there/deep/place");
    fs::create_dir_all(there.join(".git")).unwrap();
    fs::write(there.join(".git/config"), "kept").unwrap();
    let (near, far) = copied(from.path(), home.path(), "there/deep", &[".git"]);
    assert!(matches!(far, Err(SyncError::InTheWay(_))), "{far:?}");
    assert!(matches!(near, Err(SyncError::Refused(reason)) if reason.contains("`place`")));
    assert!(there.join(".git/config").exists());
}

#[test]
fn what_is_added_deletes_nothing_and_follows_nothing() {
    let (from, home, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    write(&from, "media/x", "from the archive");
    write(&from, ".bashrc", "from the archive");
    fs::write(home.path().join("own"), "kept").unwrap();
    fs::write(home.path().join(".bashrc"), "before").unwrap();
    // Somebody inside has put a link where the archive has a directory.
    symlink(outside.path(), home.path().join("media")).unwrap();
    let ((near_in, far_out), (far_in, near_out)) = (pipe().unwrap(), pipe().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| super::add(home.path(), far_in, far_out).unwrap());
        send(from.path(), &Excludes::default(), near_in, near_out).unwrap();
    });
    assert_eq!(fs::read_to_string(home.path().join("own")).unwrap(), "kept");
    assert_eq!(fs::read_to_string(home.path().join(".bashrc")).unwrap(), "from the archive");
    assert_eq!(fs::read_to_string(home.path().join("media/x")).unwrap(), "from the archive");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn why_the_other_side_hung_up_is_heard() {
    let from = TempDir::new().unwrap();
    write(&from, "large", vec![1; 1_000_000]);
    let (near_in, mut far_out) = pipe().unwrap();
    let (far_in, near_out) = pipe().unwrap();
    let reason = "no space is left".to_owned();
    let refused = crate::message::write(&crate::message::Refused { reason });
    // It says so in the middle, and is gone.
    let mut said = crate::frame::encoded(crate::frame::Kind::Want, &crate::message::write(&0u32));
    crate::frame::encode(crate::frame::Kind::Done, &[], &mut said);
    crate::frame::encode(crate::frame::Kind::Refused, &refused, &mut said);
    std::io::Write::write_all(&mut far_out, &said).unwrap();
    drop((far_out, far_in));
    let heard = send(from.path(), &Excludes::default(), near_in, near_out);
    assert!(matches!(&heard, Err(SyncError::Refused(reason)) if reason == "no space is left"), "{heard:?}");
}

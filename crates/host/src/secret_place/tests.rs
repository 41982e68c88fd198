//! The place in memory: made once, filled whole, emptied, and led nowhere by links.

use super::*;
use crate::testing::is_root;
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use std::os::unix::fs::{MetadataExt, symlink};

/// A place in a directory that goes away with the test, mounted or not.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Option<Self> {
        is_root().then(|| Self(tempfile::tempdir().unwrap()))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("run/secrets")
    }

    fn ready(&self) -> SecretPlace {
        SecretPlace::ready(&self.path(), Owner::Root).unwrap()
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        while unmount(self.path(), UnmountFlags::DETACH).is_ok() {}
    }
}

fn file<'a>(name: &'a str, content: &'a [u8]) -> MemoryFile<'a> {
    MemoryFile { name, content, mode: 0o440, user: 5, group: 7 }
}

#[test]
fn the_place_is_made_once_and_is_memory_of_roots_own() {
    let Some(ground) = Ground::new() else { return };
    assert!(SecretPlace::find(&ground.path(), Owner::Root).unwrap().is_none());
    ground.ready();
    ground.ready();
    assert!(SecretPlace::find(&ground.path(), Owner::Root).unwrap().is_some());
    let facts = std::fs::metadata(ground.path()).unwrap();
    assert_eq!((facts.uid(), facts.mode() & 0o7777), (0, 0o700));
    unmount(ground.path(), UnmountFlags::empty()).unwrap();
    assert!(SecretPlace::find(&ground.path(), Owner::Root).unwrap().is_none(), "it was mounted twice");
}

#[test]
fn what_may_be_swapped_out_is_no_place() {
    let Some(ground) = Ground::new() else { return };
    std::fs::create_dir_all(ground.path()).unwrap();
    mount("t", ground.path(), "tmpfs", MountFlags::empty(), c"mode=0700").unwrap();
    let refused = SecretPlace::ready(&ground.path(), Owner::Root).unwrap_err();
    assert!(matches!(refused, SecretPlaceError::NotMemory { .. }), "{refused}");
    unmount(ground.path(), UnmountFlags::empty()).unwrap();
    mount("r", ground.path(), "ramfs", MountFlags::empty(), c"mode=0755").unwrap();
    let refused = SecretPlace::ready(&ground.path(), Owner::Root).unwrap_err();
    assert!(matches!(refused, SecretPlaceError::Open { mode: 0o755, .. }), "{refused}");
}

#[test]
fn whoever_looks_above_it_cannot_hold_it_up() {
    let Some(ground) = Ground::new() else { return };
    let above = ground.path().parent().unwrap().to_owned();
    std::fs::create_dir_all(&above).unwrap();
    let others = File::open(&above).unwrap();
    rustix::fs::flock(&others, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    let path = ground.path();
    std::thread::spawn(move || sender.send(SecretPlace::ready(&path, Owner::Root).is_ok()));
    assert_eq!(receiver.recv_timeout(std::time::Duration::from_secs(5)), Ok(true));
    // A directory that others can open is no place, mounted or not: its lock would be theirs, too.
    unmount(ground.path(), UnmountFlags::empty()).unwrap();
    std::fs::set_permissions(ground.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let refused = SecretPlace::ready(&ground.path(), Owner::Root).unwrap_err();
    assert!(matches!(refused, SecretPlaceError::Open { mode: 0o755, .. }), "{refused}");
}

#[test]
fn nothing_is_hidden_by_the_mount() {
    let Some(ground) = Ground::new() else { return };
    std::fs::create_dir_all(ground.path()).unwrap();
    std::fs::set_permissions(ground.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::write(ground.path().join("kept"), "kept").unwrap();
    let refused = SecretPlace::ready(&ground.path(), Owner::Root).unwrap_err();
    assert!(matches!(refused, SecretPlaceError::NotEmpty { .. }), "{refused}");
    assert!(ground.path().join("kept").exists());
}

#[test]
fn a_place_that_others_could_move_is_none() {
    let Some(ground) = Ground::new() else { return };
    std::fs::create_dir_all(ground.path()).unwrap();
    std::os::unix::fs::lchown(ground.path().parent().unwrap(), Some(12345), None).unwrap();
    assert!(matches!(SecretPlace::ready(&ground.path(), Owner::Root), Err(SecretPlaceError::NotAlone(_))));
}

#[test]
fn a_container_has_exactly_what_it_was_given_last() {
    let Some(ground) = Ground::new() else { return };
    let place = ground.ready();
    place.give("machine/blog/web", &[file("a", b"one"), file("b", b"two")], None).unwrap();
    let root = ContainerRoot { uid: 100_000, gid: 200_000 };
    place.give("machine/blog/web", &[file("b", b"three")], Some(root)).unwrap();
    let directory = ground.path().join("machine/blog/web");
    let names: Vec<_> =
        std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["b"]);
    assert_eq!(std::fs::read(directory.join("b")).unwrap(), b"three");
    let facts = std::fs::metadata(directory.join("b")).unwrap();
    assert_eq!((facts.uid(), facts.gid(), facts.mode() & 0o7777), (100_005, 200_007, 0o440));
    let facts = std::fs::metadata(&directory).unwrap();
    assert_eq!((facts.uid(), facts.gid(), facts.mode() & 0o7777), (100_000, 200_000, 0o755));
}

#[test]
fn a_new_value_is_a_new_file_that_is_seen_through_what_was_opened_before() {
    let Some(ground) = Ground::new() else { return };
    let place = ground.ready();
    place.give("machine/blog/web", &[file("a", b"one")], None).unwrap();
    let held = std::fs::File::open(ground.path().join("machine/blog/web")).unwrap();
    let mut old = std::fs::File::open(ground.path().join("machine/blog/web/a")).unwrap();
    place.give("machine/blog/web", &[file("a", b"two")], None).unwrap();
    let mut content = String::new();
    old.read_to_string(&mut content).unwrap();
    assert_eq!(content, "one", "a value changed under whoever was reading it");
    let now = openat(&held, "a", OFlags::RDONLY, Mode::empty()).unwrap();
    content.clear();
    File::from(now).read_to_string(&mut content).unwrap();
    assert_eq!(content, "two");
}

#[test]
fn no_link_leads_anywhere() {
    let Some(ground) = Ground::new() else { return };
    let place = ground.ready();
    let elsewhere = ground.0.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::create_dir_all(ground.path().join("machine/blog")).unwrap();
    symlink(&elsewhere, ground.path().join("machine/blog/web")).unwrap();
    symlink(&elsewhere, ground.path().join("machine/shop")).unwrap();
    for at in ["machine/blog/web", "machine/shop/web"] {
        let refused = place.give(at, &[file("a", b"one")], None).unwrap_err();
        assert!(matches!(refused, SecretPlaceError::Strange { .. }), "{refused}");
    }
    assert!(std::fs::read_dir(&elsewhere).unwrap().next().is_none());

    // A link where a file comes is replaced, not followed.
    let target = elsewhere.join("target");
    std::fs::write(&target, "kept").unwrap();
    std::fs::create_dir(ground.path().join("machine/blog/db")).unwrap();
    symlink(&target, ground.path().join("machine/blog/db/a")).unwrap();
    symlink(&target, ground.path().join("machine/blog/.new")).unwrap();
    place.give("machine/blog/db", &[file("a", b"one")], None).unwrap();
    assert_eq!(std::fs::read_to_string(target).unwrap(), "kept");
    assert_eq!(std::fs::read(ground.path().join("machine/blog/db/a")).unwrap(), b"one");
    // And one among what is taken away is taken away itself.
    place.take_away("machine/blog", &[]).unwrap();
    assert!(elsewhere.join("target").exists());
}

#[test]
fn notes_count_only_beside_their_directories() {
    let Some(ground) = Ground::new() else { return };
    let place = ground.ready();
    assert!(place.notes("machine/blog").unwrap().is_empty());
    for container in ["web", "db"] {
        place.give(&format!("machine/blog/{container}"), &[file("a", b"one")], None).unwrap();
        place.note(&format!("machine/blog/{container}"), b"{}").unwrap();
    }
    assert_eq!(place.notes("machine/blog").unwrap().keys().collect::<Vec<_>>(), ["db", "web"]);
    std::fs::remove_dir_all(ground.path().join("machine/blog/db")).unwrap();
    assert_eq!(place.notes("machine/blog").unwrap().keys().collect::<Vec<_>>(), ["web"]);
}

#[test]
fn what_is_not_kept_goes() {
    let Some(ground) = Ground::new() else { return };
    let place = ground.ready();
    for container in ["web", "db"] {
        place.give(&format!("machine/blog/{container}"), &[file("a", b"one")], None).unwrap();
        place.note(&format!("machine/blog/{container}"), b"{}").unwrap();
    }
    place.take_away("machine/blog", &["web"]).unwrap();
    let left = |at: &str| std::fs::read_dir(ground.path().join(at)).unwrap().count();
    assert_eq!(left("machine/blog"), 2);
    place.take_away("machine/blog", &[]).unwrap();
    assert_eq!(left("machine"), 0);
    place.take_away("machine/blog", &[]).unwrap();
}

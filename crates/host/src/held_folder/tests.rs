//! Files are replaced whole, links lead nowhere, and nothing becomes root's that was somebody's.

use super::*;
use crate::testing::{is_root, stranger};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

fn facts(path: &Path) -> (u32, u32, u32) {
    let facts = std::fs::symlink_metadata(path).unwrap();
    (facts.uid(), facts.gid(), facts.permissions().mode() & 0o777)
}

fn give(path: &Path, uid: u32, gid: u32) {
    let file = File::open(path).unwrap();
    fchown(&file, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).unwrap();
}

#[test]
fn a_file_is_replaced_and_keeps_its_permissions() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("secrets");
    let folder = HeldFolder::hold(None, &path).unwrap();
    assert_eq!(folder.read("blog.yml", 100).unwrap(), None);
    folder.replace("blog.yml", b"one").unwrap();
    std::fs::set_permissions(path.join("blog.yml"), PermissionsExt::from_mode(0o640)).unwrap();
    folder.replace("blog.yml", b"two").unwrap();
    assert_eq!(folder.read("blog.yml", 100).unwrap().as_deref(), Some(&b"two"[..]));
    assert_eq!(facts(&path.join("blog.yml")).2, 0o640);
    assert!(matches!(folder.read("blog.yml", 2), Err(HeldFolderError::TooLarge { .. })));
    assert_eq!(std::fs::read_dir(&path).unwrap().count(), 1, "no draft stays");
}

#[test]
fn what_a_killed_run_left_is_in_nobodys_way() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join(".blog.yml.wharf-new"), b"half").unwrap();
    let folder = HeldFolder::hold(None, root.path()).unwrap();
    folder.replace("blog.yml", b"whole").unwrap();
    assert_eq!(std::fs::read(root.path().join("blog.yml")).unwrap(), b"whole");
    assert!(!root.path().join(".blog.yml.wharf-new").exists());
}

#[test]
fn links_lead_nowhere() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = elsewhere.path().join("passwd");
    std::fs::write(&target, b"root").unwrap();
    symlink(elsewhere.path(), root.path().join("linked")).unwrap();
    assert!(matches!(
        HeldFolder::hold(None, &root.path().join("linked")),
        Err(HeldFolderError::WrongKind { .. })
    ));
    symlink(&target, root.path().join("blog.yml")).unwrap();
    symlink(&target, root.path().join(".other.yml.wharf-new")).unwrap();
    let folder = HeldFolder::hold(None, root.path()).unwrap();
    assert!(matches!(folder.read("blog.yml", 100), Err(HeldFolderError::WrongKind { .. })));
    assert!(matches!(folder.replace("blog.yml", b"mine"), Err(HeldFolderError::WrongKind { .. })));
    folder.replace("other.yml", b"mine").unwrap();
    assert_eq!(std::fs::read(&target).unwrap(), b"root");
}

#[test]
fn root_makes_no_file_in_somebodys_folder_its_own() {
    if !is_root() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    give(root.path(), 12345, 12346);
    let path = root.path().join("secrets");
    let folder = HeldFolder::hold(None, &path).unwrap();
    folder.replace("blog.yml", b"one").unwrap();
    assert_eq!(facts(&path), (12345, 12346, 0o755));
    assert_eq!(facts(&path.join("blog.yml")), (12345, 12346, 0o644));
    give(&path.join("blog.yml"), 777, 778);
    folder.replace("blog.yml", b"two").unwrap();
    assert_eq!(facts(&path.join("blog.yml")), (777, 778, 0o644));
}

#[test]
fn a_caller_has_their_own_rights_and_no_others() {
    if !is_root() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let stranger = stranger();
    std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let path = root.path().join("secrets");
    assert!(HeldFolder::hold(Some(&stranger), &path).is_err(), "root's folder is not theirs to write");
    give(root.path(), 12345, 12346);
    let folder = HeldFolder::hold(Some(&stranger), &path).unwrap();
    folder.replace("blog.yml", b"one").unwrap();
    assert_eq!(facts(&path.join("blog.yml")), (12345, 12346, 0o644));
    std::fs::write(path.join("roots.yml"), b"x").unwrap();
    std::fs::set_permissions(path.join("roots.yml"), PermissionsExt::from_mode(0o600)).unwrap();
    assert!(folder.read("roots.yml", 100).is_err());
}

#[test]
fn one_at_a_time_holds_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let counter = root.path().join("count");
    std::fs::write(&counter, b"0").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let folder = HeldFolder::hold(None, root.path()).unwrap();
                let text = String::from_utf8(folder.read("count", 10).unwrap().unwrap()).unwrap();
                let next = text.parse::<u32>().unwrap() + 1;
                folder.replace("count", next.to_string().as_bytes()).unwrap();
            });
        }
    });
    assert_eq!(std::fs::read(&counter).unwrap(), b"20");
}

#[test]
fn what_is_published_can_be_read_by_everybody_whatever_was_there() {
    let root = tempfile::tempdir().unwrap();
    std::fs::set_permissions(root.path(), PermissionsExt::from_mode(0o710)).unwrap();
    let folder = HeldFolder::hold(None, root.path()).unwrap();
    folder.replace("key.pub", b"one").unwrap();
    std::fs::set_permissions(root.path().join("key.pub"), PermissionsExt::from_mode(0o600)).unwrap();
    folder.publish("key.pub", b"two").unwrap();
    assert_eq!(facts(&root.path().join("key.pub")).2, 0o644);
    assert_eq!(facts(root.path()).2, 0o710, "a folder that was there stays as it is");
}

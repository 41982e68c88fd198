//! Tests of who may write where, on real files.

use super::*;
use crate::testing::{file, give, is_root, mode, open_dir};
use std::os::unix::fs::symlink;

/// The directory's own path may go through links; what is judged is shown without.
fn real(dir: &tempfile::TempDir) -> PathBuf {
    dir.path().canonicalize().unwrap()
}

fn check(path: &Path) -> Result<PathBuf, NotAlone> {
    check_alone(path, Owner::of_this_process())
}

#[test]
fn a_path_below_sticky_tmp_passes_when_its_owner_is_trusted() {
    let dir = open_dir();
    assert_eq!(
        std::fs::metadata("/tmp").map(|m| std::os::unix::fs::MetadataExt::mode(&m) & 0o7777).unwrap(),
        0o1777
    );
    file(&dir.path().join("host.yml"), "x", 0o644);
    assert_eq!(check(&dir.path().join("host.yml")).unwrap(), real(&dir).join("host.yml"));
}

#[test]
fn a_parent_that_its_group_can_write_is_refused_with_the_command_that_mends_it() {
    let dir = open_dir();
    let parent = real(&dir).join("etc");
    std::fs::create_dir(&parent).unwrap();
    file(&parent.join("host.yml"), "x", 0o644);
    for bits in [0o775, 0o757, 0o777] {
        mode(&parent, bits);
        let error = check(&parent.join("host.yml")).unwrap_err();
        assert!(
            matches!(&error, NotAlone::Writable { component, mode, .. } if *component == parent && *mode == bits)
        );
        assert_eq!(error.mend().unwrap(), format!("chmod go-w {}", parent.display()));
    }
}

#[test]
fn the_end_itself_must_not_be_writable_by_others() {
    let dir = open_dir();
    let path = real(&dir).join("host.yml");
    file(&path, "x", 0o664);
    let error = check(&path).unwrap_err();
    assert!(matches!(error, NotAlone::Writable { component, mode: 0o664, .. } if component == path));
    assert!(matches!(check(Path::new("/tmp")), Err(NotAlone::Writable { mode: 0o1777, .. })));
}

#[test]
fn a_component_of_somebody_else_is_refused() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let parent = real(&dir).join("etc");
    std::fs::create_dir(&parent).unwrap();
    file(&parent.join("host.yml"), "x", 0o644);
    give(&parent, 12345, 0);
    let error = check_alone(&parent.join("host.yml"), Owner::Root).unwrap_err();
    assert_eq!(error.mend().unwrap(), format!("chown -h root: {}", parent.display()));
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` belongs to user 12345 (mode 0755), who could replace what is below it",
            parent.display()
        )
    );
    assert!(check_alone(&parent.join("host.yml"), Owner::RootOr(12345)).is_ok());
    assert!(check_alone(&parent.join("host.yml"), Owner::RootOr(12346)).is_err());
}

#[test]
fn a_sticky_directory_passes_only_with_a_trusted_next_component() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let sticky = real(&dir).join("tmp");
    std::fs::create_dir(&sticky).unwrap();
    mode(&sticky, 0o1777);
    file(&sticky.join("ours"), "x", 0o644);
    file(&sticky.join("theirs"), "x", 0o644);
    give(&sticky.join("theirs"), 12345, 12345);
    assert!(check(&sticky.join("ours")).is_ok());
    let error = check(&sticky.join("theirs")).unwrap_err();
    assert!(matches!(error, NotAlone::ForeignOwner { component, .. } if component == sticky.join("theirs")));
    give(&sticky, 12345, 0);
    assert!(
        matches!(check(&sticky.join("ours")), Err(NotAlone::ForeignOwner { component, .. }) if component == sticky)
    );
}

#[test]
fn a_link_in_a_trusted_directory_is_followed_and_what_it_names_is_judged() {
    let dir = open_dir();
    let base = real(&dir);
    std::fs::create_dir(base.join("run")).unwrap();
    file(&base.join("run/host.yml"), "x", 0o644);
    symlink(base.join("run"), base.join("absolute")).unwrap();
    symlink("run/../run", base.join("relative")).unwrap();
    assert_eq!(check(&base.join("absolute/host.yml")).unwrap(), base.join("run/host.yml"));
    assert_eq!(check(&base.join("relative/host.yml")).unwrap(), base.join("run/host.yml"));
    mode(&base.join("run"), 0o777);
    assert!(matches!(check(&base.join("absolute/host.yml")), Err(NotAlone::Writable { .. })));
}

#[test]
fn a_link_of_somebody_else_is_refused() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let base = real(&dir);
    file(&base.join("host.yml"), "x", 0o644);
    symlink("host.yml", base.join("link")).unwrap();
    give(&base.join("link"), 12345, 0);
    assert!(matches!(check(&base.join("link")), Err(NotAlone::ForeignOwner { owner: 12345, .. })));
}

#[test]
fn links_without_end_are_refused() {
    let dir = open_dir();
    symlink("b", dir.path().join("a")).unwrap();
    symlink("a", dir.path().join("b")).unwrap();
    assert!(matches!(check(&dir.path().join("a")), Err(NotAlone::TooManyLinks { .. })));
}

#[test]
fn what_is_missing_is_said_to_be_missing() {
    let dir = open_dir();
    let error = check(&dir.path().join("none/host.yml")).unwrap_err();
    assert!(error.is_missing());
    assert!(read_trusted(&dir.path().join("none"), Owner::of_this_process(), 1).unwrap_err().is_missing());
}

#[test]
fn what_is_missing_where_others_could_put_it_is_not_merely_missing() {
    let dir = open_dir();
    mode(dir.path(), 0o777);
    assert!(matches!(check(&dir.path().join("none")), Err(NotAlone::Writable { .. })));
}

#[test]
fn a_path_that_does_not_begin_at_the_root_is_refused() {
    assert!(matches!(check(Path::new("etc/host.yml")), Err(NotAlone::Relative { .. })));
}

#[test]
fn a_file_does_not_lead_on() {
    let dir = open_dir();
    file(&dir.path().join("file"), "x", 0o644);
    let error = check(&dir.path().join("file/x")).unwrap_err();
    assert!(matches!(error, NotAlone::NotADirectory { kind: FileKind::Regular, .. }));
}

#[test]
fn a_trusted_file_is_read_within_its_limit() {
    let dir = open_dir();
    let path = dir.path().join("host.yml");
    file(&path, "mount_root: /srv", 0o600);
    let read = |limit| read_trusted(&path, Owner::of_this_process(), limit);
    assert_eq!(read(16).unwrap(), b"mount_root: /srv");
    assert!(matches!(read(15), Err(TrustedError::Read(ReadError::TooLarge { limit: 15, .. }))));
    let directory = read_trusted(dir.path(), Owner::of_this_process(), 1);
    assert!(matches!(
        directory,
        Err(TrustedError::Read(ReadError::NotRegular { kind: FileKind::Directory, .. }))
    ));
}

/// A local user puts his own link, or a second name of his own file, where the file is expected in a sticky directory.
#[test]
fn what_somebody_else_put_into_a_sticky_directory_never_reads_as_trusted() {
    if !is_root() {
        return;
    }
    let dir = open_dir();
    let sticky = real(&dir).join("tmp");
    std::fs::create_dir(&sticky).unwrap();
    mode(&sticky, 0o1777);
    file(&sticky.join("his"), "evil", 0o644);
    give(&sticky.join("his"), 12345, 12345);
    std::fs::hard_link(sticky.join("his"), sticky.join("named")).unwrap();
    symlink("/etc/hostname", sticky.join("linked")).unwrap();
    give(&sticky.join("linked"), 12345, 0);
    for name in ["named", "linked"] {
        let error = read_trusted(&sticky.join(name), Owner::Root, 100).unwrap_err();
        assert!(
            matches!(error, TrustedError::NotAlone(NotAlone::ForeignOwner { owner: 12345, .. })),
            "{name}"
        );
    }
}

//! The umask belongs to the whole process, so this is a program of its own with one test.

use rustix::fs::Mode;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use wharf_host::{MountRoot, Owner};

#[test]
fn directories_get_their_mode_whatever_the_umask() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let root = MountRoot::open(dir.path(), Owner::of_this_process()).expect("the mount root");
    for (pod, umask) in [("loose", 0o000), ("tight", 0o077)] {
        rustix::process::umask(Mode::from_raw_mode(umask));
        let path = root.ensure_source(&pod.parse().expect("a name"), &"a/b".parse().expect("a path"), None);
        let path = path.expect("the source");
        let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it is there").mode() & 0o7777;
        assert_eq!(mode(&path), 0o755);
        assert_eq!(mode(&dir.path().join(pod).join("a")), 0o755);
        assert_eq!(mode(&dir.path().join(pod)), 0o700);
    }
}

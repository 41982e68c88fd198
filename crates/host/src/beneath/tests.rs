//! Tests of mount sources: links, races, owners and modes, on real files.

use super::*;
use crate::testing::{file, give, is_root, mode, open_dir};
use std::os::unix::fs::{MetadataExt, symlink};
use std::sync::atomic::{AtomicBool, Ordering};

struct Place {
    dir: tempfile::TempDir,
    root: MountRoot,
}

fn place() -> Place {
    let dir = open_dir();
    let root = MountRoot::open(dir.path(), Owner::of_this_process()).unwrap();
    Place { dir, root }
}

impl Place {
    fn ensure(&self, source: &str) -> Result<PathBuf, SourceError> {
        self.root.ensure_source(&pod(), &source.parse().unwrap(), None)
    }

    fn check(&self, source: &str) -> Result<SourceState, SourceError> {
        self.root.check_source(&pod(), &source.parse().unwrap())
    }

    fn read(&self, source: &str) -> Result<Vec<u8>, SourceError> {
        self.root.read_file(&pod(), &source.parse().unwrap(), 100)
    }

    fn path(&self, below: &str) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("blog").join(below)
    }
}

fn pod() -> PodName {
    "blog".parse().unwrap()
}

fn mode_of(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// Ends the racing thread, also when the test fails.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn missing_sources_are_made_below_a_directory_for_root_only() {
    let place = place();
    assert_eq!(place.check("data/db").unwrap(), SourceState::Missing(place.path("data/db")));
    assert!(!place.path("").exists());
    assert_eq!(place.ensure("data/db").unwrap(), place.path("data/db"));
    assert_eq!(mode_of(&place.path("")), 0o700);
    assert_eq!(mode_of(&place.path("data")), 0o755);
    assert_eq!(mode_of(&place.path("data/db")), 0o755);
    assert_eq!(place.check("data/db").unwrap(), SourceState::Present(place.path("data/db")));
    assert_eq!(place.ensure("data/db").unwrap(), place.path("data/db"));
}

#[test]
fn existing_directories_keep_owner_and_mode() {
    let place = place();
    std::fs::create_dir_all(place.path("data/db")).unwrap();
    mode(&place.path(""), 0o750);
    mode(&place.path("data/db"), 0o777);
    if is_root() {
        give(&place.path("data/db"), 999, 999);
    }
    place.ensure("data/db").unwrap();
    assert_eq!(mode_of(&place.path("")), 0o750);
    assert_eq!(mode_of(&place.path("data/db")), 0o777);
    if is_root() {
        assert_eq!(std::fs::metadata(place.path("data/db")).unwrap().uid(), 999);
    }
}

#[test]
fn a_file_may_be_mounted_but_leads_nowhere() {
    let place = place();
    place.ensure("conf").unwrap();
    file(&place.path("conf/app.ini"), "x", 0o644);
    assert_eq!(place.ensure("conf/app.ini").unwrap(), place.path("conf/app.ini"));
    let error = place.ensure("conf/app.ini/x").unwrap_err();
    assert!(matches!(error, SourceError::NotADirectory { kind: FileKind::Regular, .. }));
}

#[test]
fn sockets_pipes_and_devices_are_not_mounted() {
    let place = place();
    place.ensure("run").unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(place.path("run/sock")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, place.path("run/fifo"), Mode::from_raw_mode(0o600)).unwrap();
    for (name, kind) in [("run/sock", FileKind::Socket), ("run/fifo", FileKind::Fifo)] {
        let error = place.ensure(name).unwrap_err();
        assert!(matches!(error, SourceError::NotMountable { kind: found, .. } if found == kind), "{name}");
        assert!(
            matches!(place.read(name), Err(SourceError::NotRegular { kind: found, .. }) if found == kind)
        );
    }
}

#[test]
fn links_are_refused_wherever_they_are() {
    let place = place();
    place.ensure("data").unwrap();
    symlink("/etc", place.path("data/etc")).unwrap();
    symlink("..", place.path("data/up")).unwrap();
    symlink("nowhere", place.path("data/dangling")).unwrap();
    for source in ["data/etc", "data/etc/ssh", "data/up", "data/up/x", "data/dangling", "data/dangling/x"] {
        assert!(matches!(place.ensure(source), Err(SourceError::Link { .. })), "{source}");
        assert!(matches!(place.check(source), Err(SourceError::Link { .. })), "{source}");
    }
    assert!(!place.path("data/nowhere").exists());
}

#[test]
fn a_pods_directory_that_is_a_link_is_refused() {
    let place = place();
    symlink("/etc", place.dir.path().join("blog")).unwrap();
    assert!(matches!(place.ensure("ssh"), Err(SourceError::Link { .. })));
    assert!(matches!(place.root.ensure_pod_dir(&pod()), Err(SourceError::Link { .. })));
    assert!(matches!(place.read("hostname"), Err(SourceError::Link { .. })));
}

#[test]
fn a_component_that_others_can_write_to_is_refused() {
    let place = place();
    place.ensure("data/db").unwrap();
    for weak in ["", "data"] {
        mode(&place.path(weak), 0o775);
        let error = place.ensure("data/db").unwrap_err();
        assert!(error.mend().unwrap().starts_with("chmod go-w "), "{weak}: {error:?}");
        assert!(place.check("data/db").is_err() && place.check("data/new").is_err());
        let of_the_pod = weak.is_empty();
        assert_eq!(place.root.ensure_pod_dir(&pod()).is_err(), of_the_pod);
        assert_eq!(matches!(place.read("data/none"), Err(SourceError::NotAlone(_))), of_the_pod);
        mode(&place.path(weak), 0o755);
    }
    assert!(place.ensure("data/db").is_ok());
}

#[test]
fn a_component_of_somebody_else_is_refused() {
    if !is_root() {
        return;
    }
    let place = place();
    place.ensure("data/db").unwrap();
    for foreign in ["", "data"] {
        give(&place.path(foreign), 12345, 12345);
        assert!(matches!(
            place.ensure("data/db"),
            Err(SourceError::NotAlone(NotAlone::ForeignOwner { owner: 12345, .. }))
        ));
        give(&place.path(foreign), 0, 0);
    }
}

/// In a sticky directory its owner could replace the source, whoever may write there.
#[test]
fn a_source_in_a_sticky_directory_must_be_trusted_itself() {
    if !is_root() {
        return;
    }
    let place = place();
    place.ensure("data/db").unwrap();
    mode(&place.path("data"), 0o1777);
    assert!(place.ensure("data/db").is_ok());
    give(&place.path("data/db"), 12345, 12345);
    let error = place.ensure("data/db").unwrap_err();
    assert!(matches!(error, SourceError::NotAlone(NotAlone::ForeignOwner { owner: 12345, .. })), "{error:?}");
}

#[test]
fn a_mount_root_that_is_weak_or_no_directory_is_refused() {
    let dir = open_dir();
    file(&dir.path().join("file"), "", 0o644);
    let open = |path: &Path| MountRoot::open(path, Owner::of_this_process());
    assert!(matches!(open(&dir.path().join("file")), Err(NotAlone::NotADirectory { .. })));
    assert!(open(&dir.path().join("none")).unwrap_err().is_missing());
    mode(dir.path(), 0o777);
    assert!(matches!(open(dir.path()), Err(NotAlone::Writable { .. })));
}

#[test]
fn an_environment_file_is_read_as_it_is() {
    let place = place();
    place.ensure("secrets").unwrap();
    std::fs::write(place.path("secrets/key"), b"a\xff\n\n").unwrap();
    assert_eq!(place.read("secrets/key").unwrap(), b"a\xff\n\n");
    file(&place.path("secrets/large"), &"x".repeat(101), 0o600);
    assert!(matches!(place.read("secrets/large"), Err(SourceError::TooLarge { limit: 100, .. })));
    assert!(matches!(place.read("secrets/none"), Err(SourceError::Missing { .. })));
    assert!(matches!(place.read("secrets"), Err(SourceError::NotRegular { kind: FileKind::Directory, .. })));
}

/// Proved on the gem: a container makes `data/key` a link to the host's shadow file, and `environment_files` puts that
/// into its environment.
#[test]
fn an_environment_file_that_became_a_link_is_refused() {
    let place = place();
    place.ensure("data").unwrap();
    symlink("/etc/shadow", place.path("data/key")).unwrap();
    symlink("/etc", place.path("data/dir")).unwrap();
    place.ensure("other").unwrap();
    file(&place.path("other/key"), "root:", 0o600);
    symlink("../other", place.path("data/inner")).unwrap();
    for source in ["data/key", "data/dir/shadow", "data/inner/key"] {
        let error = place.read(source).unwrap_err();
        assert!(matches!(error, SourceError::Link { .. }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("root:"));
    }
}

#[test]
fn an_environment_file_with_a_second_name_is_refused() {
    let place = place();
    place.ensure("data").unwrap();
    file(&place.dir.path().join("other"), "secret", 0o600);
    std::fs::hard_link(place.dir.path().join("other"), place.path("data/key")).unwrap();
    assert!(matches!(place.read("data/key"), Err(SourceError::HardLinked { links: 2, .. })));
}

#[test]
fn weak_places_are_listed_with_what_mends_them() {
    let place = place();
    for (name, permissions) in [("tight", 0o700), ("open", 0o755), ("writable", 0o777), ("lost+found", 0o777)]
    {
        std::fs::create_dir(place.dir.path().join(name)).unwrap();
        mode(&place.dir.path().join(name), permissions);
    }
    symlink("/etc", place.dir.path().join("link")).unwrap();
    let found = place.root.weak_places(100).unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|weak| (weak.path.file_name().unwrap().to_str().unwrap(), weak.weakness, weak.mend().is_some()))
        .collect();
    assert_eq!(
        found,
        [
            ("link", Weakness::NotADirectory(FileKind::Link), false),
            ("writable", Weakness::WritableByOthers, true),
            ("open", Weakness::OpenToOthers, true),
        ]
    );
}

/// Several runs at once make the same directories; all of them succeed.
#[test]
fn runs_at_once_agree_on_what_they_make() {
    let place = place();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for n in 0..50 {
                    assert_eq!(place.ensure(&format!("a{n}/b/c")).unwrap(), place.path(&format!("a{n}/b/c")));
                }
            });
        }
    });
    assert_eq!(mode_of(&place.path("a49/b/c")), 0o755);
}

/// Somebody who can rename (a container's root, in its own mount) swaps a component for a link to a directory outside,
/// as fast as it can. Whatever the answers, nothing is made or read outside.
#[test]
fn a_race_with_a_link_never_leads_outside() {
    let place = place();
    let outside = open_dir();
    file(&outside.path().join("key"), "outside", 0o644);
    place.ensure("data/sub").unwrap();
    file(&place.path("data/sub/key"), "inside", 0o644);
    symlink(outside.path(), place.path("data/link")).unwrap();
    let done = AtomicBool::new(false);
    let (mut inside, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let (a, b) = (place.path("data/sub"), place.path("data/link"));
                let exchange = rustix::fs::RenameFlags::EXCHANGE;
                rustix::fs::renameat_with(rustix::fs::CWD, a, rustix::fs::CWD, b, exchange).unwrap();
            }
        });
        let _end = Done(&done);
        for n in 0..500_000 {
            if n >= 5000 && inside > 0 && refused > 0 {
                break;
            }
            match place.read("data/sub/key") {
                Ok(bytes) => {
                    assert_eq!(bytes, b"inside");
                    inside += 1;
                }
                Err(SourceError::Link { .. }) => refused += 1,
                Err(other) => panic!("{other:?}"),
            }
            match place.ensure(&format!("data/sub/new{}/deep", n % 100)) {
                Ok(path) => assert!(path.starts_with(place.path("data/sub"))),
                Err(SourceError::Link { .. } | SourceError::Changed { .. } | SourceError::Missing { .. }) => {
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    });
    let names: Vec<_> =
        std::fs::read_dir(outside.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["key"]);
    assert!(inside > 0 && refused > 0, "the race was never close: {inside} inside, {refused} refused");
}

/// The same, with the directory moved away and back: what was opened stays what it was.
#[test]
fn a_race_with_a_moving_directory_makes_nothing_elsewhere() {
    let place = place();
    place.ensure("data/sub").unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let _ = std::fs::rename(place.path("data/sub"), place.path("data/elsewhere"));
                let _ = std::fs::rename(place.path("data/elsewhere"), place.path("data/sub"));
            }
        });
        let _end = Done(&done);
        for _ in 0..3000 {
            match place.ensure("data/sub/x") {
                Ok(path) => assert_eq!(path, place.path("data/sub/x")),
                Err(SourceError::Changed { .. } | SourceError::Missing { .. }) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    });
}

#[test]
fn a_new_source_is_the_containers_roots_and_what_is_above_it_stays_roots() {
    if !is_root() {
        eprintln!("skipped: needs root");
        return;
    }
    let ground = place();
    let owner = Some(ContainerRoot { uid: 100_000, gid: 100_001 });
    let path = ground.root.ensure_source(&pod(), &"a/b".parse().unwrap(), owner).unwrap();
    let owner_of = |path: &Path| std::fs::metadata(path).map(|facts| (facts.uid(), facts.gid())).unwrap();
    assert_eq!(owner_of(&path), (100_000, 100_001));
    assert_eq!(owner_of(path.parent().unwrap()), (0, 0));
    // An existing one keeps its owner.
    let other = Some(ContainerRoot { uid: 200_000, gid: 200_000 });
    ground.root.ensure_source(&pod(), &"a/b".parse().unwrap(), other).unwrap();
    assert_eq!(owner_of(&path), (100_000, 100_001));
}

#[test]
fn a_tenants_directory_is_one_that_was_made_for_it_or_is_empty() {
    let place = place();
    let tenant =
        |name: &str| TenantId { name: name.parse().unwrap(), generation: wharf_model::Generation(1) };
    let keeps = |tenant| {
        place.root.of_tenant(&tenant).unwrap().ensure_source(&pod(), &"data".parse().unwrap(), None).unwrap()
    };
    let made = keeps(tenant("alice"));
    assert_eq!(made, place.dir.path().canonicalize().unwrap().join("alice/blog/data"));
    assert_eq!(keeps(tenant("alice")), made);
    std::fs::create_dir(place.dir.path().join("bob")).unwrap();
    mode(&place.dir.path().join("bob"), 0o700);
    keeps(tenant("bob"));
    // The machine's own pod `blog`, and a tenant that is called so.
    let database = place.ensure("data/pg").unwrap();
    std::fs::write(database.join("secret"), "").unwrap();
    for mark in [false, true] {
        if mark {
            std::fs::create_dir(place.path(".tenant")).unwrap();
        }
        let refused = place.root.of_tenant(&tenant("blog"));
        assert!(matches!(refused, Err(SourceError::NotTheTenants { .. })), "{refused:?}");
    }
}

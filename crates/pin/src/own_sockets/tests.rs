//! Sockets that stay the same, in places that only root enters.

use super::*;
use rustix::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;

/// What systemd would do.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Kept>>);

type Kept = Vec<(String, OwnedFd)>;

impl Keeper for Store {
    fn keep(&self, name: &str, socket: BorrowedFd<'_>) {
        self.0.lock().unwrap().push((name.to_owned(), socket.try_clone_to_owned().unwrap()));
    }

    fn forget(&self, name: &str) {
        self.0.lock().unwrap().retain(|(kept, _)| kept != name);
    }
}

impl Store {
    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }

    fn given_back(&self) -> Vec<UnixListener> {
        let kept = self.0.lock().unwrap();
        kept.iter().map(|(_, fd)| fd.try_clone().unwrap().into()).collect()
    }
}

fn tenant(name: &str, generation: u32) -> TenantId {
    TenantId { name: name.parse().unwrap(), generation: Generation(generation) }
}

fn inode(path: &Path) -> u64 {
    std::fs::symlink_metadata(path).unwrap().ino()
}

#[test]
fn what_was_kept_is_taken_back_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let (below, store) = (directory.path().join("run/tenants"), Store::default());
    let start = |kept| OwnSockets::start(below.clone(), kept, Some(Box::new(store.clone())));
    let (alice, bob) = (tenant("alice", 2), tenant("bob", 1));
    let first = start(Vec::new());
    first.hold(&alice).unwrap();
    first.hold(&bob).unwrap();
    drop(first);
    assert_eq!(store.names(), ["alice.2", "bob.1"]);
    let path = own_socket(&below, &alice);
    assert_eq!(path, below.join("alice/2/docker.sock"));
    let before = inode(&path);
    std::fs::remove_file(own_socket(&below, &bob)).unwrap();

    let second = start(store.given_back());
    assert_eq!(store.names(), ["alice.2"], "what has no file any more is of no use");
    UnixStream::connect(&path).unwrap();
    second.hold(&alice).unwrap().accept().unwrap();
    assert_eq!(inode(&path), before);
    second.hold(&bob).unwrap();
    second.keep_only(&BTreeSet::from([bob]));
    assert_eq!((store.names(), path.exists()), (vec!["bob.1".to_owned()], false));
}

#[test]
fn only_root_gets_to_it_by_its_path() {
    let directory = tempfile::tempdir().unwrap();
    let below = directory.path().join("run/tenants");
    let sockets = OwnSockets::start(below.clone(), Vec::new(), None);
    sockets.hold(&tenant("alice", 1)).unwrap();
    let mode = |path: &str| std::fs::metadata(below.join(path)).unwrap().mode() & 0o777;
    assert_eq!(
        [mode(""), mode("alice"), mode("alice/1"), mode("alice/1/docker.sock")],
        [0o700, 0o700, 0o700, 0o666]
    );
}

#[test]
fn nothing_is_taken_from_somebody_who_listens() {
    let directory = tempfile::tempdir().unwrap();
    let alice = tenant("alice", 1);
    let path = own_socket(directory.path(), &alice);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let other = UnixListener::bind(&path).unwrap();
    let sockets = OwnSockets::start(directory.path().to_owned(), Vec::new(), None);
    assert_eq!(sockets.hold(&alice).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    // With the first in it, its queue is full, and whoever connected would wait for ever.
    rustix::net::listen(&other, 0).unwrap();
    assert_eq!(sockets.hold(&alice).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    drop(other);
    sockets.hold(&alice).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, "").unwrap();
    assert_eq!(sockets.hold(&alice).unwrap_err().kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn a_socket_of_another_directory_is_nobodys() {
    let directory = tempfile::tempdir().unwrap();
    let listener = UnixListener::bind(directory.path().join("docker.sock")).unwrap();
    assert!(whose(directory.path(), &listener).is_err());
    assert!(whose(Path::new("/elsewhere"), &listener).is_err());
}

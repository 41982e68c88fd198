//! Who is heard, and what is answered to nonsense.

use super::*;
use crate::identity;
use crate::testing::{Machine, is_root, mode};
use crate::{Access, Answer, Question};
use std::os::unix::fs::MetadataExt as _;

/// The machine's pins, served until the test ends.
fn served(test: impl FnOnce(&Machine, &Path) + Send) {
    if !is_root() {
        return;
    }
    let machine = Machine::new();
    machine.directory("state", 0, 0o700);
    let socket = machine.path("socket");
    let listener = UnixListener::bind(&socket).unwrap();
    mode(&socket, 0o666);
    let pins = Pins::start(&machine.path("state"), &machine.path("pins")).unwrap();
    let sockets = OwnSockets::start(machine.path("run/tenants"), Vec::new(), None);
    let confining = Confining::new(Box::new(|| Ok("/nowhere".into())), Box::new(|_| Ok(1)));
    let accounts = |name: &str| match name {
        "ana" => Ok(machine.ana()),
        _ => Err(format!("there is no account `{name}` on this machine")),
    };
    std::thread::scope(|scope| {
        let serving = scope.spawn(|| {
            let (pins, sockets, confining) = (&pins, &sockets, &confining);
            serve(&listener, Served { pins, sockets, confining, accounts: &accounts })
        });
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| test(&machine, &socket)));
        // Accepting fails once the socket is shut.
        rustix::net::shutdown(&listener, rustix::net::Shutdown::Both).unwrap();
        serving.join().unwrap().unwrap_err();
        pins.release_all_but(&BTreeSet::new()).unwrap();
        rustix::mount::unmount(machine.path("pins"), rustix::mount::UnmountFlags::DETACH).unwrap();
        told.unwrap();
    });
}

fn pin(machine: &Machine, account: &str, below: &str) -> Question {
    Question::Pin {
        tenant: "alice".parse().unwrap(),
        generation: wharf_model::Generation(1),
        account: account.to_owned(),
        path: machine.path(below),
        granted: machine.path("home/ana"),
        access: Access::ReadWrite,
        missing: crate::Missing::Refused,
        container_root: None,
    }
}

#[test]
fn a_pin_is_made_told_of_and_taken_away() {
    served(|machine, socket| {
        let Answer::Pinned { id, source, forbidden_capabilities } =
            ask(socket, &pin(machine, "ana", "home/ana")).unwrap()
        else {
            panic!("not pinned")
        };
        assert!(source.is_dir());
        assert_eq!(forbidden_capabilities, ["CHOWN", "MKNOD"]);
        let Answer::Pins { all } = ask(socket, &Question::List).unwrap() else { panic!("no list") };
        assert_eq!((all.len(), all[0].1, &all[0].0.id), (1, true, &id));
        assert_eq!(
            ask(socket, &Question::Keep { live: vec![id.clone()] }).unwrap(),
            Answer::Released { ids: vec![] }
        );
        assert_eq!(
            ask(socket, &Question::Release { id: id.clone() }).unwrap(),
            Answer::Released { ids: vec![id] }
        );
        assert!(!source.exists());
    });
}

#[test]
fn a_refusal_is_an_answer() {
    served(|machine, socket| {
        let reason = |question: &Question| match ask(socket, question).unwrap() {
            Answer::Refused { reason } => reason.replace(&machine.0.path().display().to_string(), ""),
            other => panic!("{other:?}"),
        };
        assert_eq!(reason(&pin(machine, "eve", "home/ana")), "there is no account `eve` on this machine");
        assert_eq!(
            reason(&pin(machine, "ana", "home/bob")),
            "`/home/bob` is outside `/home/ana`, which is what may be bound; use a named volume"
        );
        assert_eq!(
            reason(&pin(machine, "ana", "home/ana/no")),
            "`/home/ana/no` does not exist; make it first"
        );
    });
}

#[test]
fn nobody_but_root_is_heard() {
    served(|machine, socket| {
        let (ana, question, socket) = (machine.ana(), pin(machine, "ana", "home/ana"), socket.to_owned());
        let heard = std::thread::spawn(move || {
            identity::assume(&ana).unwrap();
            (ask(&socket, &question).is_err(), ask_for_socket(&socket, &alice()).is_err())
        });
        assert_eq!(heard.join().unwrap(), (true, true));
        assert_eq!(std::fs::read_dir(machine.path("state/pins")).unwrap().count(), 0);
        assert!(!machine.path("run").exists());
    });
}

fn alice() -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: wharf_model::Generation(1) }
}

#[test]
fn an_own_socket_is_given_to_whoever_answers_and_is_the_same_every_time() {
    served(|machine, socket| {
        let path = machine.path("run/tenants/alice/1/docker.sock");
        let first = UnixListener::from(ask_for_socket(socket, &alice()).unwrap());
        let inode = || std::fs::metadata(&path).unwrap().ino();
        let before = inode();
        drop(first);
        // Nobody answers now, and whoever comes waits.
        let mut waiting = UnixStream::connect(&path).unwrap();
        waiting.write_all(b"x").unwrap();
        let second = UnixListener::from(ask_for_socket(socket, &alice()).unwrap());
        let (mut stream, _) = second.accept().unwrap();
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        assert_eq!((byte, inode()), (*b"x", before));
        let keep = |live: Vec<_>| ask(socket, &Question::KeepSockets { live }).unwrap();
        assert_eq!(keep(vec![(alice().name, alice().generation)]), Answer::Kept);
        assert_eq!(inode(), before);
        assert_eq!(keep(vec![]), Answer::Kept);
        assert!(!path.exists());
    });
}

#[test]
fn nonsense_is_answered_or_dropped_and_harms_nobody() {
    served(|_, socket| {
        for text in ["\n", "{}\n", "{\"pin\":{}}\n", "{\"release\":{\"id\":\"../../x\"}}\n", "\"list\" 1\n"] {
            let mut stream = UnixStream::connect(socket).unwrap();
            stream.write_all(text.as_bytes()).unwrap();
            let answer: Answer = serde_json::from_slice(&read_line(&stream).unwrap()).unwrap();
            assert!(matches!(answer, Answer::Failed { .. }), "{text}: {answer:?}");
        }
        let mut stream = UnixStream::connect(socket).unwrap();
        let _cut = stream.write_all(&vec![b'a'; 2 * 1024 * 1024]);
        assert!(read_line(&stream).is_err());
        ask(socket, &Question::List).unwrap();
    });
}

#[test]
fn a_pin_that_was_late_is_opened_again_when_that_is_asked_for() {
    served(|machine, socket| {
        let late = machine.directory("home/ana/late", crate::testing::ANA, 0o755);
        let Answer::Pinned { id, source, .. } = ask(socket, &pin(machine, "ana", "home/ana/late")).unwrap()
        else {
            panic!("not pinned")
        };
        // As after a boot: the mount is gone, and its directory is not there yet.
        rustix::mount::unmount(&source, rustix::mount::UnmountFlags::DETACH).unwrap();
        std::fs::remove_dir(&source).unwrap();
        std::fs::remove_dir(source.parent().unwrap()).unwrap();
        std::fs::rename(&late, machine.path("home/ana/elsewhere")).unwrap();
        let reopen = Question::Reopen { ids: vec![id.clone()] };
        let Answer::Reopened { there, absent } = ask(socket, &reopen).unwrap() else { panic!("no answer") };
        assert_eq!((there.len(), absent.len()), (0, 1));
        assert!(absent[0].1.ends_with("does not exist; make it first"));
        std::fs::rename(machine.path("home/ana/elsewhere"), &late).unwrap();
        assert_eq!(ask(socket, &reopen).unwrap(), Answer::Reopened { there: vec![id], absent: vec![] });
        assert!(source.is_dir());
    });
}

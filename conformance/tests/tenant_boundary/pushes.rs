//! Pushing the same name at once, and what ends in the middle. The engine pushes from the registry's own name, which is
//! borrowed for the while: whatever happens, what had it has it again.

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};
use wharf_conformance::gateway::{Client, Gateway, ORDINARY, through_the_gateway};
use wharf_testkit::{Access, Engine, Registry};

/// How long anything awaited may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A door before a registry. While it is closed, whoever comes waits.
struct Gate {
    address: String,
    is_open: Arc<(Mutex<bool>, Condvar)>,
}

impl Gate {
    /// A closed one.
    fn before(engine: &Engine, registry: &Registry) -> Self {
        let is_open = Arc::new((Mutex::new(false), Condvar::new()));
        let (told, told_of) = mpsc::channel();
        let netns = File::open(format!("/run/netns/{}", engine.netns().name())).unwrap();
        let (registry, opened) = (registry.address().to_owned(), Arc::clone(&is_open));
        // Ends with the test's process.
        thread::spawn(move || {
            move_into_link_name_space(netns.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            told.send(listener.local_addr().unwrap().to_string()).unwrap();
            for client in listener.incoming().flatten() {
                let (registry, opened) = (registry.clone(), Arc::clone(&opened));
                thread::spawn(move || {
                    let (is_open, changed) = &*opened;
                    drop(changed.wait_while(is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
                    pass(client, TcpStream::connect(registry).unwrap());
                });
            }
        });
        Self { address: told_of.recv().unwrap(), is_open }
    }

    fn open(&self) {
        *self.is_open.0.lock().unwrap() = true;
        self.is_open.1.notify_all();
    }
}

fn pass(client: TcpStream, registry: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        let _ended = io::copy(&mut from, &mut to).and_then(|_| to.flush());
        let _ended = to.shutdown(Shutdown::Write);
    };
    let back = (registry.try_clone().unwrap(), client.try_clone().unwrap());
    thread::spawn(move || copy(back.0, back.1));
    copy(client, registry);
}

fn granting(addresses: &[&str]) -> String {
    let patterns: Vec<String> = addresses.iter().map(|address| format!("'{address}/*'")).collect();
    format!("{ORDINARY}images: {{pull: [{0}], push: [{0}]}}\n", patterns.join(", "))
}

/// Which image has this name on the engine itself.
fn named(engine: &Engine, name: &str) -> Option<String> {
    engine.docker(["image", "inspect", "-f", "{{.Id}}", name]).ok().map(|id| id.trim().to_owned())
}

fn waits_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// An image of this client's own, with this name, that says whose it is.
fn makes(client: &Client<'_>, image: &str, whose: &str) -> String {
    let make = format!(
        "docker create --name {whose} busybox true && echo {whose} >whose && docker cp whose {whose}:/whose && \
         docker commit {whose} {image} && docker rm {whose}"
    );
    client.sh(&make).succeeds();
    client.answer(&format!("docker image inspect -f '{{{{.Id}}}}' {image}"))
}

#[test]
fn two_tenants_push_one_name_at_once_and_each_pushes_its_own() {
    through_the_gateway(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let grants = granting(&[registry.address()]);
        let gateway = Gateway::on(engine).tenant("alice", &grants).tenant("bob", &grants).start();
        let image = registry.image("same:1");
        engine.docker(["tag", "busybox", &image]).unwrap();
        let before = named(engine, &image);
        let tenants = ["alice", "bob"].map(|role| (gateway.as_tenant(role, engine.kind()), role));
        for (client, role) in &tenants {
            makes(client, &image, role);
        }
        let pushed = thread::scope(|scope| {
            let pushing = tenants.each_ref().map(|(client, _)| {
                scope.spawn(|| {
                    client.lines(&format!(
                        "for i in 1 2 3; do docker push {image} | sed -n 's/.*digest: \\(sha256:[0-9a-f]*\\) .*/\\1/p'; done"
                    ))
                })
            });
            pushing.map(|pushing| pushing.join().unwrap())
        });
        for ((client, role), digests) in tenants.iter().zip(&pushed) {
            assert_eq!(digests.len(), 3, "{pushed:?}");
            for digest in digests {
                let by_digest = registry.image(&format!("same@{digest}"));
                client.answers(
                    &format!("docker pull -q {by_digest} && docker run --rm {by_digest} cat /whose"),
                    &format!("{by_digest}\n{role}"),
                );
            }
            client.answers(&format!("docker run --rm --pull never {image} cat /whose"), role);
        }
        assert_eq!(named(engine, &image), before);
        engine.docker(["rmi", &image]).unwrap();
    });
}

#[test]
fn what_the_administrator_says_of_a_name_meanwhile_holds() {
    through_the_gateway(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let gate = Gate::before(engine, &registry);
        let gateway = Gateway::on(engine).tenant("alice", &granting(&[&gate.address])).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let [moved, removed] = ["moved:1", "removed:1"].map(|name| format!("{}/{name}", gate.address));
        let own = makes(&alice, &moved, "alice");
        alice.sh(&format!("docker tag {moved} {removed}")).succeeds();
        engine.docker(["tag", "busybox", &removed]).unwrap();
        let pushes = [&moved, &removed].map(|image| alice.start(&format!("docker push {image}")));
        for image in [&moved, &removed] {
            waits_until("the name was to be lent", || named(engine, image) == Some(own.clone()));
        }
        engine.docker(["tag", "busybox", &moved]).unwrap();
        engine.docker(["rmi", &removed]).unwrap();
        gate.open();
        for push in pushes {
            let _as_the_engine_likes = push.ends();
        }
        assert_eq!(named(engine, &moved), named(engine, "busybox"));
        assert_eq!(named(engine, &removed), None);
        for image in [&moved, &removed] {
            alice.answers(&format!("docker run --rm --pull never {image} cat /whose"), "alice");
        }
        engine.docker(["rmi", &moved]).unwrap();
    });
}

#[test]
fn a_push_whose_client_is_killed_ends_and_gives_the_name_back() {
    through_the_gateway(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let gate = Gate::before(engine, &registry);
        let grants = granting(&[&gate.address]);
        let gateway = Gateway::on(engine).tenant("alice", &grants).tenant("bob", &grants).start();
        let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
        let [taken, free] = ["taken:1", "free:1"].map(|name| format!("{}/{name}", gate.address));
        let own = makes(&alice, &taken, "alice");
        alice.sh(&format!("docker tag {taken} {free}")).succeeds();
        engine.docker(["tag", "busybox", &taken]).unwrap();
        let before = [named(engine, &taken), None];
        let pushes = [&taken, &free].map(|image| alice.start(&format!("docker push {image}")));
        for image in [&taken, &free] {
            waits_until("the name was to be lent", || named(engine, image) == Some(own.clone()));
            // Whatever the engine calls it for the while, it is alice's.
            bob.sh(&format!("docker image inspect {image}")).exits(1).says("No such image");
            bob.sh(&format!("docker run --rm --pull never {image} true")).exits(125);
        }
        drop(pushes);
        waits_until("the names were to be given back", || {
            [named(engine, &taken), named(engine, &free)] == before
        });
        gate.open();
        alice.sh(&format!("docker push {taken}")).succeeds().prints("digest: sha256:");
        assert_eq!(named(engine, &taken), before[0]);
        engine.docker(["rmi", &taken]).unwrap();
    });
}

#[test]
fn a_gateway_killed_in_a_push_gives_the_name_back_when_it_starts_again() {
    through_the_gateway(|engine| {
        let registry = Registry::start(engine, Access::Open).unwrap();
        let gate = Gate::before(engine, &registry);
        let grants = granting(&[&gate.address]);
        let mut gateway = Gateway::on(engine).tenant("alice", &grants).tenant("bob", &grants).start();
        let [taken, free] = ["taken:2", "free:2"].map(|name| format!("{}/{name}", gate.address));
        engine.docker(["tag", "busybox", &taken]).unwrap();
        let before = [named(engine, &taken), None];
        let now = || [named(engine, &taken), named(engine, &free)];
        let (own, pushes) = {
            let alice = gateway.as_tenant("alice", engine.kind());
            let own = makes(&alice, &taken, "alice");
            alice.sh(&format!("docker tag {taken} {free}")).succeeds();
            let pushes = [&taken, &free].map(|image| alice.start(&format!("docker push {image}")));
            waits_until("the names were to be lent", || now() == [Some(own.clone()), Some(own.clone())]);
            (own, pushes)
        };
        gateway.kill();
        drop(pushes);
        assert_eq!(now(), [Some(own.clone()), Some(own)], "killed at once, it has given nothing back");
        gateway.start_again();
        assert_eq!(now(), before);
        let bob = gateway.as_tenant("bob", engine.kind());
        for image in [&taken, &free] {
            bob.sh(&format!("docker image inspect {image}")).exits(1).says("No such image");
        }
        gate.open();
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.sh(&format!("docker push {free}")).succeeds().prints("digest: sha256:");
        assert_eq!(now(), before);
        let undone = std::fs::read_to_string(gateway.path("state/audit.jsonl")).unwrap();
        assert!(undone.contains("after a push that broke off"), "{undone}");
        engine.docker(["rmi", &taken]).unwrap();
    });
}

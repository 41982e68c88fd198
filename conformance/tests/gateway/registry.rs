//! A private registry: log in, pull, push.

use std::sync::{Mutex, PoisonError};

use wharf_conformance::gateway::{Client, on_each_door_with_registry, with_neighbours_and_registry};
use wharf_testkit::{Access, Engine, Registry};

const PASSWORD: Access<'_> = Access::Password { user: "ana", password: "quay side" };

/// The engine's own docker CLI keeps all accounts in one file, and two logins at once lose one.
static LOGGED_IN: Mutex<()> = Mutex::new(());

/// Puts busybox into the registry, by the engine's own socket, and forgets it here.
fn stock(engine: &Engine, registry: &Registry) -> String {
    let image = registry.image("team/app:1");
    let _alone = LOGGED_IN.lock().unwrap_or_else(PoisonError::into_inner);
    engine.import_busybox().unwrap();
    engine.docker(["login", "-u", "ana", "-p", "quay side", registry.address()]).unwrap();
    engine.docker(["tag", "busybox", &image]).unwrap();
    engine.docker(["push", &image]).unwrap();
    engine.docker(["rmi", &image]).unwrap();
    engine.docker(["logout", registry.address()]).unwrap();
    image
}

fn log_in(client: &Client<'_>, registry: &Registry) {
    let words = format!("docker login -u ana --password-stdin {}", registry.address());
    client.sh_with_input(&words, b"quay side").succeeds().prints("Login Succeeded");
}

#[test]
fn images_come_from_and_go_to_a_registry_with_a_password() {
    on_each_door_with_registry(PASSWORD, |client, registry| {
        let image = stock(client.engine(), registry);
        client.sh(&format!("docker pull {image}")).exits(1).says("no basic auth credentials");
        let wrong = format!("docker login -u ana --password-stdin {}", registry.address());
        client.sh_with_input(&wrong, b"wrong").exits(1).never_says("wrong\n");
        log_in(client, registry);
        let pulled = client.sh(&format!("docker pull {image}")).succeeds();
        let pulled = pulled.prints(&format!("Status: Downloaded newer image for {image}"));
        pulled.prints("Digest: sha256:");
        client.sh(&format!("docker pull {image}")).succeeds().prints("Image is up to date");
        client.answers(&format!("docker pull -q {image}"), &image);
        client.answers(
            &format!(
                "docker images --format '{{{{.Repository}}}}:{{{{.Tag}}}}' {}",
                image.rsplit_once(':').unwrap().0
            ),
            &image,
        );
        // At the bare engine the same image may have others of other tests.
        let digests = client.lines(&format!(
            "docker image inspect -f '{{{{range .RepoDigests}}}}{{{{println .}}}}{{{{end}}}}' {image}"
        ));
        let ours = registry.image("team/app@sha256:");
        let digests =
            digests.iter().find(|digest| digest.starts_with(&ours)).unwrap_or_else(|| panic!("{digests:?}"));
        client.answers(&format!("docker run --rm {digests} echo by digest"), "by digest");
        client.sh(&format!("docker pull {}", registry.image("team/absent"))).exits(1).says("team/absent");

        let own = registry.image("mine/app:2");
        client
            .sh(&format!(
                "docker create --name @box {image} && docker cp /etc/hostname \
            @box:/mine && docker commit @box {own}"
            ))
            .succeeds();
        let pushed = client.sh(&format!("docker push {own}")).succeeds();
        pushed
            .prints(&format!("The push refers to repository [{}]", registry.image("mine/app")))
            .prints("2: digest: sha256:");
        client
            .sh(&format!(
                "docker rm @box && docker rmi {own} && docker run --rm {own} cat /mine \
            && docker rmi {own} {image}"
            ))
            .succeeds();
        client
            .sh(&format!("docker logout {} && docker pull {own}", registry.address()))
            .exits(1)
            .says("no basic auth credentials");
        client.sh(&format!("docker push {}", registry.image("nothing/here"))).exits(1).says(&format!(
            "An image does not exist locally with the tag: {}",
            registry.image("nothing/here")
        ));
    });
}

#[test]
fn what_one_tenant_pulled_is_not_thereby_anothers() {
    with_neighbours_and_registry(PASSWORD, |alice, bob, registry| {
        let image = stock(alice.engine(), registry);
        log_in(alice, registry);
        alice.sh(&format!("docker pull {image}")).succeeds();
        bob.sh(&format!("docker image inspect {image}")).exits(1).says(&format!("No such image: {image}"));
        bob.sh(&format!("docker run --rm {image} true")).exits(125).says("no basic auth credentials");
        bob.answers(&format!("docker images -q {}", registry.image("team/app")), "");
        bob.sh(&format!("docker rmi {image}")).exits(1).says(&format!("No such image: {image}"));
        bob.sh(&format!("docker push {image}")).exits(1).says("An image does not exist locally with the tag");
        log_in(bob, registry);
        bob.sh(&format!("docker pull {image} && docker rmi {image}")).succeeds();
        alice.answers(&format!("docker run --rm {image} echo mine"), "mine");
    });
}

/// An image that only the registry has; its reference by tag, its reference by digest, and its id.
fn only_at(engine: &Engine, registry: &Registry, name: &str) -> (String, String, String) {
    let image = registry.image(&format!("{name}:1"));
    let box_name = wharf_testkit::unique_name();
    engine.import_busybox().unwrap();
    engine
        .docker(["run", "--name", &box_name, "busybox", "sh", "-c", "cat /proc/sys/kernel/random/uuid >/own"])
        .unwrap();
    let id = engine.docker(["commit", &box_name, &image]).unwrap().trim().to_owned();
    engine.docker(["rm", &box_name]).unwrap();
    engine.docker(["push", &image]).unwrap();
    let digests = engine.docker(["inspect", "-f", "{{index .RepoDigests 0}}", &image]).unwrap();
    let digest = digests.trim().to_owned();
    engine.docker(["rmi", &image]).unwrap();
    assert!(!has(engine, &id), "the engine has it not");
    (image, digest, id)
}

fn has(engine: &Engine, image: &str) -> bool {
    engine.docker(["image", "inspect", image]).is_ok()
}

#[test]
fn what_tenants_pulled_is_gone_with_the_last_of_their_names_and_what_the_administrator_pulled_is_not() {
    with_neighbours_and_registry(Access::Open, |alice, bob, registry| {
        let engine = alice.engine();
        // By tag, and by digest; the disk is free again.
        for by_digest in [false, true] {
            let (image, digest, id) = only_at(engine, registry, "team/freed");
            let meant = if by_digest { &digest } else { &image };
            alice.sh(&format!("docker pull {meant}")).succeeds();
            alice.answers(&format!("docker run --rm {digest} echo by digest"), "by digest");
            alice.sh(&format!("docker rmi {meant}")).succeeds().prints("Deleted: sha256:");
            assert!(!has(engine, &id), "by digest: {by_digest}");
        }
        // What a container of hers is made of stays, and is seen to; then it can be removed.
        let (image, _, id) = only_at(engine, registry, "team/forced");
        alice
            .sh(&format!("docker pull {image} && docker create --name made {image} && docker rmi -f {image}"))
            .succeeds();
        alice.answers("docker images -q --no-trunc --filter dangling=true", &id);
        alice.sh(&format!("docker rm made && docker rmi {id}")).succeeds();
        assert!(!has(engine, &id));
        // While a neighbour has it, it stays, and goes with the neighbour's.
        let (image, _, id) = only_at(engine, registry, "team/both");
        for client in [alice, bob] {
            client.sh(&format!("docker pull {image}")).succeeds();
        }
        alice.sh(&format!("docker rmi {image}")).succeeds();
        bob.answers(&format!("docker run --rm {image} echo his"), "his");
        bob.sh(&format!("docker rmi {image}")).succeeds();
        assert!(!has(engine, &id));
        // And what he called it is not hers to know.
        let (public, _, id) = only_at(engine, registry, "team/public");
        let secret = registry.image("team/secret:1");
        engine.docker(["pull", &public]).unwrap();
        engine.docker(["tag", &public, &secret]).unwrap();
        engine.docker(["push", &secret]).unwrap();
        engine.docker(["rmi", "-f", &id]).unwrap();
        alice.sh(&format!("docker pull {public}")).succeeds();
        bob.sh(&format!("docker pull {secret} && docker rmi {secret}")).succeeds();
        let told = alice.sh(&format!("docker rmi {public}")).succeeds();
        let told = told.prints("team/public").prints("Deleted: sha256:");
        assert!(!told.stdout().contains("secret"), "{told}");
        assert!(!has(engine, &id));
        // What the administrator pulled before, or since, by digest or by tag, or uses.
        let (image, digest, id) = only_at(engine, registry, "team/before");
        engine.docker(["pull", &digest]).unwrap();
        alice.sh(&format!("docker pull {image} && docker rmi {image}")).succeeds();
        assert!(has(engine, &digest));
        engine.docker(["rmi", &id]).unwrap();

        let (image, digest, id) = only_at(engine, registry, "team/since");
        alice.sh(&format!("docker pull {image}")).succeeds();
        engine.docker(["pull", &digest]).unwrap();
        alice.sh(&format!("docker rmi {image}")).succeeds();
        assert!(has(engine, &digest));
        engine.docker(["rmi", &id]).unwrap();

        let (image, _, id) = only_at(engine, registry, "team/tagged");
        alice.sh(&format!("docker pull {image}")).succeeds();
        engine.docker(["tag", &id, &image]).unwrap();
        alice.sh(&format!("docker rmi {image}")).succeeds();
        assert!(has(engine, &image));
        engine.docker(["rmi", "-f", &id]).unwrap();

        let (image, _, id) = only_at(engine, registry, "team/used");
        alice.sh(&format!("docker pull {image}")).succeeds();
        let used = engine.docker(["create", &id]).unwrap();
        alice.sh(&format!("docker rmi {image}")).succeeds();
        assert!(has(engine, &id), "a container of the administrator's is made of it");
        engine.docker(["rm", used.trim()]).unwrap();
        engine.docker(["rmi", "-f", &id]).unwrap();
    });
}

#[test]
fn tenants_that_pull_and_remove_one_image_at_once_do_not_lose_it() {
    with_neighbours_and_registry(Access::Open, |alice, bob, registry| {
        let (image, _, id) = only_at(alice.engine(), registry, "team/busy");
        let script = format!(
            "for n in $(seq 8); do docker pull -q {image} && docker run --rm {image} true && docker rmi {image}; done"
        );
        std::thread::scope(|scope| {
            for client in [alice, bob] {
                scope.spawn(|| client.sh(&script).succeeds());
            }
        });
        assert!(!has(alice.engine(), &id));
    });
}

//! The socket of the engine inside a container, as testcontainers' Ryuk, CI runners and editors' helpers use it: it is
//! the tenant's own, whoever speaks there.

use std::process::Command;

use wharf_conformance::gateway::{Client, with_neighbours};
use wharf_testkit::{Engine, ImageRecipe, TestDir};

/// An image that can speak on a unix socket; tenants see it.
const IMAGE: &str = "busybox:says";

fn import(engine: &Engine) {
    let directory = TestDir::new().unwrap();
    let program = directory.join("say");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/say.rs");
    let mut compile = Command::new("rustc");
    compile.args(["-C", "target-feature=+crt-static", source, "-o"]).arg(&program);
    wharf_testkit::run(&mut compile).unwrap();
    engine.import(&ImageRecipe::busybox(IMAGE).program("bin/say", &program)).unwrap();
}

/// A request from inside a container, and all that came back.
fn say(client: &Client<'_>, container: &str, request: &str) -> String {
    let request = format!("{request} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
    let script = format!("docker exec -i {container} say /var/run/docker.sock");
    let run = client.sh_with_input(&script, request.as_bytes()).succeeds();
    run.stdout()
}

#[test]
fn a_container_may_tend_its_owners_containers() {
    with_neighbours(|alice, bob| {
        import(alice.engine());
        bob.sh("docker run -d --init --name box --label org.testcontainers=true busybox sleep 1000")
            .succeeds();
        let mount = "-v /var/run/docker.sock:/var/run/docker.sock";
        // Root inside, and nobody in particular.
        for (name, user) in [("ryuk", "0"), ("runner", "65534")] {
            alice
                .sh(&format!("docker run -d --init --name {name} -u {user} {mount} {IMAGE} sleep 1000"))
                .succeeds();
            alice
                .sh("docker run -d --init --name box --label org.testcontainers=true busybox sleep 1000")
                .succeeds();
            assert!(say(alice, name, "GET /_ping").ends_with("OK"));
            let filter = "%7B%22label%22%3A%5B%22org.testcontainers%3Dtrue%22%5D%7D";
            let listed = say(alice, name, &format!("GET /v1.41/containers/json?all=1&filters={filter}"));
            assert_eq!(listed.matches("\"Names\":[\"/box\"]").count(), 1, "{listed}");
            let removed = say(alice, name, "DELETE /v1.41/containers/box?force=1&v=1");
            assert!(removed.starts_with("HTTP/1.1 204 "), "{removed}");
            alice.answers("docker ps -a --format '{{.Names}}' --filter label=org.testcontainers=true", "");
            let denied = say(alice, name, "GET /v1.41/swarm");
            assert!(denied.starts_with("HTTP/1.1 403 "), "{denied}");
            let source =
                alice.answer(&format!("docker inspect -f '{{{{(index .Mounts 0).Source}}}}' {name}"));
            assert_eq!(source, "/var/run/docker.sock");
            alice.sh(&format!("docker rm -f {name}")).succeeds();
        }
        bob.answers("docker ps --format '{{.Names}}'", "box");
        bob.sh("docker rm -f box").succeeds();
    });
}

/// What an editor does to work inside a container.
#[test]
fn an_editor_works_inside_a_container() {
    with_neighbours(|alice, _bob| {
        let filter = "--filter label=devcontainer.local_folder=/home/alice/site";
        alice.answers(&format!("docker ps -q -a {filter}"), "");
        alice
            .sh("docker version --format '{{.Server.APIVersion}}'; docker buildx version || true")
            .succeeds();
        alice.sh("docker inspect --type image busybox").succeeds();
        alice.sh("docker volume ls -q; docker volume create vscode").succeeds();
        let mut events = alice
            .start("docker events --filter type=container --format '{{.Action}} {{.Actor.Attributes.name}}'");
        let mut starting = alice.start(
            "docker run --sig-proxy=false -a STDOUT -a STDERR --mount type=volume,source=vscode,target=/vscode \
             -v site:/workspaces/site -l devcontainer.local_folder=/home/alice/site \
             -l devcontainer.metadata='[{\"id\":\"x\"}]' --cap-add CHOWN --security-opt no-new-privileges \
             --entrypoint /bin/sh busybox -c 'echo Container started; trap \"exit 0\" 15; exec \"$@\"; \
             while sleep 1 & wait $!; do :; done' -",
        );
        starting.says("Container started");
        let id = alice.answer(&format!("docker ps -q --no-trunc {filter} --filter status=running"));
        assert_eq!(id.len(), 64, "{id}");
        alice.sh(&format!("docker inspect --type container {id}")).succeeds();
        let mut shell = alice.start(&format!("docker exec -i -u root -e VSCODE=1 {id} /bin/sh"));
        shell
            .types("echo user $(id -un); uname -m; cat /etc/passwd | wc -l; env | grep VSCODE; echo ready\n");
        shell.says("user root\n");
        shell.says("VSCODE=1\n");
        shell.says("ready\n");
        alice.answers(
            &format!(
                "tar cf - . 2>/dev/null | docker exec -i -u root {id} sh -c 'mkdir -p /vscode/bin && \
                          tar tf - >/dev/null && echo unpacked'"
            ),
            "unpacked",
        );
        alice.write("settings.json", "{}\n");
        alice
            .sh(&format!("docker cp settings.json {id}:/vscode/bin/ && docker cp {id}:/etc/passwd got"))
            .succeeds();
        shell.types("cat /vscode/bin/settings.json; (sleep 1000 & echo background $!); echo done\n");
        shell.says("{}\n");
        shell.says("background");
        shell.says("done\n");
        events.says("create");
        events.says("start");
        alice.sh(&format!("docker stop -t 0 {id} && docker start {id} && docker rm -f {id}")).succeeds();
        drop(shell);
        alice.sh("docker volume rm vscode site").succeeds();
    });
}

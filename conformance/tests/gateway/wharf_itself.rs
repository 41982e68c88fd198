//! `wharf` as a tenant's program: who one is, a docker context, pods without sudo; and tenants that come after others.

use std::path::PathBuf;
use std::process::Command;

use wharf_conformance::eventually;
use wharf_conformance::gateway::{Client, Gateway, ORDINARY, through_the_gateway};
use wharf_testkit::wharf_program;

const POD: &str = "containers:\n  web: {image: busybox, update_image: false, command: sleep 600}\n  \
                   side: {image: busybox, update_image: false, command: sleep 600}\n";

/// The program under test, where the client's account can run it.
fn program(client: &Client<'_>) -> PathBuf {
    let path = client.path("wharf");
    std::fs::copy(wharf_program().unwrap(), &path).unwrap();
    path
}

#[test]
fn a_tenant_learns_who_it_is_and_has_a_context_and_pods_without_sudo() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let wharf = program(&alice).display().to_string();
        let name = gateway.tenant_name("alice");

        alice.sh("docker run -d --init --memory 32m busybox sleep 600").succeeds();
        let told = alice.sh(&format!("{wharf} whoami")).succeeds().stdout();
        let line = |title: &str| {
            let line = told
                .lines()
                .find(|line| line.starts_with(title))
                .unwrap_or_else(|| panic!("{title}: {told}"));
            line.split_whitespace().skip(1).map(String::from).collect::<Vec<_>>()
        };
        assert_eq!(line("tenant"), [name]);
        assert_eq!(line("containers"), ["1", "30"]);
        assert_eq!(line("memory"), ["32M", "4G"]);

        let socket = gateway.socket();
        let context = format!("{wharf} --host unix://{} context --use", socket.display());
        alice.sh(&context).succeeds();
        alice.answers("unset DOCKER_HOST; docker ps -q | wc -l", "1");
        alice.answers("unset DOCKER_HOST; docker context show 2>/dev/null || echo wharf", "wharf");

        alice.write("blog.yml", POD);
        let wharf = format!("{wharf} --state-dir $HOME/state");
        alice.sh(&format!("{wharf} up blog.yml")).succeeds();
        alice.answers(
            "docker ps --format '{{.Names}}' --filter name=blog | sort | tr '\\n' ' '",
            "blog blog.side blog.web",
        );
        alice.sh(&format!("{wharf} plan --detailed-exit-code blog.yml")).succeeds();
        alice.sh(&format!("{wharf} exec blog web true")).succeeds();
        alice.sh(&format!("{wharf} down blog")).succeeds();
        alice.answers("docker ps -aq --filter name=blog | wc -l", "0");
    });
}

#[test]
fn a_tenant_that_comes_after_another_of_its_name_sees_nothing_until_it_is_adopted() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let name = gateway.tenant_name("alice").to_owned();
        let make = "docker run -d --name left --init busybox sleep 600 && docker volume create left && docker tag busybox left";
        alice.sh(make).succeeds();
        let seen = "docker ps -aq | wc -l; docker volume ls -q | wc -l; docker images -q left | wc -l";
        alice.answers(seen, "1\n1\n1");

        gateway.reload(&format!("  {name}:\n"), "  another:\n");
        eventually("the account is another tenant's", || {
            (alice.sh("docker ps -aq | wc -l").stdout().trim() == "0").then_some(())
        });
        gateway.reload("  another:\n", &format!("  {name}:\n"));
        eventually("the tenant is there again", || {
            alice
                .http(b"GET /wharf/whoami HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
                .contains("\"generation\":2")
                .then_some(())
        });
        alice.answers(seen, "0\n0\n0");
        alice.sh("docker inspect left").exits(1);

        let mut adopt = Command::new(wharf_program().unwrap());
        adopt.args(["--config"]).arg(gateway.path("host.yml")).args(["tenant", "adopt", &name]);
        assert!(adopt.status().unwrap().success());
        gateway.reload("tenants:\n", "# adopted\ntenants:\n");
        eventually("what was left is there", || {
            (alice.sh(seen).stdout().split_whitespace().collect::<Vec<_>>() == ["1", "1", "1"]).then_some(())
        });
        alice.sh("docker rm -f left && docker volume rm left && docker rmi left").succeeds();
    });
}

/// Takes the tenant of this role out of the configuration, and puts it back: it is another one then.
fn come_back(gateway: &Gateway<'_>, name: &str) {
    let reloads = || gateway.log().matches("was read again, and is in force").count();
    for (from, to) in
        [(format!("  {name}:\n"), "  away:\n"), ("  away:\n".to_owned(), &*format!("  {name}:\n"))]
    {
        let before = reloads();
        gateway.reload(&from, to);
        eventually("the configuration is in force", || (reloads() > before).then_some(()));
    }
}

#[test]
fn a_tenant_that_comes_back_has_the_names_of_its_predecessor_for_its_own() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let name = gateway.tenant_name("alice").to_owned();
        let project = "services:\n  web: {image: busybox, init: true, command: 'sh -c \"echo WORD >>/data/file; sleep 600\"', volumes: ['data:/data']}\nvolumes: {data: {}}\n";
        let run = "docker network create inner >/dev/null; docker volume create own >/dev/null; \
                   docker run -d --init --name web -v own:/own busybox sh -c 'echo WORD >/own/file; sleep 600' && \
                   docker run -d --init --name side --network inner busybox sleep 600";
        let word = |word: &str| {
            alice.write("docker-compose.yml", &project.replace("WORD", word));
            alice.sh("cd $HOME && docker compose -p blog up -d").succeeds();
            alice.sh(&run.replace("WORD", word)).succeeds();
        };
        let names = || {
            let all = "docker ps -a --format '{{.Names}}' | sort; docker volume ls -q | sort; \
                       docker network ls --format '{{.Name}}' | sort";
            alice.answer(all)
        };
        word("former");
        let before = names();
        let ids = alice.lines("docker ps -q --no-trunc");
        come_back(&gateway, &name);
        assert_eq!(alice.answer("docker ps -aq; docker volume ls -q"), "");
        word("present");
        assert_eq!(names(), before, "the same names, and no other");
        for read in ["docker exec web cat /own/file", "docker compose -p blog exec -T web cat /data/file"] {
            alice.answers(read, "present");
        }
        // Its DNS, its events and what the engine complains of have its own names.
        alice.answers("docker exec side nslookup side | grep -c \"Name:.*side\"", "1");
        // Until the second that has just begun is over: whole seconds are what the engine understands.
        alice.answers("docker events --since 1 --until $(($(date +%s) + 1)) --filter container=web --filter event=start --format '{{.Actor.Attributes.name}}' | sort -u", "web");
        alice.sh("docker volume rm own").exits(1).says("volume is in use");
        let complaint =
            alice.sh("docker run --name web busybox").exits(125).says("\"/web\" is already in use");
        complaint.never_says("_2--");
        // The former one's run on, untouched.
        let engine_sees = |id: &String| {
            let mut docker = engine.docker_command();
            let told = docker.args(["inspect", "-f", "{{.State.Running}}", id]).output().unwrap();
            String::from_utf8_lossy(&told.stdout).trim() == "true"
        };
        assert!(ids.len() == 3 && ids.iter().all(engine_sees));

        let mut adopt = Command::new(wharf_program().unwrap());
        adopt.args(["--config"]).arg(gateway.path("host.yml")).args(["tenant", "adopt", &name]);
        let told = adopt.output().unwrap();
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        for taken in ["container `web`", "container `side`", "network `inner`", "volume `own`"] {
            assert!(told.contains(taken), "{told}");
        }
        gateway.reload("tenants:\n", "# adopted\ntenants:\n");
        // By its id it is hers now; by its name, when the name is free.
        eventually("it is adopted", || {
            (alice.sh(&format!("docker inspect {}", ids[0])).status() == 0).then_some(())
        });
        assert_eq!(names(), before, "each name once");
        alice.sh("docker create --name web busybox").exits(1).says("is already in use");
        alice.sh("docker rm -f web && docker volume rm own").succeeds();
        alice.answers("docker exec web cat /own/file", "former");
        alice.sh("docker create --name web busybox").exits(1).says("is already in use");
        alice.sh("docker rename side web").exits(1).says("is already in use");
        alice.sh("docker rename web kept && docker create --name web busybox").succeeds();
        alice.answers("docker exec kept cat /own/file", "former");
        alice.answers("docker run --rm -v own:/own busybox cat /own/file", "former");
        // What stood behind the later ones' names comes into sight, and goes like anything else.
        let remove = "docker ps -aq | xargs -r docker rm -f; docker volume ls -q | xargs -r docker volume rm; \
                      docker network prune -f";
        for _ in 0..2 {
            assert_ne!(alice.answer("docker ps -aq; docker volume ls -q"), "");
            alice.sh(remove).succeeds();
        }
        alice.answers("docker ps -aq; docker volume ls -q; docker network ls -q --filter name=inner", "");
    });
}

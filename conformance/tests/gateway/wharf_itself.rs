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

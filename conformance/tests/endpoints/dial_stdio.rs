//! The gateway as the engine of whoever comes in by `ssh`: `docker -H ssh://alice@host`.

use crate::people::Person;
use std::os::unix::fs::PermissionsExt as _;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_testkit::{EngineKind, Sshd, TestDir, docker_program, wharf_program};

/// What an account's ssh session is to run.
pub(crate) fn dial(gateway: &Gateway<'_>) -> String {
    format!("{} --host unix://{} dial-stdio", wharf_program().unwrap().display(), gateway.socket().display())
}

/// What somebody does with docker all day.
fn works(ana: &Person<'_>, server: &Sshd, login: &str, cli: EngineKind) {
    let there = ana.with("DOCKER_HOST", &format!("ssh://{login}@127.0.0.1:{}", server.port()));
    let sh = |script: &str| there.sh(cli, script).succeeds().stdout();
    assert_eq!(
        sh("docker run -d --name web busybox sh -c 'echo begun; sleep 3; echo done'").trim().len(),
        64
    );
    assert_eq!(sh("docker ps --format '{{.Names}}'").trim(), "web");
    assert_eq!(sh("docker logs -f web"), "begun\ndone\n");
    sh("docker rm -f web");
    sh("docker run -d --name box busybox sleep 1000");
    // Input that ends before the output does, and an exit status.
    assert_eq!(sh("head -c 2000000 /dev/zero | docker exec -i box wc -c").trim(), "2000000");
    assert_eq!(sh("printf 'a\\nb\\n' | docker run --rm -i busybox sort -r"), "b\na\n");
    let _status = there.sh(cli, "docker exec box sh -c 'exit 7'").exits(7);
    // With a terminal.
    let typed = "printf 'echo $((40+2))$((40+2))\\nexit\\n' | script -qec";
    let docker = docker_program(cli).unwrap();
    let said = sh(&format!("{typed} '{} run --rm -it busybox sh' /dev/null", docker.display()));
    assert!(said.contains("4242"), "{said}");
    let said = sh(&format!("{typed} '{} exec -it box sh' /dev/null", docker.display()));
    assert!(said.contains("4242"), "{said}");
    sh("docker rm -f box");
    assert_eq!(sh("docker ps -aq"), "");
}

#[test]
fn a_forced_command_gives_an_account_its_docker_over_ssh_with_either_cli() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.account("alice").name();
        let server = Sshd::start(engine.netns(), "").unwrap();
        let ana = Person::new(engine);
        server.admit(&ana.account, alice, &format!("restrict,command=\"{}\"", dial(&gateway))).unwrap();
        for cli in EngineKind::ALL {
            works(&ana, &server, alice, cli);
        }
        let there = ana.with("DOCKER_HOST", &format!("ssh://{alice}@127.0.0.1:{}", server.port()));
        let who = there.wharf(&["whoami", "--json"]).succeeds().json();
        assert_eq!((&who["tenant"], &who["user"]), (&alice.into(), &alice.into()));
    });
}

#[test]
fn a_match_block_and_a_wrapper_do_the_same_as_a_forced_command() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let alice = gateway.account("alice").name();
        let ana = Person::new(engine);
        let forced = format!(
            "Match User {alice}\n  ForceCommand {}\n  DisableForwarding yes\n  PermitTTY no\n  PermitUserRC no",
            dial(&gateway)
        );
        let server = Sshd::start(engine.netns(), &forced).unwrap();
        server.admit(&ana.account, alice, "").unwrap();
        works(&ana, &server, alice, engine.kind());
        drop(server);
        // As in docs/how-to/reach-over-ssh.md.
        let programs = TestDir::new().unwrap();
        let wrapper = format!(
            "#!/bin/sh\ncase \"$*\" in\n\"system dial-stdio\") exec {} ;;\nesac\n\
             echo 'this account has docker over ssh alone' >&2\nexit 1\n",
            dial(&gateway)
        );
        let wrapper = programs.write("docker", wrapper).unwrap();
        std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("SetEnv PATH={}:/usr/bin:/bin", programs.path().display());
        let server = Sshd::start(engine.netns(), &path).unwrap();
        server.admit(&ana.account, alice, "").unwrap();
        works(&ana, &server, alice, engine.kind());
        // With the docker CLI over there, the account's current context is enough.
        let docker = docker_program(engine.kind()).unwrap();
        let lines = format!(
            "SetEnv PATH={}:/usr/bin:/bin DOCKER_HOST=unix://{}",
            docker.parent().unwrap().display(),
            gateway.socket().display()
        );
        let server = Sshd::start(engine.netns(), &lines).unwrap();
        server.admit(&ana.account, alice, "").unwrap();
        works(&ana, &server, alice, engine.kind());
    });
}

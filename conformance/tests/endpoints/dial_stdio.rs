//! The gateway as the engine of whoever comes in by `ssh`: `docker -H ssh://alice@host`.

use crate::people::Person;
use std::os::unix::fs::PermissionsExt as _;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, on_each_engine};
use wharf_testkit::{Account, Engine, EngineKind, Sshd, TestDir, docker_program, wharf_program};

/// What an account's ssh session is to run.
fn dial(gateway: &Gateway<'_>) -> String {
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

#[test]
fn a_forced_command_lets_nothing_else_run() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).start();
        let account = gateway.account("alice");
        let alice = account.name();
        // What a container of hers could leave in a home of hers that it has mounted.
        let trace = account.home().join("was-here");
        let touch = format!("touch {}\n", trace.display());
        for file in [".bashrc", ".bash_profile", ".profile", ".bash_login", ".ssh/rc", ".ssh/environment"] {
            let path = account.home().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &touch).unwrap();
        }
        let mut chown = std::process::Command::new("chown");
        wharf_testkit::run(chown.args(["-R", alice]).arg(account.home())).unwrap();
        let server = Sshd::start(engine.netns(), "").unwrap();
        let ana = Person::new(engine);
        server.admit(&ana.account, alice, &format!("restrict,command=\"{}\"", dial(&gateway))).unwrap();
        let port = server.port().to_string();
        let target = format!("{alice}@127.0.0.1");
        let there = ana.with("LC_ALL", "C");
        let ssh = |options: &[&str], command: &[&str]| -> Run {
            let fixed = ["timeout", "5", "ssh", "-p", port.as_str()];
            let words: Vec<&str> =
                fixed.iter().chain(options).chain(&[target.as_str()]).chain(command).copied().collect();
            there.run(&words, b"")
        };
        for command in
            [&["id"][..], &["docker", "run", "busybox"], &["sh", "-c", "id"], &[], &["touch", "was-here"]]
        {
            for options in [&[][..], &["-tt"], &["-A", "-X"]] {
                let _ended = ssh(options, command).never_says("uid=").never_says("Docker CLI");
            }
        }
        let _ended = there.run(&["timeout", "5", "sftp", "-P", &port, &target], b"put /etc/passwd x\n");
        assert!(!account.home().join("x").exists());
        assert!(!trace.exists(), "a start-up file of the account's was run");
        // Neither ports nor sockets are passed on.
        let socket = ana.path("s");
        let forward = format!("{}:{}", socket.display(), gateway.socket().display());
        let script = format!(
            "ssh -N -p {port} -L {forward} {target} & sleep 2; \
             curl -s --max-time 3 --unix-socket {} http://d/_ping && echo reached; kill $!",
            socket.display()
        );
        let _ended = there
            .sh(engine.kind(), &format!("{{ {script}; }} || true"))
            .never_says("reached")
            .never_says("OK");
        // What is answered is the gateway.
        let told = there.run(
            &["timeout", "5", "ssh", "-p", &port, &target, "anything"],
            b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n",
        );
        told.prints("HTTP/1.1 200");
    });
}

#[test]
fn the_administrators_rights_are_not_given_to_who_came_through_sudo() {
    on_each_engine(|engine: &Engine| {
        let bob = Account::new("bob").unwrap();
        let dial = |on_behalf: bool| {
            let mut command = engine.netns().command("env");
            command.args(["-i", "PATH=/usr/bin:/bin"]);
            if on_behalf {
                command.args([format!("SUDO_UID={}", bob.uid()), format!("SUDO_GID={}", bob.gid())]);
            }
            command.arg(wharf_program().unwrap());
            command.args(["--host", &engine.host(), "dial-stdio"]);
            Run::of(&mut command, b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")
        };
        dial(false).succeeds().prints("HTTP/1.1 200");
        let denied = dial(true).exits(3).says("`wharf dial-stdio` is for administrators");
        assert_eq!(denied.stdout(), "");
    });
}

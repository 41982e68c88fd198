//! What somebody may try who makes contexts for others, comes in by `ssh`, or comes through sudo. `docs/security/attacks.md`
//! has a table of it; `table.rs` holds that it and the tests agree.

use crate::dial_stdio::dial;
use crate::people::Person;
use std::os::unix::fs::PermissionsExt as _;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_conformance::{Run, on_each_engine};
use wharf_testkit::{Account, Engine, Sshd, TestDir, wharf_program};

#[test]
fn a_context_that_would_make_ssh_run_something_is_refused() {
    on_each_engine(|engine| {
        let ana = Person::new(engine);
        let trace = ana.path("was-here");
        for hostile in [
            format!("ssh://-oProxyCommand=touch%20{}", trace.display()),
            format!("ssh://-oProxyCommand=touch${{IFS}}{}", trace.display()),
            format!("ssh://-oProxyCommand=touch\t{}@quay", trace.display()),
            format!("ssh://root@quay/$(touch {})", trace.display()),
            format!("ssh://root@`touch {}`", trace.display()),
        ] {
            ana.with("DOCKER_HOST", &hostile).wharf(&["ps"]).exits(2);
        }
        assert!(!trace.exists());
    });
}

#[test]
fn under_sudo_ssh_is_the_machines_and_sees_nothing_of_the_callers() {
    on_each_engine(|engine| {
        let bob = Account::new("bob").unwrap();
        let evil = TestDir::new().unwrap();
        let ssh = evil.write("ssh", "#!/bin/sh\necho \"$SSH_AUTH_SOCK\" >\"${0%/*}/was-here\"\n").unwrap();
        std::fs::set_permissions(&ssh, std::fs::Permissions::from_mode(0o755)).unwrap();
        let asked = |on_behalf: bool| {
            let mut command = engine.netns().command("env");
            command.arg("-i").arg(format!("PATH={}:/usr/bin:/bin", evil.path().display()));
            command.arg("SSH_AUTH_SOCK=/bobs");
            if on_behalf {
                command.args([format!("SUDO_UID={}", bob.uid()), format!("SUDO_GID={}", bob.gid())]);
            }
            command.arg(wharf_program().unwrap());
            command.arg(format!("--state-dir={}", evil.join("state").display()));
            command.args(["--host", "ssh://root@127.0.0.1:1", "ps", "blog"]);
            wharf_conformance::Run::of(&mut command, b"").exits(4)
        };
        asked(true).says("Connection refused");
        assert!(!evil.join("was-here").exists());
        // For oneself, it is what PATH says.
        let _failed = asked(false);
        assert_eq!(std::fs::read_to_string(evil.join("was-here")).unwrap(), "/bobs\n");
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
            [&["id"][..], &["docker", "run", "busybox"], &["sh", "-c", "id"], &["touch", "was-here"], &[]]
        {
            let _ended = ssh(&[], command).never_says("uid=").never_says("Docker CLI");
        }
        for options in [&["-tt"][..], &["-A", "-X"], &["-s"]] {
            let _ended = ssh(options, &["id"]).never_says("uid=");
        }
        let _ended = there.run(&["timeout", "5", "sftp", "-P", &port, &target], b"put /etc/passwd x\n");
        assert!(!account.home().join("x").exists());
        assert!(!trace.exists(), "a start-up file of the account's was run");
        // Neither ports nor sockets are passed on.
        let socket = ana.path("s");
        let forward = format!("{}:{}", socket.display(), gateway.socket().display());
        let script = format!(
            // Not left to be ended by its name: OpenSSH 9.2 was seen to go on after a SIGTERM that came early.
            "timeout -s KILL 10 ssh -N -p {port} -L {forward} {target} >/dev/null 2>&1 & sleep 2; \
             curl -s --max-time 3 --unix-socket {} http://d/_ping && echo reached",
            socket.display()
        );
        let _ended = there
            .sh(engine.kind(), &format!("{{ {script}; }} || true"))
            .never_says("reached")
            .never_says("OK");
        // What is answered is the gateway.
        let asked = "printf 'GET /_ping HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n'; sleep 2";
        let told = there.sh(
            engine.kind(),
            &format!("{{ {asked}; }} | timeout 5 ssh -p {port} {target} anything || true"),
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

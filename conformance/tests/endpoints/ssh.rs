//! Engines behind `ssh`, with OpenSSH's client and server.

use crate::people::Person;
use wharf_conformance::{eventually, on_each_engine};
use wharf_testkit::{Account, Engine, Sshd, docker_program, run, unique_name};

/// A server beside the engine, whose accounts find the engine as the docker CLI over there does.
fn beside(engine: &Engine, lines: &str) -> Sshd {
    engine.import_busybox().unwrap();
    let programs = docker_program(engine.kind()).unwrap();
    let programs = programs.parent().unwrap().display();
    let found = format!("SetEnv DOCKER_HOST={} PATH={programs}:/usr/bin:/bin", engine.host());
    Sshd::start(engine.netns(), &format!("{found}\n{lines}")).unwrap()
}

#[test]
fn pods_are_brought_up_looked_at_and_entered_over_ssh() {
    on_each_engine(|engine| {
        let server = beside(engine, "");
        let ana = Person::new(engine);
        server.admit(&ana.account, "root", "").unwrap();
        let there = ana.with("DOCKER_HOST", &format!("ssh://root@127.0.0.1:{}", server.port()));
        let pod = unique_name();
        // More at once than an OpenSSH server lets be on their way (`MaxStartups 10:30:100`).
        let member = |n: u8| format!("m{n}: {{image: busybox, update_image: false, command: 'sleep 1000'}}");
        let members: Vec<String> = (0..14).map(member).collect();
        let file = ana.write(&format!("{pod}.yml"), &format!("containers: {{{}}}", members.join(", ")));
        there.wharf(&["up", &file.display().to_string()]).succeeds();
        let listed = there.wharf(&["ps", &pod, "--json"]).succeeds().json();
        assert_eq!(listed[0]["containers"].as_array().unwrap().len(), 15, "{listed}");
        let counted = there.wharf_with_input(&["exec", "-i", &pod, "m3", "wc", "-c"], &vec![b'x'; 3_000_000]);
        assert_eq!(counted.succeeds().stdout().trim(), "3000000");
        there.wharf(&["exec", &pod, "m4", "sh", "-c", "exit 7"]).exits(7);
        there.wharf(&["down", &pod]).succeeds();
        // No `ssh` of hers is left behind.
        let user = ana.account.uid().to_string();
        eventually("the end of every ssh", || {
            run(std::process::Command::new("pgrep").args(["-u", &user, "-x", "ssh"])).err()
        });
    });
}

#[test]
fn why_ssh_does_not_get_there_is_said() {
    on_each_engine(|engine| {
        let server = beside(engine, "");
        let ana = Person::new(engine);
        let at = |url: String| ana.with("DOCKER_HOST", &url).wharf(&["ps"]).exits(4);
        let there = format!("ssh://root@127.0.0.1:{}", server.port());
        at(there.clone())
            .says("Host key verification failed")
            .says(&format!("no engine is reached at `{there}`"));
        let alice = Account::new("alice").unwrap();
        server.admit(&ana.account, alice.name(), "").unwrap();
        at(there.clone()).says("Permission denied (publickey)");
        at("ssh://root@127.0.0.1:1".to_owned()).says("Connection refused");
        let locked = beside(engine, "");
        let without = Sshd::start(engine.netns(), "SetEnv PATH=/nowhere").unwrap();
        without.admit(&ana.account, "root", "").unwrap();
        at(format!("ssh://root@127.0.0.1:{}", without.port()))
            .says("`docker system dial-stdio` over there ended with status 127")
            .says("the other side needs the docker CLI");
        // The engine over there is away: its CLI says so.
        locked.admit(&ana.account, "root", "").unwrap();
        at(format!("ssh://root@127.0.0.1:{}/nowhere/docker.sock", locked.port()))
            .says("over there ended with");
    });
}

//! Many at once: the sums hold whoever comes first.

use wharf_conformance::gateway::{Client, Gateway, through_the_gateway};

const GRANT: &str = "limits: {cpus: 1, memory: 256M, pids: 1000, containers: 30, volumes: 4, networks: 2, \
                     per_container: {memory: 64M, cpus: 1, pids: 20}}\n";

/// Runs a script twenty times at once, with the number for `$1`; says how many succeeded.
fn at_once(alice: &Client<'_>, script: &str) -> usize {
    let all = format!(
        "for n in $(seq 20); do (if sh -c '{script}' x $n >out.$n 2>&1; then echo done; else echo no; fi) & done; wait"
    );
    let said = alice.answer(&all);
    assert_eq!(said.lines().count(), 20, "{said}");
    let failed = alice.answer("cat out.*");
    let done = said.lines().filter(|line| *line == "done").count();
    assert_eq!(failed.matches("denied by rule limits").count(), 20 - done, "nothing else fails: {failed}");
    done
}

/// Bytes that are granted to what runs, as the engine itself says.
fn running(alice: &Client<'_>) -> u64 {
    let each = "docker ps -q | xargs -r docker inspect -f '{{.HostConfig.Memory}}'";
    alice.answer(each).lines().map(|line| line.parse::<u64>().unwrap()).sum()
}

#[test]
fn twenty_runs_at_once_never_overshoot() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        assert_eq!(at_once(&alice, "docker run -d --name c$1 --memory 64m busybox sleep 1000"), 4);
        assert_eq!(running(&alice), 256 << 20);
    });
}

#[test]
fn starts_beside_creations_that_count_at_once_never_overshoot() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.sh("for n in $(seq 10); do docker create --name s$n busybox sleep 1000; done").succeeds();
        let script = "if [ $1 -gt 10 ]; then docker create --name r$1 --restart always busybox sleep 1000; \
                      else docker start s$1; fi";
        assert_eq!(at_once(&alice, script), 4);
        let made = alice.answer("docker ps -aq --filter name=^/r | wc -l").parse::<u64>().unwrap();
        assert_eq!(running(&alice) + made * (64 << 20), 256 << 20);
    });
}

#[test]
fn volumes_and_networks_made_at_once_never_overshoot() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        let volumes =
            "if [ $1 -gt 10 ]; then docker create -v /data busybox; else docker volume create v$1; fi";
        assert_eq!(at_once(&alice, volumes), 4);
        alice.answers("docker volume ls -q | wc -l", "4");
        assert_eq!(at_once(&alice, "docker network create n$1"), 2);
    });
}

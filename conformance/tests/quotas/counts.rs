//! How many containers, networks and volumes.

use wharf_conformance::gateway::{Gateway, through_the_gateway};

const GRANT: &str = "limits: {memory: 1G, containers: 3, networks: 1, volumes: 3, \
                     per_container: {memory: 16M, cpus: 1, pids: 20}}\n";

#[test]
fn containers_networks_and_volumes_are_counted_whether_in_use_or_not() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).tenant("bob", GRANT).start();
        let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
        let over = |script: &str, numbers: &str| {
            let run = alice.sh(script);
            assert_ne!(run.status(), 0, "{run}");
            run.says("denied by rule limits").says(numbers);
        };
        alice.sh("docker create --name one busybox; docker create busybox; docker create busybox").succeeds();
        over("docker create busybox", "containers: 3 used, 1 asked, 3 allowed");
        alice.sh("docker rm one; docker run --rm busybox true").succeeds();

        alice.sh("docker network create front").succeeds(); // the default one is there, and does not count
        over("docker network create back", "networks: 1 used, 1 asked, 1 allowed");
        alice.sh("docker network rm front; docker network create back").succeeds();

        alice.sh("docker volume create one; docker volume create two; docker volume create").succeeds();
        over("docker volume create more", "volumes: 3 used, 1 asked, 3 allowed");
        over("docker run --rm -v more:/d busybox true", "volumes: 3 used, 1 asked, 3 allowed");
        over("docker run --rm -v /anonymous busybox true", "volumes: 3 used, 1 asked, 3 allowed");
        alice.sh("docker run --rm -v one:/a -v two:/b busybox true").succeeds();
        // What others have is theirs.
        bob.sh("docker create busybox; docker network create back; docker volume create a").succeeds();
    });
}

#[test]
fn volumes_that_containers_make_count_at_once_and_go_with_them() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.sh("docker create --name one -v /a -v /b busybox").succeeds();
        let run = alice.sh("docker create -v /a -v /b busybox");
        assert_ne!(run.status(), 0, "{run}");
        run.says("volumes: 2 used, 2 asked, 3 allowed");
        alice.sh("docker create -v /a busybox").succeeds();
        alice.sh("docker rm -v one").succeeds();
        wharf_conformance::eventually("both went with it", || {
            (alice.sh("docker create --name two -v /a -v /b busybox").status() == 0).then_some(())
        });
    });
}

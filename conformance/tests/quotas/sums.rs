//! Memory and processes of all containers together.

use wharf_conformance::gateway::{Client, Gateway, through_the_gateway};
use wharf_testkit::Engine;

const GRANT: &str = "limits: {cpus: 1, memory: 256M, pids: 300, containers: 30, disk: 20G, \
                     per_container: {memory: 64M, cpus: 1, pids: 50}}\n";

fn as_alice(engine: &Engine, grant: &str, story: impl Fn(&Client<'_>)) {
    let gateway = Gateway::on(engine).tenant("alice", grant).start();
    story(&gateway.as_tenant("alice", engine.kind()));
}

/// The rule, what is used, asked and allowed, and what to do.
fn over(alice: &Client<'_>, script: &str, numbers: &str) {
    let run = alice.sh(script);
    assert_ne!(run.status(), 0, "{run}");
    run.says("denied by rule limits")
        .says(numbers)
        .says("stop or remove containers, or ask the administrator");
}

#[test]
fn containers_that_run_share_the_memory_that_is_granted() {
    through_the_gateway(|engine| {
        as_alice(engine, GRANT, |alice| {
            alice.sh("docker run -d --name one --memory 128m busybox sleep 1000").succeeds();
            alice.sh("docker run -d --name two --memory 100m busybox sleep 1000").succeeds();
            over(
                alice,
                "docker run -d --name three busybox true",
                "memory: 228M used, 64M asked, 256M allowed",
            );
            over(
                alice,
                "docker run --rm --memory 20m --memory-swap 40m busybox true",
                "memory: 228M used, 40M asked, 256M allowed",
            );
            alice.sh("docker run --rm --memory 28m busybox true").succeeds();
            over(alice, "docker create --memory 1g busybox", "memory: 228M used, 1G asked, 256M allowed");
            alice.sh("docker restart -t 0 one").succeeds(); // it counts once
            // What is stopped does not count, and is judged when it starts.
            alice.sh("docker stop -t 0 one; docker start -a three").succeeds();
            alice.sh("docker run -d --name four --memory 100m busybox sleep 1000").succeeds();
            over(alice, "docker start one", "memory: 200M used, 128M asked, 256M allowed");
            over(alice, "docker restart one", "memory: 200M used, 128M asked, 256M allowed");
            alice.sh("docker pause four").succeeds();
            over(alice, "docker start one", "memory: 200M used, 128M asked, 256M allowed");
            alice.sh("docker rm -f four; docker start one").succeeds();
        });
    });
}

#[test]
fn an_update_is_judged_as_a_start_is_and_may_always_lower() {
    through_the_gateway(|engine| {
        as_alice(engine, GRANT, |alice| {
            alice.sh("docker run -d --name one --memory 128m busybox sleep 1000").succeeds();
            alice.sh("docker run -d --name two busybox sleep 1000").succeeds();
            over(
                alice,
                "docker update --memory 200m --memory-swap 200m two",
                "memory: 128M used, 200M asked, 256M allowed",
            );
            alice.sh("docker update --memory 128m --memory-swap 128m two").succeeds();
            over(alice, "docker run --rm busybox true", "memory: 256M used, 64M asked, 256M allowed");
            alice.sh("docker update --memory 32m --memory-swap 32m two").succeeds();
            alice.sh("docker run --rm busybox true").succeeds();
            over(alice, "docker update --pids-limit 300 two", "pids: 50 used, 300 asked, 300 allowed");
            let none = alice.sh("docker update --pids-limit -1 two");
            assert_ne!(none.status(), 0, "{none}");
        });
    });
}

#[test]
fn what_the_engine_would_start_by_itself_counts_from_its_creation() {
    through_the_gateway(|engine| {
        as_alice(engine, GRANT, |alice| {
            alice.sh("docker create --name one --restart always --memory 200m busybox sleep 1000").succeeds();
            let used = "memory: 200M used, 64M asked, 256M allowed";
            over(alice, "docker run --rm busybox true", used);
            over(alice, "docker create --restart unless-stopped busybox", used);
            alice.sh("docker create --name two busybox").succeeds();
            over(alice, "docker update --restart always two", used);
            // Stopped by hand, an engine that starts would start it nevertheless.
            alice.sh("docker start one; docker stop -t 0 one").succeeds();
            over(alice, "docker run --rm busybox true", used);
            alice.sh("docker update --restart no one; docker run --rm busybox true").succeeds();
        });
    });
}

#[test]
fn processes_have_a_sum_and_cpus_are_each_containers() {
    through_the_gateway(|engine| {
        as_alice(engine, GRANT, |alice| {
            alice.sh("docker run -d --memory 16m --pids-limit 200 busybox sleep 1000").succeeds();
            over(
                alice,
                "docker run -d --memory 16m --pids-limit 101 busybox sleep 1000",
                "pids: 200 used, 101 asked, 300 allowed",
            );
            // Each may have the one CPU that is granted: they share it.
            for _ in 0..3 {
                alice.sh("docker run -d --memory 16m --pids-limit 20 busybox sleep 1000").succeeds();
            }
            let run = alice.sh("docker run --rm --memory 16m --pids-limit 20 --cpus 1.5 busybox true");
            assert_ne!(run.status(), 0, "{run}");
            run.says("cpus: 1.5 asked for one container, 1 allowed for all together");
            let created =
                "docker create --memory 16m --pids-limit 20 --cpus 0.5 --name half busybox sleep 1000";
            alice.sh(created).succeeds();
            let run = alice.sh("docker update --cpus 1.5 half");
            assert_ne!(run.status(), 0, "{run}");
            alice.sh("docker update --cpus 1 half; docker start half").succeeds();
        });
    });
}

#[test]
fn a_lower_grant_stops_nothing_and_starts_nothing() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", GRANT).start();
        let alice = gateway.as_tenant("alice", engine.kind());
        alice.sh("docker run -d --name one --memory 200m busybox sleep 1000").succeeds();
        gateway.reload("memory: 256M", "memory: 100M");
        wharf_conformance::eventually("the new grant", || {
            gateway.log().contains("is in force").then_some(())
        });
        alice.answers("docker inspect -f '{{.State.Running}}' one", "true");
        over(
            &alice,
            "docker run --rm --memory 16m busybox true",
            "memory: 200M used, 16M asked, 100M allowed",
        );
        alice.sh("docker update --memory 150m --memory-swap 150m one").succeeds(); // less, if not yet little enough
        over(&alice, "docker restart -t 0 one", "memory: 0 used, 150M asked, 100M allowed");
        alice.answers("docker inspect -f '{{.State.Running}}' one", "true");
        alice.sh("docker update --memory 90m --memory-swap 90m one; docker restart -t 0 one").succeeds();
    });
}

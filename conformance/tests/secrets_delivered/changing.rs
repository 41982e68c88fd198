//! A value that changes: seen inside, told as said, shown in no plan.

use crate::ground::Ground;
use wharf_conformance::{eventually, on_each_engine};

#[test]
fn a_changed_value_restarts_just_the_containers_that_use_it() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let pod = ground.pod(
            "turn",
            "containers: {web: {$idle, stop_timeout: 1, secrets: [a]}, db: {$idle, secrets: [b]}, side: {$idle}}",
        );
        ground.seals(&pod, "a", "one");
        ground.seals(&pod, "b", "two");
        pod.up().succeeds();
        let before = ["web", "db", "side"]
            .map(|name| (pod.member(name).id(), pod.member(name).started_at().to_owned()));
        ground.seals(&pod, "a", "three");
        pod.plan(&[])
            .succeeds()
            .prints("secret a changed")
            .prints("restart, with its secrets as they are now")
            .never_says("three");
        assert_eq!(pod.sh("web", "cat /run/secrets/a"), "one", "a plan changes nothing");
        pod.up().succeeds();
        assert_eq!(pod.sh("web", "cat /run/secrets/a"), "three");
        let after = ["web", "db", "side"]
            .map(|name| (pod.member(name).id(), pod.member(name).started_at().to_owned()));
        assert_eq!(after[0].0, before[0].0, "it is the same container");
        assert_ne!(after[0].1, before[0].1, "it was restarted");
        assert_eq!(after[1..], before[1..], "the others were left alone");
        pod.is_as_its_file_says();
        pod.up().succeeds().says("nothing to do");
    });
}

#[test]
fn a_container_may_be_told_by_a_signal_or_not_at_all() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let listens = "command: sh -c 'trap \"cat /run/secrets/a; echo\" HUP; echo ready; while true; do sleep 0.1; done'";
        let pod = ground.pod(
            "told",
            &format!(
                "containers: {{web: {{$box, {listens}, stop_timeout: 1, secrets: [{{name: a, on_change: SIGHUP}}]}}, \
                 db: {{$idle, stop_timeout: 1, secrets: [{{name: a, on_change: nothing}}]}}}}"
            ),
        );
        ground.seals(&pod, "a", "one");
        pod.up().succeeds();
        eventually("it listens", || pod.printed("web").contains("ready").then_some(()));
        let started = ["web", "db"].map(|name| pod.member(name).started_at().to_owned());
        ground.seals(&pod, "a", "two");
        pod.plan(&[]).succeeds().prints("its secrets as they are now, and SIGHUP");
        pod.up().succeeds();
        eventually("it has read the value", || pod.printed("web").contains("two").then_some(()));
        // The running container looks into its directory, not at a file that was bound.
        assert_eq!(pod.sh("db", "cat /run/secrets/a"), "two");
        assert_eq!(["web", "db"].map(|name| pod.member(name).started_at().to_owned()), started);
        pod.is_as_its_file_says();
    });
}

#[test]
fn a_secret_that_is_no_longer_used_goes() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let pod = ground.pod("less", "containers: {web: {$idle, stop_timeout: 1, secrets: [a, b]}, db: {$idle, stop_timeout: 1, secrets: [b]}}");
        ground.seals(&pod, "a", "one");
        ground.seals(&pod, "b", "two");
        pod.up().succeeds();
        pod.says("containers: {web: {$idle, stop_timeout: 1, secrets: [a]}}");
        pod.up().succeeds();
        assert_eq!(pod.sh("web", "ls /run/secrets"), "a");
        assert!(!ground.given(&pod, "db").exists());
        pod.says("containers: {web: {$idle, stop_timeout: 1}}");
        pod.up().succeeds();
        assert!(!ground.given(&pod, "web").exists());
        assert_eq!(std::fs::read_dir(ground.host.path("state/secrets/in-use")).unwrap().count(), 0);
    });
}

#[test]
fn hashes_of_configurations_are_keyed_and_those_before_still_count() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let pod = ground.pod("keyed", "containers: {web: {$idle, environment: {PIN: '1234'}}}");
        pod.up().succeeds();
        assert!(pod.member("web").label("wharf.config-hash").starts_with("hmac-sha256:"));
        // Another host's key gives another label: who guesses values from labels must have it.
        let label = pod.member("web").label("wharf.config-hash").to_owned();
        pod.down().succeeds();
        std::fs::remove_file(ground.host.path("state/hash.key")).unwrap();
        pod.up().succeeds();
        assert_ne!(pod.member("web").label("wharf.config-hash"), label);
    });
}

//! After a reboot: memory is empty, the engine starts, and containers come back with their secrets or not at all.

use crate::ground::Ground;
use wharf_conformance::eventually;
use wharf_testkit::{Engine, EngineKind, or_skip};

fn comes_back(kind: EngineKind) {
    let Some(engine) = or_skip(Engine::private(kind)) else { return };
    let ground = Ground::on(&engine);
    let pod = ground.pod(
        "back",
        "containers: {web: {$idle, restart: always, stop_timeout: 1, secrets: [a]}, db: {$idle, restart: always, stop_timeout: 1}}",
    );
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    engine.stop().expect("the engine's end");
    ground.loses_its_memory();
    // Nobody's home is read: the sealed file may be gone.
    std::fs::remove_dir_all(ground.host.path("secrets")).unwrap();
    ground.host.wharf(["secret", "restore"]).succeeds().says("1 container has its secrets again");
    ground.host.wharf(["secret", "restore"]).succeeds().says("nothing to do");
    engine.start_again().expect("the engine");
    ground.host.wharf(["resume"]).succeeds();
    eventually("both run again", || {
        (pod.member("web").is_running() && pod.member("db").is_running()).then_some(())
    });
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "sesame");
    assert!(ground.trail().contains("after a restart"));
}

#[test]
fn secrets_come_back_before_containers_on_docker20() {
    comes_back(EngineKind::Docker20);
}

#[test]
fn secrets_come_back_before_containers_on_docker28() {
    comes_back(EngineKind::Docker28);
}

#[test]
fn a_pod_whose_secrets_are_not_there_stays_down_until_they_are() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker20)) else { return };
    let ground = Ground::on(&engine);
    let pod = ground.pod(
        "late",
        "containers: {web: {$idle, restart: always, stop_timeout: 1, secrets: [a]}, db: {$idle, restart: unless-stopped, stop_timeout: 1}}",
    );
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    engine.stop().expect("the engine's end");
    ground.loses_its_memory();
    engine.start_again().expect("the engine");
    ground.host.wharf(["resume"]).exits(5).says("its secrets are not there");
    assert!(!pod.member("web").is_running());
    // A run with nothing else to do brings them.
    pod.up().succeeds();
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "sesame");
    ground.host.wharf(["resume"]).succeeds();
    pod.is_as_its_file_says();
}

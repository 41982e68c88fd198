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
    // Without the host's key, nothing can be brought back.
    let (key, away) = (ground.host.path("state/secrets/host.key"), ground.host.path("state/secrets/away"));
    std::fs::rename(&key, &away).unwrap();
    ground.host.wharf(["resume"]).exits(5).says("this host has no key").says("its secrets are not there");
    std::fs::rename(&away, &key).unwrap();
    assert!(!pod.member("web").is_running());
    // A run with nothing else to do brings them.
    pod.up().succeeds();
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "sesame");
    ground.host.wharf(["resume"]).succeeds();
    pod.is_as_its_file_says();
}

#[test]
fn where_no_unit_did_it_resume_brings_secrets_back() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker20)) else { return };
    let ground = Ground::on(&engine);
    let pod =
        ground.pod("alone", "containers: {web: {$idle, restart: always, stop_timeout: 1, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    engine.stop().expect("the engine's end");
    ground.loses_its_memory();
    engine.start_again().expect("the engine");
    ground.host.wharf(["resume"]).succeeds();
    assert_eq!(pod.sh("web", "cat /run/secrets/a"), "sesame");
    pod.is_as_its_file_says();
}

/// `rekey` changes no value, and so nothing that containers find; but after the next reboot the old key may be gone.
#[test]
fn what_is_kept_follows_a_rekey() {
    let Some(engine) = or_skip(wharf_testkit::Engines::shared()).map(wharf_testkit::Engines::docker28) else {
        return;
    };
    let ground = Ground::on(engine);
    let pod = ground.pod("again", "containers: {web: {$idle, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    let kept = || {
        let path = ground.host.path(format!("state/secrets/in-use/machine.{}.json", pod.name()));
        let kept = std::fs::read(path).expect("what is kept");
        let kept: serde_json::Value = serde_json::from_slice(&kept).expect("JSON");
        kept["sealed"].as_str().expect("the sealed file").to_owned()
    };
    let sealed = || std::fs::read_to_string(ground.sealed(&pod)).expect("the sealed file");
    let before = kept();
    assert_eq!(before, sealed());
    ground.host.wharf(["secret", "recovery", "--yes"]).succeeds();
    let file = pod.file().display().to_string();
    ground.host.wharf(["secret", "rekey", "--yes", &file]).succeeds();
    assert_ne!(before, sealed());
    pod.up().succeeds().says("nothing to do");
    assert_eq!(kept(), sealed());
}

#[test]
fn what_is_not_understood_of_one_pod_is_no_others_trouble() {
    let Some(engine) = or_skip(wharf_testkit::Engines::shared()).map(wharf_testkit::Engines::docker20) else {
        return;
    };
    let ground = Ground::on(engine);
    let pod = ground.pod("fine", "containers: {web: {$idle, stop_timeout: 0, secrets: [a]}}");
    ground.seals(&pod, "a", "sesame");
    pod.up().succeeds();
    let in_use = ground.host.path("state/secrets/in-use");
    std::fs::create_dir(in_use.join("machine.amiss.json")).unwrap();
    std::fs::copy(in_use.join(format!("machine.{}.json", pod.name())), in_use.join("machine.aslant.json"))
        .unwrap();
    std::fs::write(in_use.join("machine.aslant.json"), "{}").unwrap();
    ground.loses_its_memory();
    ground.host.wharf(["secret", "restore"]).exits(5).says("machine.amiss.json").says("machine.aslant.json");
    assert!(ground.given(&pod, "web").join("a").exists());
    // A run writes anew what is not understood.
    std::fs::write(in_use.join(format!("machine.{}.json", pod.name())), "{}").unwrap();
    pod.up().succeeds();
    assert!(std::fs::metadata(in_use.join(format!("machine.{}.json", pod.name()))).unwrap().len() > 100);
}

//! Killed at any step of a delivery: a file is the old value or the new one, and the next run brings and tells the new.

use crate::ground::Ground;
use std::path::Path;
use wharf_conformance::{Pod, Run};
use wharf_testkit::{Engines, note_skipped, or_skip, wharf_program};

/// What a delivery does to files.
const CALLS: [&str; 5] = ["renameat", "unlinkat", "fchown", "fchmod", "mkdirat"];

#[test]
fn killed_at_any_step_a_delivery_leaves_the_old_value_or_the_new_one() {
    let Some(engine) = or_skip(Engines::shared()).map(Engines::docker20) else { return };
    if !Path::new("/usr/bin/strace").exists() {
        note_skipped("no strace");
        return;
    }
    let ground = Ground::on(engine);
    let pod = ground.pod("struck", "containers: {web: {$idle, stop_timeout: 0, secrets: [a, b]}}");
    ground.seals(&pod, "a", "a0");
    ground.seals(&pod, "b", "b0");
    pod.up().succeeds();
    let (mut edition, mut strikes) = (0, 0);
    for call in CALLS {
        for number in 1..200 {
            let former = edition;
            edition += 1;
            ground.seals(&pod, "a", &format!("a{edition}"));
            ground.seals(&pod, "b", &format!("b{edition}"));
            let started = pod.member("web").started_at().to_owned();
            let run = struck(&pod, call, number);
            for name in ["a", "b"] {
                let value =
                    std::fs::read_to_string(ground.given(&pod, "web").join(name)).expect("never neither");
                assert!(
                    [former, edition].map(|n| format!("{name}{n}")).contains(&value),
                    "{call} {number}: {value}"
                );
            }
            // What it was cut short in is not taken for told when secrets are brought back.
            ground.host.wharf(["secret", "restore"]).succeeds();
            pod.up().succeeds();
            let seen = pod.sh("web", "cat /run/secrets/a /run/secrets/b");
            assert_eq!(seen, format!("a{edition}b{edition}"), "{call} {number}");
            assert_ne!(pod.member("web").started_at(), started, "{call} {number}: it was never told");
            if run.status() == 0 {
                break;
            }
            strikes += 1;
        }
    }
    assert!(strikes > 8, "{strikes} strikes");
}

#[test]
fn killed_while_secrets_go_the_next_run_takes_them_away() {
    let Some(engine) = or_skip(Engines::shared()).map(Engines::docker20) else { return };
    if !Path::new("/usr/bin/strace").exists() {
        note_skipped("no strace");
        return;
    }
    let ground = Ground::on(engine);
    let pod = ground.pod("gone", "containers: {web: {$idle, stop_timeout: 0}}");
    ground.seals(&pod, "a", "a0");
    let in_use = ground.host.path(format!("state/secrets/in-use/machine.{}.json", pod.name()));
    let mut strikes = 0;
    for number in 1..50 {
        pod.says("containers: {web: {$idle, stop_timeout: 0, secrets: [a]}}");
        pod.up().succeeds();
        assert!(ground.given(&pod, "web").exists() && in_use.exists());
        pod.says("containers: {web: {$idle, stop_timeout: 0}}");
        let run = struck(&pod, "unlinkat", number);
        pod.up().succeeds();
        assert!(!ground.given(&pod, "web").exists() && !in_use.exists(), "unlinkat {number}: they stay");
        if run.status() == 0 {
            break;
        }
        strikes += 1;
    }
    assert!(strikes > 2, "{strikes} strikes");
}

fn struck(pod: &Pod<'_>, call: &str, number: usize) -> Run {
    let inject = format!("inject={call}:signal=KILL:when={number}");
    let mut command = pod.host().command("/usr/bin/strace");
    command.args(["-f", "-qqq", "-o", "/dev/null", "-e", &format!("trace=?{call}"), "-e", &inject]);
    command.arg(wharf_program().expect("the wharf under test")).arg("up").arg(pod.file());
    Run::of(&mut command, b"")
}

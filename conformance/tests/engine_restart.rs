//! Pods outlive engine restarts: after each one, `wharf resume` (what wharf-pods.service runs) has every member that
//! should run running, in the namespaces of the root container that runs now.
//!
//! Each test has an engine of its own, since it stops and kills it.

use std::thread;
use wharf_conformance::{Host, Pod};
use wharf_testkit::{Engine, EngineKind, or_skip};

/// How often the engine is stopped, and how often it is killed, under the pod.
const STOPS: usize = 10;
const KILLS: usize = 3;

/// Five members, one of each kind that matters: `stopped` is stopped by hand and must stay so, `job` is done.
const FIVE: &str = "
containers:
  always: {$idle, restart: always, stop_timeout: 1}
  unless: {$idle, restart: unless-stopped, stop_timeout: 1, depends_on: [always]}
  failing: {$idle, restart: on-failure, stop_timeout: 1}
  stopped: {$idle, restart: unless-stopped, stop_timeout: 1}
  job: {$box, command: 'true'}
";

const SHOULD_RUN: [&str; 3] = ["always", "unless", "failing"];

#[test]
fn docker20_stopped_in_order() {
    survives(EngineKind::Docker20, STOPS, Engine::restart);
}

#[test]
fn docker20_killed() {
    survives(EngineKind::Docker20, KILLS, Engine::kill);
}

#[test]
fn docker28_stopped_in_order() {
    survives(EngineKind::Docker28, STOPS, Engine::restart);
}

#[test]
fn docker28_killed() {
    survives(EngineKind::Docker28, KILLS, Engine::kill);
}

fn survives(kind: EngineKind, times: usize, go_down: fn(&Engine) -> wharf_testkit::Result<()>) {
    let Some(engine) = or_skip(Engine::private(kind)) else { return };
    let host = Host::on(&engine);
    let pod = host.pod("five", FIVE);
    pod.up().succeeds();
    // What was stopped by hand was stopped some time before the engine went down.
    engine.docker(["stop", &format!("{}.stopped", pod.name())]).expect("stop");
    thread::sleep(std::time::Duration::from_millis(1500));
    for time in 1..=times {
        go_down(&engine).expect("the engine again");
        host.wharf(["resume"]).succeeds();
        for member in SHOULD_RUN {
            assert!(pod.member(member).is_running(), "{member} does not run after restart {time}");
            assert_eq!(
                network_of(&engine, &pod, member),
                network_of_root(&engine, &pod),
                "{member} after restart {time}"
            );
        }
        for member in ["stopped", "job"] {
            assert!(!pod.member(member).is_running(), "{member} runs after restart {time}");
        }
    }
    host.wharf(["resume"]).succeeds().says("nothing to do");
}

/// The network namespace of a member, as the kernel names it.
fn network_of(engine: &Engine, pod: &Pod<'_>, member: &str) -> String {
    namespace(engine, &format!("{}.{member}", pod.name()))
}

fn network_of_root(engine: &Engine, pod: &Pod<'_>) -> String {
    namespace(engine, pod.name())
}

fn namespace(engine: &Engine, container: &str) -> String {
    let process = engine.docker(["inspect", "-f", "{{.State.Pid}}", container]).expect("inspect");
    let link = format!("/proc/{}/ns/net", process.trim());
    std::fs::read_link(&link).expect("a running process").display().to_string()
}

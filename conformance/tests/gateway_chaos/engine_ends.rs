//! An engine that ends, or is killed, while requests are under way and streams are open.

use crate::http::Talk;
use std::thread;
use wharf_conformance::eventually;
use wharf_conformance::gateway::{Gateway, ORDINARY};
use wharf_testkit::{Engine, EngineKind, Moment, Recorder, Verdict, or_skip};

#[test]
fn docker20_starts_again_behind_the_gateways_back() {
    starts_again(EngineKind::Docker20);
}

#[test]
fn docker28_starts_again_behind_the_gateways_back() {
    starts_again(EngineKind::Docker28);
}

fn starts_again(kind: EngineKind) {
    let Some(engine) = or_skip(Engine::private(kind)) else { return };
    let grants = ORDINARY.replace("containers: 30", "containers: 3");
    let gateway = Gateway::on(&engine).tenant("alice", &grants).start();
    let alice = gateway.as_tenant("alice", kind);
    let talk = || Talk::on(gateway.account("alice").connect(&gateway.socket()).unwrap());
    alice
        .sh("docker run -d --name box --restart=always busybox sh -c 'while :; do echo tick; sleep 0.1; done'
             docker run -d --rm --name gone busybox sleep 1000
             docker create --name third busybox true")
        .succeeds();
    alice.sh("docker create --name fourth busybox true").exits(1).says("denied by rule");
    let mut watching = alice.start("docker events --format '{{.Action}} {{.Actor.Attributes.name}}'");
    for killed in [false, true] {
        let mut logs = alice.start("docker logs -f --tail 1 box");
        let mut attached = alice.start("docker attach --no-stdin --sig-proxy=false box");
        let mut exec = alice.start("docker exec box sh -c 'echo here; sleep 1000'");
        let waiting = alice.start("docker wait box");
        logs.says("tick");
        attached.says("tick");
        exec.says("here");
        // Many idle connections to the engine, which all die with it.
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(talk().get("/containers/box/stats?stream=0").status, 200));
            }
        });
        let mut kept = talk();
        assert_eq!(kept.get("/containers/box/json").status, 200);
        if killed {
            engine.kill().unwrap();
        } else {
            engine.stop().unwrap();
            let said = kept.get("/containers/json");
            assert_eq!(said.status, 502, "{said:?}");
            assert!(said.body.contains("wharf: the engine does not answer"), "{said:?}");
            assert_eq!(kept.get("/containers/box/json").status, 502);
            engine.start_again().unwrap();
        }
        // At once, on the same connection of the client's, for as many as there were connections to the engine.
        for _ in 0..20 {
            let said = kept.get("/containers/box/json");
            assert_eq!(said.status, 200, "{said:?}");
        }
        for ended in [logs, attached, exec, waiting] {
            ended.ends();
        }
        // Events go on for who watched before, and what went with the engine is known to be gone.
        alice.sh("docker volume create after").succeeds();
        if !killed {
            eventually("room again", || {
                let run = alice.sh("docker inspect gone");
                (run.status() == 1).then_some(())
            });
            eventually("room again", || {
                (alice.sh("docker create --name fourth busybox true").status() == 0).then_some(())
            });
            alice.sh("docker create --name fifth busybox true").exits(1).says("denied by rule");
        }
        eventually("events after the engine's start", || {
            alice.sh("docker rm -f third 2>/dev/null; docker create --name third busybox true").succeeds();
            watching.text().contains("destroy third").then_some(())
        });
        watching.says("create third");
        alice.sh("docker exec box true").succeeds();
    }
    println!("the gateway said: {}", gateway.log());
}

#[test]
fn a_connection_that_died_unnoticed_costs_a_read_nothing_and_repeats_no_change() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let recorder = Recorder::start(&engine.socket()).unwrap();
    let gateway = Gateway::on(&engine).tenant("alice", &crate::unfiltered()).recorded_by(&recorder).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    alice.sh("docker create --name box busybox true").succeeds();
    let mut talk = Talk::on(alice.connect().unwrap());
    assert_eq!(talk.get("/containers/box/json").status, 200);
    let cut_once = |method: &'static str, part: &'static str| {
        let cut = std::sync::atomic::AtomicBool::new(false);
        recorder.clear();
        recorder.set_hook(move |moment, _, request| {
            let meant = moment == Moment::Before && request.method == method && request.target.contains(part);
            let first = meant && !cut.swap(true, std::sync::atomic::Ordering::SeqCst);
            if first { Verdict::Cut } else { Verdict::Forward }
        });
    };
    let count = |part: &str| recorder.requests().iter().filter(|line| line.contains(part)).count();
    cut_once("GET", "/json");
    let said = talk.get("/containers/box/json");
    assert_eq!((said.status, count("/json")), (200, 2), "{said:?} {:?}", recorder.requests());
    cut_once("POST", "/rename");
    let said = talk.ask("POST", "/containers/box/rename?name=other", "");
    assert_eq!((said.status, count("/rename")), (502, 1), "{said:?}");
    assert!(said.body.contains("wharf: the engine does not answer"), "{said:?}");
    recorder.clear_hook();
    assert_eq!(talk.get("/containers/box/json").status, 200);
}

#[test]
fn a_name_that_a_push_has_borrowed_is_given_back_when_the_engine_answers_again() {
    let Some(engine) = or_skip(Engine::private(EngineKind::Docker28)) else { return };
    let recorder = Recorder::start(&engine.socket()).unwrap();
    let grants = format!("{}images: {{push: ['registry.example/*']}}\n", crate::unfiltered());
    let gateway = Gateway::on(&engine).tenant("alice", &grants).recorded_by(&recorder).start();
    let alice = gateway.as_tenant("alice", engine.kind());
    let image = "registry.example/app:1";
    alice.sh(&format!("docker tag busybox {image}")).succeeds();
    // From the push on, the engine does not answer any more.
    let is_gone = std::sync::atomic::AtomicBool::new(false);
    recorder.set_hook(move |moment, _, request| {
        let is_push = moment == Moment::Before && request.target.contains("/push");
        if is_push || is_gone.load(std::sync::atomic::Ordering::SeqCst) {
            is_gone.store(true, std::sync::atomic::Ordering::SeqCst);
            return Verdict::Cut;
        }
        Verdict::Forward
    });
    alice.sh(&format!("docker push {image}")).exits(1);
    engine.docker(["image", "inspect", image]).expect("it has the name still");
    let lent = std::fs::read_to_string(gateway.path("state/pushes.json")).unwrap();
    assert!(lent.contains(image), "{lent}");
    recorder.clear_hook();
    eventually("the name to be free again", || {
        engine.docker(["image", "inspect", image]).is_err().then_some(())
    });
    eventually("nothing to be lent", || {
        (std::fs::read_to_string(gateway.path("state/pushes.json")).unwrap() == "{}").then_some(())
    });
    alice.answers(&format!("docker run --rm --pull never {image} echo hers"), "hers");
}

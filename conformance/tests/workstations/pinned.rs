//! A workstation is on one engine, and one run at a time changes it.

use crate::seat::{DEBIAN, Seat};
use std::time::Instant;
use wharf_conformance::on_each_engine;
use wharf_testkit::{EngineKind, wharf_program};

fn with_a_seat(story: impl Fn(&Seat<'_>) + Sync) {
    on_each_engine(|engine| {
        if engine.kind() == EngineKind::Docker28 {
            story(&Seat::at(engine));
        }
    });
}

fn beside(seat: &Seat<'_>, what: &str) -> String {
    format!(".config/wharf/workstations/.{}.{what}", seat.name())
}

#[test]
fn another_engine_behind_the_same_context_gets_no_second_one() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.write(&beside(seat, "engine"), "another-engine\n");
        for words in [&["--start"][..], &["--", "true"], &["--upgrade"]] {
            seat.shell(words).exits(1).says("was made on the engine another-engine").says("nothing was made");
        }
        assert_eq!(seat.sh("docker volume ls -q").succeeds().stdout().matches(seat.name()).count(), 0);
        std::fs::remove_file(seat.path(&beside(seat, "engine"))).unwrap();
        seat.shell(&["--start"]).succeeds();
        let noted = std::fs::read_to_string(seat.path(&beside(seat, "engine"))).unwrap();
        assert_eq!(noted, seat.sh("docker info --format '{{.ID}}'").succeeds().stdout());
        // What is there may be entered, stopped and started.
        seat.write(&beside(seat, "engine"), "another-engine\n");
        seat.shell(&["--", "true"]).succeeds();
        seat.shell(&["--stop"]).succeeds();
        seat.shell(&["--start"]).succeeds();
    });
}

#[test]
fn default_is_one_socket_from_the_first_time_on() {
    with_a_seat(|seat| {
        let program = wharf_program().unwrap();
        let place = seat.path("run").display().to_string();
        let socket = seat.engine().socket().display().to_string();
        seat.sh(&format!(
            "mkdir -p run/podman && ln -s {socket} run/docker.sock && ln -s {socket} run/podman/podman.sock"
        ))
        .succeeds();
        let start = |more: &str| {
            seat.sh(&format!(
                "export XDG_RUNTIME_DIR={place} DOCKER_CONTEXT=default; {} shell {} {more}",
                program.display(),
                seat.name()
            ))
        };
        start(&format!("--start --image {DEBIAN}")).succeeds();
        let file = seat.path(&format!(".config/wharf/workstations/{}.yml", seat.name()));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(&format!("context: \"unix://{place}/docker.sock\"\n")), "{text}");
        start("-- true").succeeds();
        // The next one answers, and is not meant.
        seat.sh("rm run/docker.sock").succeeds();
        start("-- true").says("run/docker.sock").exits(4);
        // So it is with Docker's own.
        seat.write(&format!(".config/wharf/workstations/{}.yml", seat.name()), "context: default\n");
        start("-- true").says("/var/run/docker.sock").exits(4);
    });
}

#[test]
fn one_run_at_a_time_changes_a_workstation() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let hold = |seconds: u32, then: &str| {
            seat.sh(&format!(
                "flock {} sleep {seconds} >/dev/null 2>&1 & sleep 0.3; {then}",
                beside(seat, "lock")
            ))
        };
        let wharf = wharf_program().unwrap().display().to_string();
        let shell = |words: &str| format!("{wharf} shell {} {words}", seat.name());
        for words in ["--upgrade", "--stop", "--destroy --yes", "--install greet"] {
            hold(2, &shell(words)).exits(1).says("is being changed by");
        }
        // What runs is entered meanwhile; what does not waits for its turn.
        let before = Instant::now();
        hold(15, &shell("-- true")).succeeds();
        assert!(before.elapsed().as_secs() < 10, "{:?}", before.elapsed());
        let _stopped = wharf_conformance::eventually("the lock", || {
            let run = seat.shell(&["--stop"]);
            (run.status() == 0).then_some(run)
        });
        let before = Instant::now();
        hold(3, &shell("--start")).succeeds().says("waiting: ");
        assert!(before.elapsed().as_secs() >= 2, "{:?}", before.elapsed());
    });
}

#[test]
fn a_clone_is_made_under_a_lock_of_its_own_and_knows_its_engine() {
    with_a_seat(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let clone = format!("{}-too", seat.name());
        let place = format!(".config/wharf/workstations/.{clone}");
        // Somebody else begins a workstation of that name at this moment.
        let wharf = wharf_program().unwrap().display().to_string();
        let cloned = format!("{wharf} shell {} --clone {clone}", seat.name());
        let held = seat.sh(&format!(
            "mkfifo held; flock {place}.lock sh -c 'echo >held; exec sleep 60' >/dev/null 2>&1 & read line <held; \
             status=0; {cloned} || status=$?; kill $!; exit $status"
        ));
        held.exits(1).says(&format!("workstation `{clone}` is being changed by"));
        assert_eq!(seat.sh("docker volume ls -q").succeeds().stdout().matches(&clone).count(), 0);
        // What is noted of one that had the name before does not keep the new one away.
        seat.write(&format!("{place}.engine"), "another-engine\n");
        wharf_conformance::eventually("the lock", || {
            (seat.shell(&["--clone", &clone]).status() == 0).then_some(())
        });
        let noted = std::fs::read_to_string(seat.path(&format!("{place}.engine"))).unwrap();
        assert_eq!(noted, seat.sh("docker info --format '{{.ID}}'").succeeds().stdout());
        seat.sh(&format!("wharf shell {clone} --stop && wharf shell {clone} --start")).succeeds();
        seat.sh(&format!("wharf shell {clone} --destroy --yes")).succeeds();
        assert!(!seat.path(&format!("{place}.engine")).exists());
    });
}

//! Pins over time: paths that change, restarts of containers and engines, boots.

use crate::quay::{ANA, Quay, berth, on_each_engine};
use std::fs;
use std::os::unix::fs::symlink;
use wharf_pin::{Access, Answer, Question};
use wharf_testkit::EngineKind;

#[test]
fn whatever_becomes_of_its_path_a_pin_shows_what_was_opened() {
    on_each_engine(|quay| {
        quay.file("home/ana/data/hers", ANA, 0o644);
        quay.directory("home/ana/data/sub", ANA, 0o755);
        quay.start_container("web", &quay.pin("home/ana/data", Access::ReadWrite));
        let engine = &quay.berth.engine;
        let restart = || engine.docker(["restart", "-t", "1", &quay.named("web")]).unwrap();
        for target in ["/etc", "../bob", "/proc/self/root"] {
            fs::rename(quay.path("home/ana/data"), quay.path("home/ana/moved")).unwrap();
            symlink(target, quay.path("home/ana/data")).unwrap();
            assert_eq!(quay.exec("web", "ls /d"), "hers\nsub");
            restart();
            assert_eq!(quay.exec("web", "ls /d"), "hers\nsub");
            fs::remove_file(quay.path("home/ana/data")).unwrap();
            fs::rename(quay.path("home/ana/moved"), quay.path("home/ana/data")).unwrap();
        }
        // A directory that is moved out of the pin under a process that stands in it.
        let climb = "cd /d/sub && touch /d/ready && while [ ! -e /d/moved ]; do sleep 0.05; done; cat ../../../etc/hostname ../hers; ls ..";
        let said = std::thread::scope(|scope| {
            let climber = scope.spawn(|| quay.exec("web", climb));
            while !quay.path("home/ana/data/ready").exists() {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            fs::rename(quay.path("home/ana/data/sub"), quay.path("home/ana/out")).unwrap();
            quay.file("home/ana/data/moved", ANA, 0o644);
            climber.join().unwrap()
        });
        assert_eq!(said.matches("No such file or directory").count(), 3, "{said}");
    });
}

#[test]
fn a_directory_that_is_deleted_leaves_its_containers_an_empty_one() {
    on_each_engine(|quay| {
        quay.file("home/ana/data/hers", ANA, 0o644);
        quay.start_container("web", &quay.pin("home/ana/data", Access::ReadWrite));
        fs::remove_dir_all(quay.path("home/ana/data")).unwrap();
        assert_eq!(
            quay.exec("web", "ls /d; echo x > /d/new"),
            "sh: can't create /d/new: nonexistent directory"
        );
        quay.directory("home/ana/data", ANA, 0o755);
        assert_eq!(quay.exec("web", "echo x > /d/new"), "sh: can't create /d/new: nonexistent directory");
        assert_eq!(fs::read_dir(quay.path("home/ana/data")).unwrap().count(), 0);
    });
}

#[test]
fn a_pin_that_is_taken_away_stays_with_who_has_it_and_starts_nobody_else() {
    on_each_engine(|quay| {
        let source = quay.pin("home/ana/data", Access::ReadWrite);
        quay.start_container("web", &source);
        let Answer::Released { ids } = quay.ask(&Question::Keep { live: vec![] }) else {
            panic!("not released")
        };
        assert_eq!(ids.len(), 1);
        assert_eq!(quay.exec("web", "echo x > /d/kept"), "");
        assert!(quay.path("home/ana/data/kept").exists());
        let refused = quay.berth.engine.docker(["restart", "-t", "1", &quay.named("web")]).unwrap_err();
        assert!(refused.to_string().contains("no such file or directory"), "{refused}");
        assert!(quay.sh(&source, "ls /d").contains("bind source path does not exist"));
        assert_eq!(fs::read_dir(quay.path("state/pins")).unwrap().count(), 0);
    });
}

/// Restarts of the engine, of the process that makes pins, and of the machine.
fn lasts(kind: EngineKind) {
    let Some(berth) = berth(kind, false) else { return };
    let mut quay = Quay::at(&berth);
    quay.file("home/ana/data/hers", ANA, 0o644);
    let source = quay.pin("home/ana/data", Access::ReadWrite);
    quay.start_container("web", &source);
    berth.engine.docker(["update", "--restart", "always", &quay.named("web")]).unwrap();
    let is_up = |quay: &Quay| {
        wharf_conformance::eventually("the container runs", || {
            let up =
                berth.engine.docker(["inspect", "-f", "{{.State.Running}}", &quay.named("web")]).unwrap();
            (up.trim() == "true").then_some(())
        });
        assert_eq!(quay.exec("web", "ls /d"), "hers");
    };
    quay.kill();
    quay.start();
    is_up(&quay);
    berth.engine.restart().unwrap();
    is_up(&quay);
    berth.engine.kill().unwrap();
    is_up(&quay);

    // A boot at which the engine is too early: the container does not start, and nothing is made for it.
    berth.engine.stop().unwrap();
    quay.kill();
    quay.unmount_all();
    berth.engine.start_again().unwrap();
    let name = quay.named("web");
    let state =
        || berth.engine.docker(["inspect", "-f", "{{.State.Running}} {{.State.Error}}", &name]).unwrap();
    assert!(state().starts_with("false"), "{}", state());
    assert!(berth.engine.docker(["start", &name]).is_err());
    assert_eq!(fs::read_dir(quay.path("pins")).unwrap().count(), 0, "an empty directory in its place");
    quay.start();
    berth.engine.docker(["start", &name]).unwrap();
    is_up(&quay);

    // A boot in the right order.
    berth.engine.stop().unwrap();
    quay.kill();
    quay.unmount_all();
    quay.start();
    berth.engine.start_again().unwrap();
    is_up(&quay);

    // A boot after which the path leads elsewhere.
    berth.engine.stop().unwrap();
    quay.kill();
    quay.unmount_all();
    fs::rename(quay.path("home/ana/data"), quay.path("home/ana/moved")).unwrap();
    symlink("/etc", quay.path("home/ana/data")).unwrap();
    quay.start();
    berth.engine.start_again().unwrap();
    assert!(berth.engine.docker(["start", &name]).is_err());
    let Answer::Pins { all } = quay.ask(&Question::List) else { panic!("no list") };
    assert_eq!(all.iter().map(|(_, there)| *there).collect::<Vec<_>>(), [false]);
}

#[test]
fn pins_outlast_engines_and_boots_on_docker20() {
    lasts(EngineKind::Docker20);
}

#[test]
fn pins_outlast_engines_and_boots_on_docker28() {
    lasts(EngineKind::Docker28);
}

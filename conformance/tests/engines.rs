//! Each engine that the tests rely on starts, runs a container, publishes a port, and leaves nothing behind.

use std::path::Path;
use std::process::Command;

use wharf_testkit::{
    Access, Engine, EngineKind, Engines, Moment, Recorder, Registry, Verdict, or_skip, run, unique_name,
};

#[test]
fn shared_engines_are_the_versions_they_are_named_after() {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    for engine in engines.all() {
        let version = engine.docker(["version", "--format", "{{.Server.Version}}"]).unwrap();
        assert!(version.starts_with(engine.kind().name()), "{version}");
    }
}

#[test]
fn a_published_port_is_reached_in_the_engines_namespace() {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    for engine in engines.all() {
        engine.import_busybox().unwrap();
        let serve = "echo ashore >/www/index.html; exec httpd -f -h /www";
        let id = engine
            .docker(["run", "-d", "--init", "-p", "127.0.0.1::80", "busybox", "sh", "-c", serve])
            .unwrap();
        let port = engine.docker(["port", id.trim(), "80/tcp"]).unwrap();
        let port = port.trim().rsplit(':').next().unwrap().parse().unwrap();
        let page = wait_for(|| engine.http_get(port, "/").ok());
        engine.docker(["rm", "-f", id.trim()]).unwrap();
        assert_eq!(page.as_deref(), Some("ashore\n"));
    }
}

#[test]
fn a_registry_with_a_password_serves_only_who_knows_it() {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    for engine in engines.all() {
        engine.import_busybox().unwrap();
        let registry = Registry::start(engine, Access::Password { user: "ana", password: "quay" }).unwrap();
        let image = registry.image("busybox:1");
        engine.docker(["tag", "busybox", &image]).unwrap();
        let refused = engine.docker(["push", &image]).unwrap_err().to_string();
        assert!(refused.contains("no basic auth credentials"), "{refused}");
        engine.docker(["login", "-u", "ana", "-p", "quay", registry.address()]).unwrap();
        engine.docker(["push", &image]).unwrap();
        engine.docker(["rmi", &image]).unwrap();
        engine.docker(["pull", &image]).unwrap();
        engine.docker(["logout", registry.address()]).unwrap();
    }
}

#[test]
fn a_recorder_before_an_engine_is_noticed_only_when_it_breaks_something() {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    for engine in engines.all() {
        engine.import_busybox().unwrap();
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let docker = |arguments: &[&str]| {
            run(engine.docker_command().env("DOCKER_HOST", recorder.host()).args(arguments))
        };
        // Attached, so that the connection leaves HTTP half-way.
        assert_eq!(docker(&["run", "--rm", "-i", "busybox", "echo", "ashore"]).unwrap(), "ashore\n");
        let created = recorder.requests().iter().filter(|line| line.contains("/containers/create")).count();
        assert_eq!(created, 1, "{:?}", recorder.requests());

        recorder.set_hook(|moment, _, request| {
            let is_create = request.target.contains("/containers/create");
            if moment == Moment::After && is_create { Verdict::Cut } else { Verdict::Forward }
        });
        let name = unique_name();
        docker(&["create", "--name", &name, "busybox"]).unwrap_err();
        recorder.clear_hook();
        // The engine had acted before the connection was cut.
        docker(&["rm", &name]).unwrap();
    }
}

#[test]
fn an_engine_survives_restart_and_kill_and_leaves_nothing_when_dropped() {
    for kind in EngineKind::ALL {
        let Some(engine) = or_skip(Engine::private(kind)) else { return };
        let (directory, name) = (engine.directory().to_owned(), engine.netns().name().to_owned());
        engine.import_busybox().unwrap();
        engine
            .docker([
                "run",
                "-d",
                "--init",
                "--restart=always",
                "--name",
                "stays",
                "busybox",
                "sleep",
                "1000",
            ])
            .unwrap();
        engine.restart().unwrap();
        engine.kill().unwrap();
        let is_running = || {
            let state = engine.docker(["inspect", "-f", "{{.State.Running}}", "stays"]).unwrap();
            (state.trim() == "true").then_some(())
        };
        assert!(wait_for(is_running).is_some(), "`restart: always` was not kept: {}", engine.log());
        drop(engine);
        assert!(!directory.exists() && !Path::new("/run/netns").join(&name).exists());
        let left = run(Command::new("find").args(["/sys/fs/cgroup", "-name", &name])).unwrap();
        assert_eq!(left, "");
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap();
        assert!(!mounts.contains(directory.to_str().unwrap()), "{mounts}");
    }
}

/// Asks until there is an answer, for at most ten seconds.
fn wait_for<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..100 {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    None
}

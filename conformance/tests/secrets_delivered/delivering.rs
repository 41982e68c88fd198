//! Delivered: as said, to whom it is said, and nowhere else.

use crate::ground::{Ground, random};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;
use wharf_conformance::{Host, on_each_engine};
use wharf_testkit::{Engine, EngineKind, EngineOptions, Recorder, TestDir, or_skip};

#[test]
fn a_container_finds_its_secrets_as_files_that_it_cannot_write() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let pod = ground.pod(
            "blog",
            "containers:\n  web: {$idle, secrets: [db-password, {name: tls-key, target: site.key, mode: '0400', user: 101, \
             group: 102, env: TLS_FILE}]}\n  side: {$idle}\n",
        );
        ground.seals(&pod, "db-password", "sesame");
        ground.seals(&pod, "tls-key", "key");
        pod.up().succeeds();
        assert_eq!(pod.sh("web", "ls /run/secrets"), "db-password\nsite.key");
        assert_eq!(pod.sh("web", "cat /run/secrets/db-password"), "sesame");
        assert_eq!(pod.sh("web", "cat \"$TLS_FILE\""), "key");
        assert_eq!(
            pod.sh("web", "stat -c '%a %u %g' /run/secrets/site.key /run/secrets/db-password"),
            "400 101 102\n444 0 0"
        );
        let refused =
            pod.sh("web", "echo x > /run/secrets/db-password || rm /run/secrets/site.key || echo refused");
        assert_eq!(refused, "refused");
        assert_eq!(pod.sh("web", "ulimit -c"), "0");
        assert_eq!(pod.sh("side", "ls /run/secrets 2>/dev/null; echo none"), "none");
        assert!(pod.member("web").label("wharf.secrets").starts_with("db-password="));
        pod.up().succeeds().says("nothing to do");
        pod.is_as_its_file_says();
        pod.down().succeeds();
        assert!(!ground.given(&pod, "web").exists(), "it was taken down, and its secrets stay");
        assert_eq!(std::fs::read_dir(ground.host.path("state/secrets/in-use")).unwrap().count(), 0);
    });
}

/// Secrets add nothing to what is asked of the engine.
#[test]
fn secrets_are_no_further_request() {
    on_each_engine(|engine| {
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let ground = Ground::of(Host::on(engine).through(&recorder));
        let with = ground.pod("with", "containers: {web: {$idle, secrets: [a, b]}, side: {$idle}}");
        let without = ground.pod("without", "share_pid: false\ncontainers: {web: {$idle}, side: {$idle}}");
        ground.seals(&with, "a", "one");
        ground.seals(&with, "b", "two");
        let asked = [&without, &with].map(|pod| {
            recorder.clear();
            pod.up().succeeds();
            let first = recorder.requests().len();
            recorder.clear();
            pod.up().succeeds().says("nothing to do");
            (first, recorder.requests().len())
        });
        assert_eq!(asked[0], asked[1]);
    });
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// Files of a directory that have the needle; memory apart from this machine's is not entered.
fn found_in(directory: &Path, needle: &str) -> String {
    let mut grep = Command::new("grep");
    grep.args(["-rlaF", "--devices=skip", needle]).arg(directory);
    String::from_utf8_lossy(&grep.output().expect("grep").stdout).trim().to_owned()
}

fn in_processes(file: &str, needle: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let numbered =
        processes.filter(|entry| entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit()));
    let told = numbered
        .filter(|entry| std::fs::read(entry.path().join(file)).is_ok_and(|bytes| holds(&bytes, needle)));
    told.map(|entry| entry.path().display().to_string()).collect()
}

#[test]
fn a_value_is_found_in_its_containers_own_file_and_nowhere_else() {
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let needle = random();
        let crash = "command: sh -c 'read X < /run/secrets/token; while true; do sleep 1; done'";
        let pod = ground.pod(
            "hunt",
            &format!("containers: {{web: {{$box, {crash}, secrets: [{{name: token, env: TOKEN_FILE}}]}}, side: {{$idle}}}}"),
        );
        ground.seals(&pod, "token", &needle);
        for run in [pod.plan(&[]), pod.up(), pod.plan(&["--json"]), ground.host.wharf(["--json", "ps"])] {
            let run = run.succeeds();
            let _run = run.never_says(&needle);
        }
        assert_eq!(pod.sh("web", "cat $TOKEN_FILE"), needle);
        // What the engine and its logs show and keep.
        for name in [pod.name_of("web"), pod.name_of("side"), pod.name().to_owned()] {
            let shown = engine.docker(["inspect", &name]).expect("an inspection");
            assert!(!shown.contains(&needle), "{name}");
        }
        assert!(!engine.log().contains(&needle) && !pod.printed("web").contains(&needle));
        assert_eq!(found_in(&engine.directory().join("data/containers"), &needle), "");
        assert_eq!(found_in(&engine.directory().join("data/volumes"), &needle), "");
        // What processes were given.
        assert_eq!(in_processes("environ", &needle), Vec::<String>::new());
        assert_eq!(in_processes("cmdline", &needle), Vec::<String>::new());
        // What wharf wrote: state, audit trail, the sealed file, everything beside it.
        let found = found_in(&ground.host.path(""), &needle);
        assert_eq!(found, ground.given(&pod, "web").join("token").display().to_string());
        // Another container of the pod, as root.
        let search = format!(
            "grep -rlF {needle} /run /etc /tmp /dev/shm /proc/*/root/run /proc/*/environ 2>/dev/null"
        );
        assert_eq!(pod.sh("side", &format!("{search}; true")), "");
        // A crash on purpose, of a process that has read it.
        assert_eq!(crashes(&pod, "web", "read X < /run/secrets/token"), "139");
        assert_eq!(pod.sh("web", "ls /core*; true"), "");
        assert_eq!(found_in(&engine.directory().join("data"), &needle), "", "a core dump, or a copy");
        assert!(!ground.trail().contains(&needle));
        assert!(
            ground.trail().contains("deliver secret")
                && ground.trail().contains(&format!("{}/token", pod.name()))
        );
    });
}

/// The exit code of a process that does this and crashes. Not the container's first: that one the kernel lets nobody inside
/// crash.
fn crashes(pod: &wharf_conformance::Pod<'_>, container: &str, does: &str) -> String {
    pod.sh(container, &format!("sh -c 'cd /; {does}; kill -SEGV $$; sleep 5' 2>/dev/null; echo $?"))
}

/// Where nothing forbids it there is a dump, and this hunt finds the value in it: else the other test would prove nothing.
#[test]
fn a_crash_without_secrets_leaves_what_the_hunt_would_find() {
    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").expect("the core pattern");
    if pattern.starts_with(['|', '/']) {
        wharf_testkit::note_skipped("cores do not stay in the container");
        return;
    }
    on_each_engine(|engine| {
        let ground = Ground::on(engine);
        let needle = random();
        let pod = ground.pod("crash", "containers: {web: {$idle, limits: {ulimit-core: '1000000000'}}}");
        pod.up().succeeds();
        let (half, rest) = needle.split_at(9);
        assert_eq!(crashes(&pod, "web", &format!("A={half}; X=${{A}}{rest}")), "139");
        assert!(pod.sh("web", "ls /core*").contains("core"));
        assert!(found_in(&engine.directory().join("data"), &needle).contains("core"));
    });
}

/// An engine that maps root in containers to user 100000. It has a mount namespace of its own, so that memory must be there
/// before it starts: as on a machine whose unit made it.
fn remapped(kind: EngineKind) -> Option<Engine> {
    let ids = "nobody:100000:65536\nnogroup:100000:65536\n".to_owned();
    let options = EngineOptions {
        arguments: vec!["--userns-remap=nobody:nogroup".to_owned()],
        files: vec![("/etc/subuid".to_owned(), ids.clone()), ("/etc/subgid".to_owned(), ids)],
        ..EngineOptions::default()
    };
    or_skip(Engine::start(kind, &options))
}

fn ids_are_the_containers(kind: EngineKind) {
    let directory = TestDir::new().expect("a directory");
    let place = directory.join("secrets");
    std::fs::create_dir(&place).unwrap();
    let mounted =
        Command::new("mount").args(["-t", "ramfs", "-o", "mode=0700", "ramfs"]).arg(&place).status();
    assert!(mounted.expect("mount").success());
    let Some(engine) = remapped(kind) else { return };
    let ground = Ground::at(Host::on(&engine), place);
    let pod = ground.pod(
        "mapped",
        "containers: {web: {$idle, secrets: [{name: token, mode: '0400', user: 5, group: 6}]}}",
    );
    ground.seals(&pod, "token", "sesame");
    pod.up().succeeds();
    assert_eq!(
        pod.sh("web", "stat -c '%a %u %g' /run/secrets/token; cat /run/secrets/token"),
        "400 5 6\nsesame"
    );
    let facts = std::fs::metadata(ground.given(&pod, "web").join("token")).unwrap();
    assert_eq!((facts.uid(), facts.gid()), (100_005, 100_006));
    pod.down().succeeds();
}

#[test]
fn ids_are_the_containers_on_a_remapped_docker20() {
    ids_are_the_containers(EngineKind::Docker20);
}

#[test]
fn ids_are_the_containers_on_a_remapped_docker28() {
    ids_are_the_containers(EngineKind::Docker28);
}

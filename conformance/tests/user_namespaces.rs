//! Pods on an engine with `userns-remap`: the setting under which root in a container is nobody on the host, and the one
//! that SECURITY.md asks for where pods are others'.

use std::os::unix::fs::MetadataExt;
use wharf_conformance::Host;
use wharf_testkit::{Engine, EngineKind, EngineOptions, or_skip};

/// An engine that maps root in containers to user 100000.
fn remapped(kind: EngineKind) -> Option<Engine> {
    let ids = "nobody:100000:65536\nnogroup:100000:65536\n".to_owned();
    let options = EngineOptions {
        arguments: vec!["--userns-remap=nobody:nogroup".to_owned()],
        files: vec![("/etc/subuid".to_owned(), ids.clone()), ("/etc/subgid".to_owned(), ids)],
        ..EngineOptions::default()
    };
    or_skip(Engine::start(kind, &options))
}

fn mounts_are_the_containers(kind: EngineKind) {
    let Some(engine) = remapped(kind) else { return };
    let host = Host::on(&engine);
    let pod = host.pod(
        "mapped",
        "containers: {web: {$idle, mounts: [{source: a/data, target: /data}]}, side: {$idle}}",
    );
    pod.up().succeeds();
    pod.up().succeeds().says("nothing to do");
    pod.sh("web", "echo kept > /data/file");
    let below = |path: &str| host.path("mounts").join(pod.name()).join(path);
    assert_eq!(std::fs::read_to_string(below("a/data/file")).expect("the file"), "kept\n");
    let owner = |path: &str| std::fs::metadata(below(path)).expect(path).uid();
    assert_eq!((owner("a/data"), owner("a/data/file")), (100_000, 100_000));
    assert_eq!((owner("a"), owner("")), (0, 0), "what is above a source is root's alone");
    pod.down().succeeds();
}

#[test]
fn mounts_are_the_containers_on_a_remapped_docker20() {
    mounts_are_the_containers(EngineKind::Docker20);
}

#[test]
fn mounts_are_the_containers_on_a_remapped_docker28() {
    mounts_are_the_containers(EngineKind::Docker28);
}

//! Docker's containerd image store (the default from Docker 29 on) names images otherwise than the classic one: by the
//! digest of a manifest, not of a configuration. Pods must not mind.

use wharf_conformance::Host;
use wharf_testkit::{Engine, EngineKind, EngineOptions, or_skip};

#[test]
fn a_pod_comes_up_and_stays_on_the_containerd_image_store() {
    let arguments = vec!["--feature=containerd-snapshotter=true".to_owned()];
    let options = EngineOptions { arguments, ..EngineOptions::default() };
    let Some(engine) = or_skip(Engine::start(EngineKind::Docker28, &options)) else { return };
    let driver = engine.docker(["info", "-f", "{{.Driver}}"]).expect("info");
    assert_eq!(driver.trim(), "overlayfs", "this engine was to have the containerd image store");

    let host = Host::on(&engine);
    let pod = host.pod("store", "containers: {web: {$idle}, side: {$idle}}");
    pod.up().succeeds();
    let before = pod.containers();
    pod.up().succeeds().says("nothing to do");
    pod.is_as_its_file_says();
    assert_eq!(pod.containers(), before);
    pod.down().succeeds();
}

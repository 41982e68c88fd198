//! What `wharf serve` needs before it listens at the network, and what it does not start without.

use wharf_conformance::Run;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};
use wharf_testkit::{EngineKind, TestDir, wharf_program};

#[test]
fn without_an_authority_nothing_is_answered_at_the_network() {
    through_the_gateway(|engine| {
        if engine.kind() != EngineKind::Docker28 {
            return;
        }
        // Holds the engine for this test alone, and ends before the other begins.
        let mut alone = Gateway::on(engine).tenant("alice", ORDINARY).start();
        alone.stop();
        let other = TestDir::new().unwrap();
        std::fs::create_dir(other.join("mounts")).unwrap();
        let config = format!(
            "mount_root: {0}/mounts\nengine: {1}\nlisten: ['tcp://127.0.0.1:2376']\nstate_dir: {0}/state\n\
             allow_unmapped_users: true\n",
            other.path().display(),
            engine.host(),
        );
        let config = other.write("host.yml", config).unwrap();
        let mut serve = engine.in_netns("timeout");
        serve
            .args(["-s", "KILL", "20"])
            .arg(wharf_program().unwrap())
            .args(["serve", "--config"])
            .arg(&config);
        let run = Run::of(serve.env_remove("DOCKER_HOST"), b"").exits(2);
        run.says("at `tcp://` everybody needs a certificate").says("wharf ca init");
        let nothing = Run::of(engine.in_netns("curl").args(["-sS", "http://127.0.0.1:2376/"]), b"");
        assert_eq!(nothing.status(), 7, "nobody listens: {nothing}");
    });
}

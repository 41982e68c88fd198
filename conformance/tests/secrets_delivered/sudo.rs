//! Under a real sudo: bob's pod has what bob sealed for it, and bob has neither the host's key nor a value.

use std::process::Command;
use wharf_conformance::Boundary;
use wharf_testkit::{Engines, TestDir, or_skip};

#[test]
fn a_pod_under_sudo_has_what_was_sealed_beside_its_file() {
    let Some(engine) = or_skip(Engines::shared()).map(Engines::docker28) else { return };
    // The users' machine has mounts of its own; this one is there before, and so the engine's, too.
    let directory = TestDir::new().expect("a directory");
    let place = directory.join("secrets");
    std::fs::create_dir(&place).unwrap();
    let mounted =
        Command::new("mount").args(["-t", "ramfs", "-o", "mode=0700", "ramfs"]).arg(&place).status();
    assert!(mounted.expect("mount").success());
    let told = delivered(engine, &place.display().to_string());
    let _unmounted = Command::new("umount").arg("-l").arg(&place).output();
    assert!(told.is_some());
}

fn delivered(engine: &'static wharf_testkit::Engine, place: &str) -> Option<()> {
    let Some(host) = Boundary::on(engine) else { return Some(()) };
    host.host_config(&format!("secret_place: {place}\n"));
    host.root_wharf(["host", "init"]).succeeds();
    host.says("containers: {web: {$idle, secrets: [{name: token, env: TOKEN_FILE}]}}\n");
    host.bob_sh("printf sesame | $wharf secret set --yes $home/$pod.yml token").succeeds();
    host.up().succeeds().never_says("sesame");
    assert_eq!(host.inside("web", "cat $TOKEN_FILE"), "sesame");
    let trail = host.trail();
    let line = trail.lines().find(|line| line.contains("deliver secret"))?;
    assert!(line.contains("bob") && !trail.contains("sesame"), "{line}");
    // Neither the place, nor the host's key, nor what is kept for a reboot is his to read.
    for path in [place, "/var/lib/wharf/secrets", "/var/lib/wharf/hash.key"] {
        host.bob_sh(&format!("find {path} -type f | grep . || cat {path}")).exits(1);
    }
    // What he may not read is not read for him.
    host.root_sh(&host.filled("chown root $home/secrets/$pod.yml; chmod 0600 $home/secrets/$pod.yml"));
    host.up().exits(2).says("secrets");
    host.root_wharf(["down", host.pod()]).succeeds();
    Some(())
}

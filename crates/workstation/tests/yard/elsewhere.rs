//! Engines that take containers' users for others: with `userns-remap`, and without root.

use crate::site::{Site, ada, block_on, blueprint, definition, fresh_name};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wharf_testkit::{
    Engine, EngineKind, EngineOptions, ImageRecipe, Rootless, TestDir, docker_program, or_skip,
};
use wharf_workstation::Definition;

/// Its life: the home and what wharf keeps are its user's, and stay so over an upgrade.
async fn is_as_everywhere(socket: &Path) {
    let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
    let yard = site.yard();
    let definition = definition(&name);
    let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
    let looked = "id -u; id -g; whoami; touch ~/file; stat -c '%a %u:%g' ~ ~/file /run/wharf /run/wharf/session; \
                  grep CapEff /proc/self/status; ls -ln /etc/passwd | cut -d' ' -f1,9-";
    let ran = yard.run(&started.seen, &["sh", "-ec", looked], b"").await.unwrap();
    let said = String::from_utf8_lossy(&ran.output).into_owned();
    let expected = "1234\n2345\nada\n700 1234:2345\n644 1234:2345\n700 1234:2345\n755 1234:2345\n\
                    CapEff:\t0000000000000000\n-rw-r--r-- ";
    assert!(said.starts_with(expected), "{said}");

    let next = Definition { environment: [("A".parse().unwrap(), "b".into())].into(), ..definition };
    let image = yard.make_image(&blueprint(&next, &ada), false).await.unwrap();
    let upgraded = yard.upgrade(&blueprint(&next, &ada), &image).await.unwrap();
    let ran =
        yard.run(&upgraded.seen, &["sh", "-ec", "echo $A; stat -c %u:%g ~/file; ls ~"], b"").await.unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.output), "b\n1234:2345\nfile\n");
    yard.destroy(&name).await.unwrap();
    assert_eq!(yard.find(&name).await.unwrap(), None);
}

/// A rootless engine has an account of its own, whose making puts a new `/etc/subuid` in place: an engine that starts at that
/// moment with another text in place of that file finds neither.
static STARTING: Mutex<()> = Mutex::new(());

fn starting() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn on_remapped(kind: EngineKind) {
    let ids = "nobody:100000:65536\nnogroup:100000:65536\n".to_owned();
    let options = EngineOptions {
        arguments: vec!["--userns-remap=nobody:nogroup".to_owned()],
        files: vec![("/etc/subuid".to_owned(), ids.clone()), ("/etc/subgid".to_owned(), ids)],
        ..EngineOptions::default()
    };
    let alone = starting();
    let Some(engine) = or_skip(Engine::start(kind, &options)) else { return };
    drop(alone);
    engine.import_busybox().unwrap();
    block_on(is_as_everywhere(&engine.socket()));
}

#[test]
fn a_workstation_is_its_users_on_a_remapped_docker20() {
    on_remapped(EngineKind::Docker20);
}

#[test]
fn a_workstation_is_its_users_on_a_remapped_docker28() {
    on_remapped(EngineKind::Docker28);
}

fn on_rootless(kind: EngineKind) {
    let alone = starting();
    let Some(engine) = or_skip(Rootless::start(kind)) else { return };
    drop(alone);
    let directory = TestDir::new().unwrap();
    let archive = directory.join("busybox.tar");
    ImageRecipe::busybox("busybox:latest").archive(&archive).unwrap();
    let mut import = Command::new(docker_program(kind).unwrap());
    import.arg("-H").arg(format!("unix://{}", engine.socket().display()));
    import.args(["import", "-c", "ENV PATH=/bin", "-", "busybox:latest"]);
    import.stdin(Stdio::from(std::fs::File::open(archive).unwrap()));
    let imported = import.output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    block_on(is_as_everywhere(&engine.socket()));
}

#[test]
fn a_workstation_is_its_users_on_a_rootless_docker20() {
    on_rootless(EngineKind::Docker20);
}

#[test]
fn a_workstation_is_its_users_on_a_rootless_docker28() {
    on_rootless(EngineKind::Docker28);
}

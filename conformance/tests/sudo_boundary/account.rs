//! wharf as a dedicated account in the docker group, without root: `bob ALL=(derper) ...`. It cannot take bob's identity.

use crate::{PLAIN, new_engine, old_engine};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use wharf_conformance::{Boundary, Run};
use wharf_testkit::{Engine, Recorder};

/// Bob's host, where wharf runs as `derper`; and the socket that derper may use.
fn as_derper(engine: &'static Engine) -> Option<(Boundary<'static>, Recorder)> {
    let host = Boundary::without_rules(engine)?;
    host.users().add_user("derper").unwrap();
    host.sudoers("bob ALL=(derper) NOPASSWD: $wharf up */$pod.yml, $wharf down $pod");
    let socket = Recorder::start(&engine.socket()).unwrap();
    host.root_sh(&format!(
        "chown derper {0} && ln -sfn {0} /run/docker.sock && chown derper $pods && chmod 0711 $home && \
         install -d -m 0700 -o derper /run/user/$(id -u derper)",
        socket.socket().display()
    ));
    Some((host, socket))
}

fn up(host: &Boundary<'_>) -> Run {
    host.bob_sh("sudo -n -u derper $wharf up $home/$pod.yml")
}

#[test]
fn a_dedicated_account_makes_pods_without_root() {
    let Some((host, _socket)) = new_engine().and_then(as_derper) else { return };
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    up(&host).succeeds();
    assert_eq!(host.members(), ["web"]);
    let pod = fs::metadata(host.in_pod("")).unwrap();
    assert_eq!(pod.mode() & 0o7777, 0o700);
    assert_eq!(pod.uid(), fs::metadata(host.mount_root()).unwrap().uid());
    assert_ne!(pod.uid(), 0);
    host.says("publish: ['18961:80']\ncontainers: {web: {$idle}}\n");
    up(&host).exits(3).says("denied by rule `ports`");
    host.bob_sh("sudo -n -u derper $wharf down $pod").succeeds();
    host.has_nothing();
}

#[test]
fn a_dedicated_account_shows_positions_and_no_content() {
    let Some((host, _socket)) = old_engine().and_then(as_derper) else { return };
    host.writes("swords", "containers: {web: {$box, swordfish: 1}}\n");
    // derper may read it, bob may not.
    host.root_sh("install -o derper -m 0600 $home/swords /etc/wharf/secret");
    host.bob_sh("rm swords; ln -s /etc/wharf/secret $pod.yml").succeeds();
    up(&host).exits(2).says(&format!("{}.yml: line 1, column", host.pod())).never_says("swordfish");
    // Nor is he told what there is where he cannot look.
    host.root_sh("install -d -m 0700 -o derper /etc/wharf/closed && mkdir /etc/wharf/closed/here");
    let answers = ["here", "absent"].map(|name| {
        host.bob_sh(&format!("ln -sfn /etc/wharf/closed/{name} $pod.yml")).succeeds();
        up(&host).exits(2).stderr()
    });
    assert_eq!(answers[0], answers[1]);
    host.has_nothing();
}

#[test]
fn for_a_dedicated_account_other_users_files_are_no_more_to_be_trusted() {
    let Some((host, _socket)) = old_engine().and_then(as_derper) else { return };
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    host.root_sh("chown bob $pods");
    up(&host).exits(2).says("belongs to user");
    host.root_sh("chown derper $pods && chown bob /etc/wharf/host.yml");
    up(&host).exits(2).says("`/etc/wharf/host.yml` belongs to user");
    host.root_sh("chown derper /etc/wharf/host.yml && chmod 0666 /etc/wharf/host.yml");
    up(&host).exits(2).says("is writable by its group or by others");
    host.has_nothing();
}

#[test]
fn for_a_dedicated_account_bobs_variables_are_ignored_as_well() {
    let Some((host, _socket)) = new_engine().and_then(as_derper) else { return };
    host.says(PLAIN).writes("host.yml", "mount_root: /etc\nport_whitelist: {18962: $pod}\n");
    host.sudoers(
        "Defaults env_keep += \"DOCKER_HOST WHARF_HOST_CONFIG WHARF_STATE_DIR HOME XDG_RUNTIME_DIR\"",
    );
    let lures = "DOCKER_HOST=unix://$home/none WHARF_HOST_CONFIG=$home/host.yml WHARF_STATE_DIR=$home/state XDG_RUNTIME_DIR=$home";
    host.bob_sh(&format!("{lures} sudo -n -u derper $wharf up $home/$pod.yml")).succeeds();
    assert_eq!(host.members(), ["web"]);
    assert!(!host.home("state").exists());
}

/// Root's hashes are keyed, and derper has no key: what cannot be compared is not replaced.
#[test]
fn a_dedicated_account_leaves_alone_what_root_made() {
    let Some((host, _socket)) = new_engine().and_then(as_derper) else { return };
    host.says(PLAIN);
    host.root_sh("chown root $pods");
    let file = host.pod_file().display().to_string();
    host.root_wharf(["up", &file]).succeeds();
    assert_eq!(host.members(), ["web"]);
    host.root_sh("chown derper $pods");
    up(&host).exits(2).says("was made by root");
    host.root_sh("chown root $pods");
    host.root_wharf(["up", &file]).succeeds().says("nothing to do");
}

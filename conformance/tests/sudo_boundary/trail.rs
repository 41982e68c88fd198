//! What is left behind: exit codes, and one record for each refusal, without a secret in it.

use crate::{PLAIN, on_new, on_old};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

#[test]
fn every_refusal_has_its_exit_code_and_a_denial_its_record() {
    let Some(host) = on_old() else { return };
    host.host_config("reserved_labels: [traefik.]");
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf resume");
    for (text, code, record) in [
        ("containers: {web: {$idle, privileged: true}}", 2, ""),
        ("publish: ['18971:80']\ncontainers: {web: {$idle}}", 3, "ports $pod"),
        ("containers: {web: {$idle, labels: {traefik.a: b}}}", 3, "labels $pod.web"),
        (
            "containers: {web: {$idle, labels: {traefik.a: b}}, db: {$idle, labels: {traefik.a: b}}}",
            3,
            "labels $pod.web",
        ),
    ] {
        let before = host.denials();
        host.says(text);
        host.up().exits(code);
        let wanted: Vec<String> =
            before.into_iter().chain((!record.is_empty()).then(|| record.to_owned())).collect();
        assert_eq!(host.denials(), wanted, "{text}");
    }
    host.has_nothing();
    // In the state directory that the administrator's line names.
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf --state-dir=/var/lib/elsewhere up */$pod.yml");
    host.sudo(["--state-dir=/var/lib/elsewhere".as_ref(), "up".as_ref(), host.pod_file().as_os_str()])
        .exits(3);
    let elsewhere = host.trail_in(Path::new("/var/lib/elsewhere"));
    assert_eq!(elsewhere.matches("denied").count(), 1, "{elsewhere}");
    host.sudo(["resume"]).exits(3);
    assert_eq!(host.denials().len(), 4, "{}", host.trail());
    host.root_sh("ln -sfn $home/none.sock /run/docker.sock");
    host.says(PLAIN);
    host.up().exits(4);
}

#[test]
fn records_name_the_caller_and_hold_no_value() {
    let Some(host) = on_new() else { return };
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf plan */$pod.yml");
    host.root_sh("install -d -m 0700 $pods/$pod $pods/$pod/keys && echo swordfish-1 > $pods/$pod/keys/k");
    host.says(
        "common_environment: {A: swordfish-2}\ncontainers:\n  web: {$idle, environment: {B: swordfish-3}, environment_files: {C: keys/k}}\n  \
         bad: {$box, command: /absent, environment: {D: swordfish-4}}\n",
    );
    host.sudo(["plan".as_ref(), host.pod_file().as_os_str()]).succeeds().never_says("swordfish");
    host.up().exits(5).never_says("swordfish");
    host.says("publish: ['18971:80']\ncontainers: {web: {$idle, environment: {B: swordfish-5}}}\n");
    host.sudo(["plan".as_ref(), host.pod_file().as_os_str()]).never_says("swordfish");
    host.up().exits(3).never_says("swordfish");
    let trail = host.trail();
    assert!(!trail.contains("swordfish"), "{trail}");
    for line in trail.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["actor"], format!("pod {} (user bob)", host.pod()), "{line}");
    }
}

#[test]
fn the_trail_and_the_locks_are_roots_and_a_planted_one_is_not_used() {
    let Some(host) = on_old() else { return };
    host.says(PLAIN);
    host.up().succeeds();
    let state = host.users().outside(Path::new("/var/lib/wharf"));
    for path in ["", "audit.jsonl", "locks"] {
        let found = std::fs::metadata(state.join(path)).unwrap();
        assert_eq!((found.uid(), found.mode() & 0o077), (0, 0), "{path}");
    }
    // Nothing is done that could not be recorded.
    host.says("containers: {web: {$idle}, db: {$idle}}\n");
    for plant in ["ln -s $home/trail", "mkfifo", "mkdir", "install -o bob /dev/null"] {
        host.root_sh(&format!("cd /var/lib/wharf && rm -rf audit.jsonl && {plant} audit.jsonl"));
        let run = host.up();
        assert!(run.status() == 1 || run.status() == 2, "{run}");
        assert_eq!(host.members(), ["web"], "{run}");
        assert!(!host.home("trail").exists());
    }
    host.root_sh("rm -rf /var/lib/wharf && install -d -o bob /var/lib/wharf");
    host.up().says("belongs to user");
    assert_eq!(host.members(), ["web"]);
}

#[test]
fn one_run_at_a_time_and_the_second_says_who_has_the_lock() {
    let Some(host) = on_old() else { return };
    host.says(
        "containers: {web: {$idle, startup_health_check: {command: 'false', interval: 1, attempts: 5}}}\n",
    );
    let script =
        "sudo -n $wharf up $home/$pod.yml & sleep 2; sudo -n $wharf up $home/$pod.yml; echo second: $?; wait";
    let run = host.bob_sh(script);
    assert!(run.stdout().contains("second: 1"), "{run}");
    run.says("wharf up");
}

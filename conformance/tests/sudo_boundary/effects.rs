//! Bob outside and root in a container, together: both are one kernel's users, and bob controls both.

use crate::{on_new, on_old};

/// Container root gives a process bob's user number; through that process's `/proc/<pid>/root` bob reaches what the
/// container holds, device files included, and a device file is obeyed wherever it lies.
#[test]
fn a_container_makes_no_device_file_for_bob() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
        host.up().succeeds();
        let tried = host.inside(
            "web",
            "mknod /n c 1 3; mknod /data/n b 7 0; mknod /tmp/n c 10 229; ls /n /data/n /tmp/n; true",
        );
        assert_eq!(tried, "");
    }
}

/// The kernel takes no set-uid bit from a mount namespace that is not one's own; the pod's directory is closed to bob.
#[test]
fn a_set_uid_program_is_of_no_use_through_a_process_either() {
    let Some(host) = on_old() else { return };
    let bob = host.bob_sh("id -u").succeeds().stdout();
    let bob = bob.trim();
    host.says(&format!(
        "containers: {{web: {{$idle, mounts: [{{source: data, target: /data}}]}}, \
         bob: {{$idle, user: '{bob}', mounts: [{{source: data, target: /data}}]}}}}\n"
    ));
    host.up().succeeds();
    host.inside(
        "web",
        "cp /bin/busybox /data/id; cp /bin/busybox /id; chmod 4755 /data/id /id; chmod 777 /data",
    );
    let pid = host.member("bob").at("/State/Pid").to_string();
    let run =
        host.bob_sh(&format!("for at in /proc/{pid}/root /proc/{pid}/cwd; do $at/data/id -u; done; true"));
    run.never_says("uid=0");
    let said = host.bob_sh(&format!("/proc/{pid}/root/data/id -u; true"));
    assert_ne!(said.stdout().trim(), "0", "{said}");
}

/// Nobody but root reaches what a container serves on a socket file in its mount.
#[test]
fn a_pods_files_and_sockets_are_out_of_bobs_reach() {
    let Some(host) = on_new() else { return };
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    host.up().succeeds();
    host.inside("web", "chmod 777 /data; echo swordfish > /data/f; mkfifo -m 666 /data/p");
    for script in
        ["cat $pods/$pod/data/f", "ls $pods/$pod/data", "cat $pods/$pod/data/p", "cd $pods/$pod/data"]
    {
        let run = host.bob_sh(script).never_says("swordfish");
        assert!(run.status() != 0 && run.status() != 124, "{run}");
    }
}

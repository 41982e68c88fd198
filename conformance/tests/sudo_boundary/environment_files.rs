//! `environment_files` are read with wharf's own rights, in directories that containers write to.

use crate::{on_new, on_old};
use std::fs;
use std::time::{Duration, Instant};

const KEYED: &str = "containers: {web: {$idle, mounts: [{source: data, target: /data}], environment_files: {KEY: data/key}}}\n";

/// The hole that was proved on moby-derp: a container makes `data/key` a link to the host's shadow file.
#[test]
fn a_link_planted_by_a_container_is_not_followed() {
    let Some(host) = on_new() else { return };
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}]}}\n");
    host.up().succeeds();
    let web = host.member("web").id();
    for link in ["/etc/shadow", "../../../../../../../../etc/shadow", "/proc/self/environ", "other"] {
        host.inside("web", &format!("echo swordfish > /data/other; rm -f /data/key; ln -s {link} /data/key"));
        host.says(KEYED);
        let run = host.up().exits(1).says("`containers.web.environment_files.KEY` cannot be read");
        run.says("/data/key` is a symbolic link, or lies behind one")
            .never_says("root:")
            .never_says("swordfish");
    }
    host.inside("web", "rm /data/key; ln -s /etc /data/dir");
    host.says("containers: {web: {$idle, mounts: [{source: data, target: /data}], environment_files: {KEY: data/dir/shadow}}}\n");
    host.up().exits(1).says("is a symbolic link, or lies behind one").never_says("root:");
    assert_eq!(host.member("web").id(), web, "nothing was changed");
    assert!(!host.member("web").at("/Config/Env").to_string().contains("KEY"));
}

#[test]
fn only_a_small_regular_text_file_with_one_name_is_read() {
    let Some(host) = on_old() else { return };
    host.says(KEYED);
    fs::create_dir_all(host.in_pod("data")).unwrap();
    let begun = Instant::now();
    for (make, code, why) in [
        ("ln /etc/hostname key || { echo swordfish > a; ln a key; }", 1, "has 2 names (hard links)"),
        ("mkfifo key", 1, "is a named pipe, not a regular file"),
        ("mkdir key", 1, "is a directory, not a regular file"),
        ("mknod key c 1 5", 1, "is a device, not a regular file"),
        ("head -c 131073 /dev/zero | tr '\\0' x > key", 1, "has more than 131072 bytes"),
        ("truncate -s 1T key", 1, "has more than 131072 bytes"),
        ("printf 'swordfish\\377' > key", 2, "UTF-8 text without NUL"),
        ("printf 'swordfish\\0' > key", 2, "UTF-8 text without NUL"),
        (":", 1, "does not exist"),
    ] {
        host.root_sh(&format!("cd $pods/$pod/data && rm -rf key a && {{ {make}; }}"));
        host.up()
            .exits(code)
            .says("`containers.web.environment_files.KEY`")
            .says(why)
            .never_says("swordfish");
        host.has_nothing();
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn paths_out_of_the_pods_directory_are_refused() {
    let Some(host) = on_old() else { return };
    for source in ["/etc/shadow", "../other/key", "~/key", "data/../../../etc/shadow"] {
        host.says(&format!("containers: {{web: {{$idle, environment_files: {{KEY: '{source}'}}}}}}\n"));
        host.up().exits(2).says(&format!("{}.yml:1:", host.pod())).never_says("root:");
    }
    host.has_nothing();
}

/// A container exchanges the file for a link to the shadow file as fast as it can.
#[test]
fn a_container_that_races_wharf_reads_nothing_of_the_hosts() {
    let Some(host) = on_new() else { return };
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf plan */$pod.yml");
    let flip = "cd /data; while :; do ln -sfn /etc/shadow l; mv l key; echo good > g; mv g key; done";
    let racer = format!(
        "web: {{$box, stop_timeout: 0, command: [sh, -c, '{flip}'], mounts: [{{source: data, target: /data}}]}}"
    );
    host.says(&format!("containers: {{{racer}}}\n"));
    host.up().succeeds();
    let (mut read, mut refused) = (0, 0);
    for round in 0..10 {
        host.says(&format!(
            "containers: {{{racer}, two: {{$idle, environment: {{ROUND: '{round}'}}, environment_files: {{KEY: data/key}}}}}}\n"
        ));
        for _ in 0..8 {
            host.sudo(["plan".as_ref(), host.pod_file().as_os_str()]).never_says("root:");
        }
        let run = host.up().never_says("root:");
        match run.status() {
            0 => {
                let environment = host.member("two").at("/Config/Env").to_string();
                assert!(environment.contains("KEY=good"), "{environment}");
                read += 1;
            }
            1 => refused += 1,
            _ => panic!("{run}"),
        }
    }
    assert_eq!(read + refused, 10);
}

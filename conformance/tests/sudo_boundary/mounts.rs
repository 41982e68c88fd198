//! Host directories: only below the pod's own, by a path on which no container could have put a link.

use crate::{on_new, on_old};
use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use wharf_conformance::Boundary;

/// A pod whose member `web` has these mounts.
fn mounting(host: &Boundary<'_>, mounts: &str) {
    host.says(&format!("containers: {{web: {{$idle, mounts: [{mounts}]}}}}\n"));
}

/// Asserts that no container of the pod sees the host's `/etc`.
fn etc_is_out_of_reach(host: &Boundary<'_>) {
    for member in host.members() {
        let seen =
            host.engine().docker(["exec", &host.name_of(&member), "find", "/m", "/data", "-name", "shadow"]);
        let seen = seen.unwrap_or_default();
        assert!(!seen.contains("shadow"), "{member} sees {seen}");
        let mounts = host.member(&member).at("/Mounts").clone();
        for mount in mounts.as_array().unwrap() {
            let source = mount["Source"].as_str().unwrap();
            assert!(source.starts_with(host.in_pod("").to_str().unwrap()), "{member} mounts {source}");
        }
    }
}

#[test]
fn sources_that_lead_out_of_the_pods_directory_are_refused() {
    let Some(host) = on_old() else { return };
    for (source, why) in [
        ("/etc", "relative to the pod's own directory, not absolute"),
        ("//etc", "relative to the pod's own directory, not absolute"),
        ("~", "`~` means nothing here"),
        ("~root/.ssh", "`~` means nothing here"),
        ("..", "cannot climb with `..`"),
        ("../other/data", "cannot climb with `..`"),
        ("data/../../other", "cannot climb with `..`"),
        (".", "cannot be empty"),
        ("", "cannot be empty"),
        ("\"data\\0/etc\"", "a text cannot hold a NUL character"),
    ] {
        let quoted = if source.starts_with('"') { source.to_owned() } else { format!("'{source}'") };
        mounting(&host, &format!("{{source: {quoted}, target: /m}}"));
        host.up().exits(2).says(why).says(&format!("{}.yml:1:", host.pod()));
        host.says(&format!(
            "common_mounts: [{{source: {quoted}, target: /m}}]\ncontainers: {{web: {{$idle}}}}\n"
        ));
        host.up().exits(2).says(why);
    }
    host.has_nothing();
}

#[test]
fn a_source_inside_another_is_refused() {
    let Some(host) = on_old() else { return };
    for text in [
        "containers: {a: {$idle, mounts: [{source: data, target: /m}]}, b: {$idle, mounts: [{source: data/sub, target: /m}]}}",
        "containers: {a: {$idle, mounts: [{source: ./data//sub/, target: /m}]}, b: {$idle, mounts: [{source: data/., target: /m}]}}",
        "common_mounts: [{source: data, target: /m}]\ncontainers: {a: {$idle, mounts: [{source: data/x/y, target: /n}]}}",
        "containers: {a: {$idle, mounts: [{source: data, target: /m, readonly: true}, {source: data/sub, target: /n}]}}",
    ] {
        host.says(text);
        host.up().exits(2).says("lies inside another, `data`");
        host.has_nothing();
    }
}

/// The hole that was proved on moby-derp: a container makes `data/sub` in its own mount a link to `/etc`, and a second
/// member mounts `data/sub`.
#[test]
fn a_link_planted_by_a_container_is_never_mounted() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        mounting(&host, "{source: data, target: /data}");
        host.up().succeeds();
        host.inside("web", "ln -s /etc /data/sub");
        let web = host.member("web").id();

        // While the container runs, and when the same file takes it away: it could still swap what was looked at.
        host.says(
            "containers: {web: {$idle, mounts: [{source: data, target: /data}]}, \
                   two: {$idle, mounts: [{source: data/sub, target: /m}]}}\n",
        );
        host.up().exits(2).says("lies inside another");
        host.says("containers: {two: {$idle, mounts: [{source: data/sub, target: /m}]}}\n");
        host.up()
            .exits(3)
            .says("denied by rule `mounts`: source `data/sub` lies inside source `data` of the same pod");
        assert_eq!(host.members(), ["web"]);
        assert_eq!(host.member("web").id(), web, "nothing was changed");

        // With the container gone the link is still there, and is seen.
        host.root_wharf(["down", host.pod()]).succeeds();
        host.up().exits(1).says("/data/sub` is a symbolic link, or lies behind one");
        host.has_nothing();
    }
}

#[test]
fn a_link_above_a_source_is_refused() {
    let Some(host) = on_old() else { return };
    fs::create_dir(host.in_pod("")).unwrap();
    symlink("/etc", host.in_pod("data")).unwrap();
    for source in ["data", "data/ssl"] {
        mounting(&host, &format!("{{source: {source}, target: /m}}"));
        host.up().exits(1).says("/data` is a symbolic link, or lies behind one");
        host.has_nothing();
    }
    assert!(!fs::exists("/etc/ssl/sub").unwrap());
    mounting(&host, "{source: data/made/here, target: /m}");
    host.up().exits(1);
    assert!(!fs::exists("/etc/made").unwrap(), "nothing is made behind a link");
}

/// A container that has `data` changes what lies in it as fast as it can, while bob runs wharf again and again with files
/// that mount from in there.
#[test]
fn a_container_that_races_wharf_gains_nothing() {
    let Some(host) = on_new() else { return };
    let flip = "while :; do rm -rf /data/sub; ln -s /etc /data/sub; rm -f /data/sub; mkdir /data/sub; done";
    let racer = format!(
        "web: {{$box, stop_timeout: 0, command: [sh, -c, '{flip}'], mounts: [{{source: data, target: /data}}]}}"
    );
    host.says(&format!("containers: {{{racer}}}\n"));
    host.up().succeeds();
    for round in 0..12 {
        let round_trip = format!("environment: {{ROUND: '{round}'}}");
        let text = match round % 3 {
            0 => format!("two: {{$idle, {round_trip}, mounts: [{{source: data/sub, target: /m}}]}}"),
            1 => format!("{racer}, two: {{$idle, {round_trip}, mounts: [{{source: data/sub, target: /m}}]}}"),
            _ => format!("{racer}, two: {{$idle, {round_trip}, mounts: [{{source: own, target: /m}}]}}"),
        };
        host.says(&format!("containers: {{{text}}}\n"));
        let run = host.up();
        let wanted = [3, 2, 0][round % 3];
        assert_eq!(run.status(), wanted, "{run}");
        etc_is_out_of_reach(&host);
    }
}

#[test]
fn a_pods_directory_is_closed_and_existing_directories_stay_as_they_are() {
    let Some(host) = on_old() else { return };
    mounting(&host, "{source: data, target: /data}");
    host.up().succeeds();
    let facts = |path: &str| {
        let found = fs::metadata(host.in_pod(path)).unwrap();
        (found.uid(), found.mode() & 0o7777)
    };
    assert_eq!(facts(""), (0, 0o700));
    assert_eq!(facts("data"), (0, 0o755));
    host.bob_sh("ls $pods/$pod").exits(2).says("Permission denied");

    host.root_sh("chown 1234:1234 $pods/$pod/data");
    fs::set_permissions(host.in_pod("data"), fs::Permissions::from_mode(0o2770)).unwrap();
    fs::set_permissions(host.in_pod(""), fs::Permissions::from_mode(0o750)).unwrap();
    host.says("containers: {web: {$idle, hostname: x, mounts: [{source: data, target: /data}]}}\n");
    mounting(&host, "{source: data, target: /data}, {source: more, target: /more}");
    host.up().succeeds();
    assert_eq!(facts("data"), (1234, 0o2770));
    assert_eq!(facts(""), (0, 0o750));
    assert_eq!(facts("more"), (0, 0o755));
}

#[test]
fn a_set_uid_program_left_by_a_container_can_be_run_by_nobody() {
    let Some(host) = on_old() else { return };
    mounting(&host, "{source: data, target: /data}");
    host.up().succeeds();
    host.inside("web", "cp /bin/busybox /data/sh && chmod 4755 /data/sh && chmod 777 /data");
    assert_eq!(fs::metadata(host.in_pod("data/sh")).unwrap().mode() & 0o7777, 0o4755);
    host.bob_sh("$pods/$pod/data/sh id").exits(126).says("Permission denied").never_says("uid=0");
}

#[test]
fn a_pods_directory_that_is_not_roots_alone_is_refused() {
    let Some(host) = on_old() else { return };
    mounting(&host, "{source: data, target: /data}");
    for (weaken, why) in [
        ("ln -s /etc $pods/$pod", "is a symbolic link"),
        ("rm $pods/$pod; install -d -o bob $pods/$pod", "belongs to user"),
        ("chown root $pods/$pod; chmod 0777 $pods/$pod", "is writable by its group or by others"),
        ("rmdir $pods/$pod; touch $pods/$pod", "is a regular file, not a directory"),
    ] {
        host.root_sh(weaken);
        host.up().exits(1).says(why);
        host.has_nothing();
    }
    assert!(!fs::exists("/etc/data").unwrap());
}

#[test]
fn a_socket_a_pipe_or_a_device_is_never_mounted() {
    let Some(host) = on_old() else { return };
    fs::create_dir_all(host.in_pod("")).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(host.in_pod("socket")).unwrap();
    host.root_sh("mkfifo $pods/$pod/pipe && mknod $pods/$pod/device c 1 3 && mknod $pods/$pod/block b 7 0");
    assert!(fs::metadata(host.in_pod("socket")).unwrap().file_type().is_socket());
    for name in ["socket", "pipe", "device", "block"] {
        mounting(&host, &format!("{{source: {name}, target: /m}}"));
        host.up().exits(1).says("only directories and regular files can be mounted");
        host.has_nothing();
    }
}

//! Nothing that a pod file can say leads to privileges: what it could ask for is not in the language, and what is made of
//! it has exactly the fields that it should have.

use crate::{on_new, on_old};
use serde_json::{Value, json};
use std::process::Command;
use wharf_conformance::Boundary;
use wharf_testkit::{ImageRecipe, run};

/// What other tools call the ways to root.
const KEYS: [&str; 47] = [
    "privileged",
    "Privileged",
    "PRIVILEGED",
    "cap_add",
    "cap-add",
    "capAdd",
    "CapAdd",
    "capabilities",
    "devices",
    "device",
    "device_cgroup_rules",
    "device_requests",
    "gpus",
    "network_mode",
    "networkMode",
    "network",
    "networks",
    "net",
    "pid",
    "pid_mode",
    "ipc",
    "ipc_mode",
    "uts",
    "userns",
    "userns_mode",
    "cgroup",
    "cgroup_parent",
    "cgroupns",
    "security_opt",
    "securityOpt",
    "seccomp",
    "apparmor",
    "sysctls",
    "volumes",
    "volumes_from",
    "volume_driver",
    "binds",
    "bind",
    "runtime",
    "isolation",
    "group_add",
    "links",
    "external_links",
    "oom_kill_disable",
    "storage_opt",
    "log_opt",
    "HostConfig",
];

#[test]
fn there_is_no_word_for_privileges() {
    let Some(host) = on_old() else { return };
    let name = host.pod();
    let lines = KEYS.join(": true\n    ");
    host.says(&format!("containers:\n  web:\n    image: busybox\n    {lines}: true\n"));
    let run = host.up().exits(2);
    for (key, line) in KEYS.iter().zip(4..) {
        let said = run.stderr();
        assert!(
            said.contains(&format!("`{key}`")) && said.contains(&format!("{name}.yml:{line}:5")),
            "{key}: {said}"
        );
    }
    let lines = KEYS.join(": true\n");
    host.says(&format!("{lines}: true\ncontainers:\n  web: {{image: busybox}}\n"));
    let run = host.up().exits(2);
    for (key, line) in KEYS.iter().zip(1..) {
        let said = run.stderr();
        assert!(
            said.contains(&format!("`{key}`")) && said.contains(&format!("{name}.yml:{line}:1")),
            "{key}: {said}"
        );
    }
    host.has_nothing();
}

#[test]
fn words_that_are_there_carry_no_privileges() {
    let Some(host) = on_old() else { return };
    for text in [
        "containers: {web: {$idle, mounts: [{source: data, target: /m, type: bind, propagation: shared}]}}",
        "containers: {web: {$idle, mounts: [{source: data:/etc, target: '/m:rw,shared', readonly: host}]}}",
        "containers: {web: {$idle, tmpfs: {/t: 'exec,suid,dev'}}}",
        "containers: {web: {$idle, tmpfs: ['/t:exec,suid,dev']}}",
        "containers: {web: {$idle, limits: {oom-score-adj: -1000}}}",
        "containers: {web: {$idle, limits: {cpu-shares: 4096}}}",
        "containers: {web: {$idle, limits: {ulimit-rtprio: 99}}}",
        "containers: {web: {$idle, limits: {pids: -2}}}",
        "containers: {web: {$idle, cap_drop: ['-NET_RAW']}}",
        "containers: {web: {$idle, restart: 'always,privileged'}}",
        "containers: {web: {$idle, environment: {'A=B': c}}}",
        "containers: {'../x': {$idle}}",
        "containers: {web: {$idle}}\nextra_hosts: {a: host-gateway}",
        "containers: {web: {$idle}}\nextra_hosts: ['a:host-gateway']",
        "containers: {web: {$idle}}\nshare_pid: host",
        "containers: {web: {$idle}}\nhostname: 'a\nb'",
        "containers: {web: {image: '../../x', update_image: false}}",
        "containers: {web: {image: 'busybox?fromSrc=-&x', update_image: false}}",
        "containers: {web: !!python/object/apply:os.system {$idle}}",
        "containers: {web: &a {$idle}, web: *a}",
    ] {
        host.says(text);
        let run = host.up();
        assert_eq!(run.status(), 2, "{text}: {run}");
        assert!(run.stderr().contains(&format!("{}.yml:", host.pod())), "{text}: {run}");
    }
    host.has_nothing();
}

#[test]
fn every_container_of_a_pod_is_confined() {
    for host in [on_old(), on_new()].into_iter().flatten() {
        host.says("containers:\n  web: {$idle, mounts: [{source: data, target: /data}], tmpfs: [{target: /t, size: 1M}]}\n  \
                   db: {$idle, user: '1000'}\ncommon_mounts: [{source: shared, target: /shared, readonly: true}]\n");
        host.up().succeeds();
        let root = host.root().id();
        let joined = json!(format!("container:{root}"));
        for (name, seen) in [("", host.root()), ("web", host.member("web")), ("db", host.member("db"))] {
            for (field, wanted) in [
                ("Privileged", json!(false)),
                ("CapAdd", Value::Null),
                ("SecurityOpt", Value::Null),
                ("Binds", Value::Null),
                ("VolumesFrom", Value::Null),
                ("UTSMode", json!("")),
                ("UsernsMode", json!("")),
                ("CgroupParent", json!("")),
                ("GroupAdd", Value::Null),
                ("Links", Value::Null),
                ("Runtime", json!("runc")),
                ("Sysctls", Value::Null),
                ("DeviceRequests", Value::Null),
                ("DeviceCgroupRules", Value::Null),
                ("VolumeDriver", json!("")),
            ] {
                assert_eq!(*seen.at(&format!("/HostConfig/{field}")), wanted, "{name}: {field}");
            }
            assert!(is_empty(seen.at("/HostConfig/Devices")), "{name}: {}", seen.at("/HostConfig/Devices"));
            let masked = seen.at("/HostConfig/MaskedPaths").as_array().map_or(0, Vec::len);
            assert!(masked >= 9, "{name}: {}", seen.at("/HostConfig/MaskedPaths"));
            assert!(
                seen.at("/HostConfig/ReadonlyPaths").as_array().is_some_and(|paths| paths.len() >= 5),
                "{name}"
            );
            let (network, ipc, pid) = match name {
                "" => (json!("bridge"), json!("shareable"), json!("")),
                _ => (joined.clone(), joined.clone(), joined.clone()),
            };
            assert_eq!(
                (
                    seen.at("/HostConfig/NetworkMode"),
                    seen.at("/HostConfig/IpcMode"),
                    seen.at("/HostConfig/PidMode")
                ),
                (&network, &ipc, &pid),
                "{name}"
            );
        }
        assert_eq!(mounts(&host, "web"), ["/data <- data rw", "/shared <- shared ro"]);
        assert_eq!(mounts(&host, "db"), ["/shared <- shared ro"]);
        assert!(host.inside("web", "grep ' /t ' /proc/mounts").contains("nosuid,nodev"));
        // What the kernel says of the processes themselves.
        assert_eq!(host.inside("web", "grep Seccomp: /proc/1/status | tr -d '[:space:]'"), "Seccomp:2");
        let raw = host.inside("web", "grep CapBnd /proc/self/status | cut -f2");
        let bounding = u64::from_str_radix(&raw, 16).unwrap();
        for (capability, bit) in [
            ("SYS_ADMIN", 21),
            ("SYS_PTRACE", 19),
            ("SYS_MODULE", 16),
            ("NET_ADMIN", 12),
            ("NET_RAW", 13),
            ("DAC_READ_SEARCH", 2),
            ("SYS_RAWIO", 17),
            ("MKNOD", 27),
        ] {
            assert_eq!(bounding >> bit & 1, 0, "{capability} in {raw}");
        }
    }
}

/// The engine says `null` or `[]`, by its version.
fn is_empty(value: &Value) -> bool {
    value.as_array().is_none_or(Vec::is_empty)
}

fn mounts(host: &Boundary<'_>, member: &str) -> Vec<String> {
    let own = host.in_pod("").display().to_string();
    let seen = host.member(member);
    let all = seen.at("/Mounts").as_array().unwrap();
    let mut told: Vec<String> = all
        .iter()
        .map(|mount| {
            let source =
                mount["Source"].as_str().unwrap().strip_prefix(&own).expect("below the pod's own directory");
            assert_eq!(
                (mount["Type"].as_str(), mount["Propagation"].as_str()),
                (Some("bind"), Some("rprivate"))
            );
            let mode = if mount["RW"] == true { "rw" } else { "ro" };
            format!("{} <- {source} {mode}", mount["Destination"].as_str().unwrap())
        })
        .collect();
    told.sort();
    told
}

#[test]
fn raw_sockets_are_for_pods_that_the_administrator_names_and_ping_is_for_all() {
    let Some(host) = on_new() else { return };
    let image = format!("{}:ping", host.pod());
    let program = host.home("../../ping");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/ping.rs");
    run(Command::new("rustc").args(["-C", "target-feature=+crt-static", source, "-o"]).arg(&program))
        .unwrap();
    host.engine().import(&ImageRecipe::busybox(&image).program("ping", &program)).unwrap();
    let text = format!(
        "containers: {{web: {{image: '{image}', update_image: false, command: sleep 1000, stop_timeout: 1}}}}\n"
    );
    host.says(&text);
    host.up().succeeds();
    assert_eq!(
        host.inside("web", "/ping"),
        "ping: answer of type 0\nraw: Operation not permitted (os error 1)"
    );
    host.host_config("allow_net_raw: [$pod]");
    host.up().succeeds();
    assert_eq!(host.inside("web", "/ping"), "ping: answer of type 0\nraw: open");
    host.engine().docker(["rm", "-f", &host.name_of("web")]).unwrap();
    host.engine().docker(["rmi", &image]).unwrap();
}

/// What is mounted over `/proc` or `/sys` would take the engine's own protection of them away.
#[test]
fn nothing_is_mounted_over_the_kernels_own_directories() {
    let Some(host) = on_old() else { return };
    for target in ["/proc", "/proc/sys", "/proc/self/attr", "/sys", "/sys/fs", "/./proc//sys/"] {
        for what in ["mounts: [{source: data, target: $}]", "tmpfs: [{target: $, size: 1M}]"] {
            host.says(&format!("containers: {{web: {{$idle, {}}}}}\n", what.replace('$', target)));
            host.up()
                .exits(3)
                .says("denied by rule `mounts`: target `/")
                .says("lies in a directory of the kernel's");
            host.has_nothing();
        }
    }
}

//! Every field by which a container reaches for the host (ENGINE-API 3.1 and 3.2), each alone.

use crate::town::{Town, stories};
use serde_json::{Value, json};
use wharf_testkit::unique_name;

stories![a_container_is_confined_whatever_was_left_out, no_field_of_the_host_configuration_reaches_the_host,];

/// A field of `HostConfig`, and the rule that refuses it; an empty rule is a body that cannot be read, or names what
/// is not there.
const HOST: &[(&str, &str)] = &[
    (r#""Privileged":true"#, "privileged"),
    (r#""Binds":["/:/h"]"#, "mounts"),
    (r#""Binds":["/etc/shadow:/h:ro"]"#, "mounts"),
    (r#""Binds":["//:/h"]"#, "mounts"),
    (r#""Binds":["/tmp/../:/h"]"#, ""),
    (r#""Binds":["/proc:/h"]"#, "mounts"),
    (r#""Binds":["/run:/h"]"#, "mounts"),
    (r#""Binds":["/run/containerd/containerd.sock:/h"]"#, "mounts"),
    (r#""Binds":["/:/h:z"]"#, "confinement"),
    (r#""Binds":["/:/h:rshared"]"#, "mount-kind"),
    (r#""Binds":["own:/h:rshared"]"#, "mount-kind"),
    (r#""Binds":["own:/../h"]"#, ""),
    (r#""Binds":["../own:/h"]"#, ""),
    (r#""Binds":["own:h"]"#, ""),
    (r#""Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]"#, "mounts"),
    (r#""Mounts":[{"Type":"BIND","Source":"/","Target":"/h"}]"#, ""),
    (
        r#""Mounts":[{"Type":"bind","Source":"/","Target":"/h","BindOptions":{"Propagation":"rshared"}}]"#,
        "mount-kind",
    ),
    (
        r#""Mounts":[{"Type":"bind","Source":"/","Target":"/h","BindOptions":{"NonRecursive":true}}]"#,
        "mount-kind",
    ),
    (
        r#""Mounts":[{"Type":"bind","Source":"/x","Target":"/h","BindOptions":{"CreateMountpoint":true}}]"#,
        "mounts",
    ),
    (r#""Mounts":[{"Type":"image","Source":"private:1","Target":"/h"}]"#, "mount-kind"),
    (r#""Mounts":[{"Type":"npipe","Source":"x","Target":"/h"}]"#, "mount-kind"),
    (r#""Mounts":[{"Type":"cluster","Source":"x","Target":"/h"}]"#, "mount-kind"),
    (r#""Mounts":[{"Type":"surprise","Source":"x","Target":"/h"}]"#, ""),
    (
        r#""Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/"}}}}]"#,
        "driver",
    ),
    (
        r#""Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"proc","device":"proc"}}}}]"#,
        "driver",
    ),
    (
        r#""Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"rclone"}}}]"#,
        "driver",
    ),
    (
        r#""Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"Labels":{"wharf.tenant":"bob"}}}]"#,
        "unknown-field",
    ),
    (
        r#""Mounts":[{"Type":"volume","Source":"own","Target":"/h","VolumeOptions":{"Subpath":"../../x"}}]"#,
        "",
    ),
    (r#""Mounts":[{"Type":"volume","Source":"/etc","Target":"/h"}]"#, ""),
    (
        r#""Mounts":[{"Type":"tmpfs","Target":"/h","TmpfsOptions":{"Options":[["dev"],["suid"]]}}]"#,
        "mount-kind",
    ),
    (r#""Tmpfs":{"/h":"dev,suid,exec"}"#, "mount-kind"),
    (r#""Tmpfs":{"/h":"size=100%"}"#, ""),
    (r#""Tmpfs":{"/proc/x":""}"#, "mounts"),
    (r#""VolumeDriver":"rclone""#, "driver"),
    (r#""PidMode":"host""#, "host-namespace"),
    (r#""PidMode":"HOST""#, ""),
    (r#""IpcMode":"host""#, "host-namespace"),
    (r#""UTSMode":"host""#, "host-namespace"),
    (r#""UsernsMode":"host""#, "host-namespace"),
    (r#""CgroupnsMode":"host""#, "host-namespace"),
    (r#""Cgroup":"container:web""#, "host-namespace"),
    (r#""CgroupParent":"/""#, "limits"),
    (r#""CgroupParent":"../../system.slice""#, "limits"),
    (r#""NetworkMode":"host""#, "host-namespace"),
    (r#""NetworkMode":"ns:/proc/1/ns/net""#, ""),
    (
        r#""Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}]"#,
        "devices",
    ),
    (r#""DeviceCgroupRules":["a *:* rwm"]"#, "devices"),
    (r#""DeviceRequests":[{"Driver":"cdi","DeviceIDs":["x"]}]"#, "devices"),
    (r#""CapAdd":["SYS_ADMIN"]"#, "capabilities"),
    (r#""CapAdd":["cap_sys_admin"]"#, "capabilities"),
    (r#""CapAdd":["CAP_NET_RAW"]"#, "capabilities"),
    (r#""CapAdd":["MKNOD"]"#, "capabilities"),
    (r#""CapAdd":["SYS_ADMIN\u0000"]"#, ""),
    (r#""Capabilities":["CAP_SYS_ADMIN"]"#, "confinement"),
    (r#""SecurityOpt":["seccomp=unconfined"]"#, "confinement"),
    (r#""SecurityOpt":["seccomp:unconfined"]"#, "confinement"),
    (r#""SecurityOpt":["seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"]"#, "confinement"),
    (r#""SecurityOpt":["apparmor=unconfined"]"#, "confinement"),
    (r#""SecurityOpt":["label=disable"]"#, "confinement"),
    (r#""SecurityOpt":["label=type:spc_t"]"#, "confinement"),
    (r#""SecurityOpt":["no-new-privileges=false"]"#, "confinement"),
    (r#""SecurityOpt":["no-new-privileges:false"]"#, "confinement"),
    (r#""SecurityOpt":["writable-cgroups=true"]"#, "confinement"),
    (r#""SecurityOpt":["systempaths=unconfined"]"#, "confinement"),
    (r#""MaskedPaths":[]"#, "confinement"),
    (r#""ReadonlyPaths":[]"#, "confinement"),
    (r#""MaskedPaths":["/proc/kcore"]"#, "confinement"),
    (r#""Sysctls":{"kernel.core_pattern":"|/x"}"#, "sysctls"),
    (r#""Sysctls":{"net.ipv4.conf.all.route_localnet":"1"}"#, "sysctls"),
    (r#""Runtime":"io.containerd.runc.v2""#, "runtime"),
    (r#""Runtime":"/bin/sh""#, "runtime"),
    // The engine would say itself whether it has one of this name; ours is asked for its default alone.
    (r#""Runtime":"other""#, "runtime"),
    (r#""Runtime":"runc/../other""#, "runtime"),
    (r#""Isolation":"hyperv""#, "runtime"),
    (r#""Annotations":{"run.oci.keep_original_groups":"1"}"#, "annotations"),
    (r#""LogConfig":{"Type":"fluentd","Config":{"fluentd-address":"unix:///run/x.sock"}}"#, "log-driver"),
    (r#""LogConfig":{"Type":"syslog","Config":{"syslog-address":"udp://169.254.169.254"}}"#, "log-driver"),
    (r#""LogConfig":{"Type":"awslogs"}"#, "log-driver"),
    (r#""LogConfig":{"Type":"journald"}"#, "log-driver"),
    (r#""LogConfig":{"Type":"json-file","Config":{"max-size":"-1"}}"#, ""),
    (r#""LogConfig":{"Type":"json-file","Config":{"surprise":"x"}}"#, "log-driver"),
    (r#""OomScoreAdj":-1000"#, "limits"),
    (r#""OomKillDisable":true"#, "limits"),
    (r#""Memory":1099511627776"#, "limits"),
    (r#""Memory":-1"#, "limits"),
    (r#""MemorySwap":-1"#, "limits"),
    (r#""PidsLimit":-1"#, "limits"),
    (r#""NanoCpus":64000000000"#, "limits"),
    (r#""CpuPeriod":1000,"CpuQuota":1000000"#, "limits"),
    (r#""CpuRealtimeRuntime":950000"#, "limits"),
    (r#""BlkioDeviceReadBps":[{"Path":"/etc/shadow","Rate":1}]"#, "limits"),
    (r#""BlkioWeightDevice":[{"Path":"/dev/sda","Weight":10}]"#, "limits"),
    (r#""Ulimits":[{"Name":"rtprio","Soft":99,"Hard":99}]"#, "limits"),
    (r#""KernelMemory":1"#, "limits"),
    (r#""ShmSize":1099511627776"#, "limits"),
    (r#""StorageOpt":{"size":"100G"}"#, "limits"),
    (r#""PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"20000"}]}"#, "ports"),
    (r#""PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"22"}]}"#, "ports"),
    (r#""PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"2375"}]}"#, "ports"),
    (r#""PortBindings":{"80/udp":[{"HostIp":"::","HostPort":"53"}]}"#, "ports"),
    (r#""PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"1-65535"}]}"#, ""),
    (r#""ExtraHosts":["registry:host-gateway"]"#, "extra-hosts"),
    (r#""RestartPolicy":{"Name":"surprise"}"#, ""),
    (r#""Surprise":1"#, "unknown-field"),
];

/// A field beside `HostConfig`.
const CONFIG: &[(&str, &str)] = &[
    (r#""Runtime":"runc""#, "runtime"),
    (r#""Memory":1099511627776"#, "unknown-field"),
    (r#""VolumeDriver":"rclone""#, "unknown-field"),
    (r#""Cpuset":"0""#, "unknown-field"),
    (r#""Privileged":true"#, "unknown-field"),
    (r#""Labels":{"wharf.tenant":"bob"}"#, "labels"),
    (r#""Labels":{"WHARF.tenant":"bob"}"#, "labels"),
    (r#""Labels":{"wharf.generation":"1"}"#, "labels"),
    (r#""Labels":{"wharf.asked":"{}"}"#, "labels"),
    (r#""Labels":{"wharf.pod":"blog"}"#, "labels"),
    (r#""Labels":{"org.hezmatt.moby-derp.pod-name":"blog"}"#, "labels"),
    (r#""Labels":{"com.docker.swarm.service.name":"x"}"#, "labels"),
    (r#""Labels":{"traefik.http.routers.bank.rule":"x"}"#, "labels"),
    (r#""Volumes":{"/../x":{}}"#, ""),
    (
        r#""HostConfig":{"NetworkMode":"own"},"NetworkingConfig":{"EndpointsConfig":{"own":{"DriverOpts":{"com.docker.network.endpoint.sysctls":"net.ipv4.x=1"}}}}"#,
        "driver",
    ),
    (
        r#""HostConfig":{"NetworkMode":"own"},"NetworkingConfig":{"EndpointsConfig":{"own":{"IPAMConfig":{"LinkLocalIPs":["169.254.169.254"]}}}}"#,
        "driver",
    ),
    (r#""NetworkingConfig":{"EndpointsConfig":{"host":{}}}"#, "host-namespace"),
    (r#""Surprise":"x""#, "unknown-field"),
];

fn try_each(town: &Town<'_>, fields: &[(&str, &str)], body: impl Fn(&str) -> String) {
    let mut otherwise = Vec::new();
    for (field, rule) in fields {
        let said = town.mallory("POST", "/containers/create", &body(field));
        let expected = if rule.is_empty() {
            matches!(said.status, 400 | 404)
        } else {
            said.rule().as_deref() == Some(*rule)
        };
        if !expected {
            otherwise.push(format!("{field}: not `{rule}` but {} {}", said.status, said.body.trim()));
            town.changes();
            town.new_records();
        } else if rule.is_empty() {
            town.refused(field, &[400, 404], &said);
        } else {
            town.denied(field, rule, &said);
        }
    }
    assert!(otherwise.is_empty(), "{}:\n{}", town.engine.kind().name(), otherwise.join("\n"));
}

fn no_field_of_the_host_configuration_reaches_the_host(town: &Town<'_>) {
    try_each(town, HOST, |field| format!(r#"{{"Image":"busybox","HostConfig":{{{field}}}}}"#));
}

#[test]
fn no_field_beside_it_does_either() {
    let grants = wharf_conformance::gateway::ORDINARY;
    wharf_conformance::on_each_engine(|engine| {
        let town = Town::with_config(engine, grants, "reserved_labels: [traefik.]");
        try_each(&town, CONFIG, |field| format!(r#"{{"Image":"busybox",{field}}}"#));
    });
}

/// What a container of mallory's is, on the engine and to the kernel, when she asks for nothing.
fn a_container_is_confined_whatever_was_left_out(town: &Town<'_>) {
    let mallory = town.client("mallory");
    let id = mallory.answer("docker inspect -f '{{.Id}}' own");
    let host = town.bare("GET", &format!("/containers/{id}/json"), "").json()["HostConfig"].clone();
    let expected = [
        ("Privileged", json!(false)),
        ("PidMode", json!("")),
        ("UTSMode", json!("")),
        ("UsernsMode", json!("")),
        ("IpcMode", json!("private")),
        ("CgroupnsMode", json!("private")),
        ("Memory", json!(64 << 20)),
        ("PidsLimit", json!(128)),
        ("NanoCpus", json!(1_000_000_000)),
        ("PublishAllPorts", json!(false)),
    ];
    for (field, value) in expected {
        assert_eq!(host[field], value, "{field}");
    }
    let words = |field: &str| host[field].to_string();
    assert!(words("SecurityOpt").contains("no-new-privileges"), "{host}");
    assert!(words("CapDrop").contains("NET_RAW") && words("CapDrop").contains("MKNOD"), "{host}");
    assert!(words("CgroupParent").contains(town.mallorys_name()), "{host}");
    for (field, is_nothing) in
        ["Devices", "DeviceCgroupRules", "DeviceRequests", "CapAdd"].map(|f| (f, &host[f]))
    {
        assert!(is_nothing.is_null() || *is_nothing == json!([]), "{field}: {is_nothing}");
    }
    let status = mallory.answer("docker exec own cat /proc/self/status");
    let line =
        |name: &str| status.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    assert_eq!((line("NoNewPrivs:"), line("Seccomp:")), ("1".to_owned(), "2".to_owned()), "{status}");
    // What the kernel says of the same to a container of the engine's own that was asked for as such.
    let name = unique_name();
    let bare = town.engine.docker([
        "run",
        "--rm",
        "--name",
        &name,
        "--security-opt",
        "seccomp=unconfined",
        "busybox",
        "grep",
        "Seccomp:",
        "/proc/self/status",
    ]);
    assert_eq!(bare.unwrap_or_default().split_whitespace().last(), Some("0"));
    let files = mallory.answer("docker exec own sh -c 'for f in /proc/sys/kernel/core_pattern /sys/kernel/x; do echo x > $f || true; done 2>&1; ls /sys/firmware /proc/scsi 2>&1; mount'");
    assert!(
        files.contains("Read-only file system")
            && !files.contains(&Value::from(town.bobs.secret.clone()).to_string()),
        "{files}"
    );
}

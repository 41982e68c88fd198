//! What is said in other bodies and queries (ENGINE-API 3.3): updates, execs, volumes, networks, commits, archives, and
//! the routes that are no tenant's at all.

use crate::http::request;
use crate::town::{Town, stories};
use serde_json::json;

stories![
    no_update_or_exec_reaches_the_host,
    no_volume_is_a_mount_of_the_hosts,
    no_network_reaches_the_hosts_own,
    a_commit_writes_no_label_of_wharfs_and_no_other_configuration,
    archives_into_containers_are_never_compressed,
    routes_that_are_no_tenants_are_denied_whatever_they_are_asked,
];

fn no_update_or_exec_reaches_the_host(town: &Town<'_>) {
    for (body, rule) in [
        (r#"{"CgroupParent":"/"}"#, "limits"),
        (
            r#"{"Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/x","CgroupPermissions":"rwm"}]}"#,
            "devices",
        ),
        (r#"{"DeviceCgroupRules":["a *:* rwm"]}"#, "devices"),
        (r#"{"Memory":1099511627776}"#, "limits"),
        (r#"{"Memory":67108864,"MemorySwap":-1}"#, "limits"),
        (r#"{"PidsLimit":-1}"#, "limits"),
        (r#"{"NanoCpus":64000000000}"#, "limits"),
        (r#"{"OomKillDisable":true}"#, "limits"),
        (r#"{"BlkioDeviceWriteBps":[{"Path":"/etc/shadow","Rate":1}]}"#, "limits"),
        (r#"{"Privileged":true}"#, "unknown-field"),
    ] {
        town.denied(body, rule, &town.mallory("POST", "/containers/own/update", body));
    }
    for (body, rule) in [
        (r#"{"Cmd":["id"],"Privileged":true}"#, "privileged"),
        (r#"{"Cmd":["id"],"privileged":true}"#, "unknown-field"),
        (r#"{"Cmd":["id"],"WorkingDir":"/proc/self/fd/7"}"#, "confinement"),
        (r#"{"Cmd":["id"],"WorkingDir":"/tmp/../proc/self/fd/8"}"#, "confinement"),
        (r#"{"Cmd":["id"],"CapAdd":["ALL"]}"#, "unknown-field"),
    ] {
        town.denied(body, rule, &town.mallory("POST", "/containers/own/exec", body));
    }
    let body = r#"{"Image":"busybox","WorkingDir":"/proc/self/fd/7"}"#;
    town.denied(
        "a working directory of the kernel's",
        "confinement",
        &town.mallory("POST", "/containers/create", body),
    );
    for ps in ["-o%20pid,args%20-e%20%26", "%2Fetc%2Fshadow", "--help", "-C%20dockerd", "axo%20environ"] {
        let said = town.mallory("GET", &format!("/containers/own/top?ps_args={ps}"), "");
        assert!(said.status != 200 || !said.body.contains("dockerd"), "{ps}: {said:?}");
        town.unharmed(ps, &said);
    }
}

fn no_volume_is_a_mount_of_the_hosts(town: &Town<'_>) {
    for (body, rule) in [
        (json!({"Name": "v", "DriverOpts": {"type": "none", "o": "bind", "device": "/"}}), "driver"),
        (json!({"Name": "v", "DriverOpts": {"type": "none", "o": "rbind", "device": "../../.."}}), "driver"),
        (json!({"Name": "v", "DriverOpts": {"type": "proc", "device": "proc"}}), "driver"),
        (
            json!({"Name": "v", "DriverOpts": {"type": "overlay", "o": "lowerdir=/etc:/tmp", "device": "overlay"}}),
            "driver",
        ),
        (
            json!({"Name": "v", "DriverOpts": {"type": "nfs", "o": "addr=169.254.169.254", "device": ":/"}}),
            "driver",
        ),
        (
            json!({"Name": "v", "DriverOpts": {"type": "tmpfs", "o": "size=100g", "device": "tmpfs"}}),
            "driver",
        ),
        (json!({"Name": "v", "driveropts": {"x": "y"}}), "unknown-field"),
        (json!({"Name": "v", "Driver": "rclone"}), "driver"),
        (json!({"Name": "v", "Driver": "../local"}), "driver"),
        (json!({"Name": "v", "ClusterVolumeSpec": {"Group": "x"}}), "swarm"),
        (json!({"Name": "v", "Labels": {"wharf.tenant": "bob"}}), "labels"),
        (json!({"Name": "v", "Labels": {"wharf.generation": "1"}}), "labels"),
    ] {
        let body = body.to_string();
        town.denied(&body, rule, &town.mallory("POST", "/volumes/create", &body));
    }
    for name in ["/etc", "../x", "a/b", "x\u{0}", ".", "-x"] {
        let body = json!({"Name": name}).to_string();
        town.refused(name, &[400], &town.mallory("POST", "/volumes/create", &body));
    }
}

fn no_network_reaches_the_hosts_own(town: &Town<'_>) {
    let others = town.bare("GET", &format!("/networks/{}", town.bobs.network), "").json();
    let bobs = others["IPAM"]["Config"][0]["Subnet"].as_str().expect("a subnet").to_owned();
    let option = |name: &str, value: &str| json!({"Name": "n", "Options": {name: value}});
    let subnet = |config: serde_json::Value| json!({"Name": "n", "IPAM": {"Config": [config]}});
    for (body, rule) in [
        (json!({"Name": "n", "Driver": "macvlan", "Options": {"parent": "eth0"}}), "driver"),
        (json!({"Name": "n", "Driver": "ipvlan"}), "driver"),
        (json!({"Name": "n", "Driver": "overlay"}), "driver"),
        (json!({"Name": "n", "Driver": "host"}), "driver"),
        (json!({"Name": "n", "Driver": "remote"}), "driver"),
        (option("com.docker.network.bridge.name", "docker0"), "driver"),
        (option("com.docker.network.bridge.host_binding_ipv4", "0.0.0.0"), "driver"),
        (option("com.docker.network.bridge.gateway_mode_ipv4", "nat-unprotected"), "driver"),
        (option("com.docker.network.bridge.trusted_host_interfaces", "eth0"), "driver"),
        (option("com.docker.network.bridge.inhibit_ipv4", "true"), "driver"),
        (option("com.docker.network.host_ipv4", "10.0.0.1"), "driver"),
        (option("com.docker.network.container_iface_prefix", "x"), "driver"),
        (subnet(json!({"Subnet": "169.254.169.0/24", "Gateway": "169.254.169.254"})), "network"),
        (subnet(json!({"Subnet": "8.8.8.0/24", "Gateway": "8.8.8.8"})), "network"),
        (subnet(json!({"Subnet": "127.0.0.0/8"})), "network"),
        (subnet(json!({"Subnet": "0.0.0.0/0"})), "network"),
        (subnet(json!({"Subnet": "10.0.0.0/8"})), "network"),
        (subnet(json!({"Subnet": bobs, "AuxiliaryAddresses": {"web": "10.0.0.2"}})), "driver"),
        (subnet(json!({"Subnet": bobs, "IPRange": bobs})), "driver"),
        (json!({"Name": "n", "IPAM": {"Driver": "remote"}}), "driver"),
        (json!({"Name": "n", "IPAM": {"Options": {"x": "y"}}}), "driver"),
        (json!({"Name": "n", "ConfigFrom": {"Network": "inner"}}), "driver"),
        (json!({"Name": "n", "ConfigOnly": true}), "driver"),
        (json!({"Name": "n", "Ingress": true}), "swarm"),
        (json!({"Name": "n", "Scope": "swarm"}), "swarm"),
        (json!({"Name": "n", "Labels": {"wharf.tenant": "bob"}}), "labels"),
        (json!({"Name": "n", "Labels": {"com.docker.network.x": "y"}}), "labels"),
    ] {
        let body = body.to_string();
        town.denied(&body, rule, &town.mallory("POST", "/networks/create", &body));
    }
    for name in ["host", "bridge", "none", "default", "", "a/b", "../x"] {
        let said = town.mallory("POST", "/networks/create", &json!({"Name": name}).to_string());
        town.refused(name, &[400, 403, 409], &said);
    }
    // Bob's very subnet: the engine refuses what overlaps, and nothing of it is said.
    let said = town.mallory("POST", "/networks/create", &subnet(json!({"Subnet": bobs})).to_string());
    assert!(matches!(said.status, 400 | 403 | 409) && !said.body.contains(&town.bobs.network), "{said:?}");
    assert!(!said.body.contains(&town.bobs.name), "{said:?}");
}

fn a_commit_writes_no_label_of_wharfs_and_no_other_configuration(town: &Town<'_>) {
    for changes in
        ["LABEL%20wharf.tenant=bob", "label%20%22wharf.generation%22=1", "LABEL%20a=b%20wharf.pod=blog"]
    {
        let said = town.mallory("POST", &format!("/commit?container=own&repo=mine&changes={changes}"), "");
        town.denied(changes, "labels", &said);
    }
    for changes in [
        "ADD%20http:%2F%2F169.254.169.254%2F%20%2Fx",
        "FROM%20private",
        "RUN%20id",
        "COPY%20%2Fetc%20%2Fx",
        "ONBUILD%20RUN%20id%0AFROM%20private:1",
    ] {
        let said = town.mallory("POST", &format!("/commit?container=own&repo=mine&changes={changes}"), "");
        let what = format!("{changes}: {said:?}");
        assert!(matches!(said.status, 400 | 403 | 500), "{what}");
        town.unseen(&what, &said);
    }
    town.changes();
    let body = r#"{"Labels":{"wharf.tenant":"bob"}}"#;
    town.denied(body, "unknown-field", &town.mallory("POST", "/commit?container=own&repo=mine", body));
    for changes in ["%20%20LABEL%20%20wharf.asked%20x", "LABEL%09wharf.asked%20x", "LABEL%0Awharf.asked=x"] {
        let said = town.mallory("POST", &format!("/commit?container=own&repo=mine&changes={changes}"), "");
        town.refused(changes, &[400, 403], &said);
    }
    for repo in
        ["wharf.invalid%2Fbob%2F1%2Fdocker.io%2Flibrary%2Fprivate", "WHARF", "a%2F..%2Fb", "sha256:aa"]
    {
        let said = town.mallory("POST", &format!("/commit?container=own&repo={repo}&tag=1"), "");
        town.refused(repo, &[400, 403], &said);
    }
}

fn archives_into_containers_are_never_compressed(town: &Town<'_>) {
    let magic: [&[u8]; 6] = [
        b"\x1f\x8b\x08",
        b"\xfd7zXZ\x00",
        b"BZh9",
        b"\x28\xb5\x2f\xfd",
        b"\x1f\x9d\x90",
        b"\x04\x22\x4d\x18",
    ];
    for begun in magic {
        let body = [begun, &[0; 600]].concat();
        let said = town.raw(&request("PUT", "/containers/own/archive?path=/tmp", "application/x-tar", &body));
        town.denied(&format!("{begun:?}"), "compressed-archive", &said);
        // A byte at a time.
        let mut bytes = b"PUT /containers/own/archive?path=/tmp HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n".to_vec();
        for byte in &body[..32] {
            bytes.extend([b"1\r\n", &[*byte][..], b"\r\n"].concat());
        }
        bytes.extend(b"0\r\n\r\n");
        town.denied(&format!("{begun:?} in pieces"), "compressed-archive", &town.raw(&bytes));
    }
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json"] {
        let said = town.raw(&request("PUT", "/containers/own/archive?path=/tmp", kind, b"\0"));
        town.refused(kind, &[400, 403, 415], &said);
    }
}

/// Routes that are no tenant's, with what would do harm there.
const DENIED: &[(&str, &str, &str, &str)] = &[
    ("GET", "/plugins", "", "swarm"),
    ("GET", "/plugins/privileges?remote=169.254.169.254/x", "", "swarm"),
    ("POST", "/plugins/pull?remote=x&name=y", "[]", "swarm"),
    ("POST", "/plugins/create?name=x", "", "swarm"),
    ("POST", "/plugins/x/enable", "", "swarm"),
    ("POST", "/plugins/x/disable", "", "swarm"),
    ("POST", "/plugins/x/upgrade?remote=y", "[]", "swarm"),
    ("POST", "/plugins/x/set", "[]", "swarm"),
    ("POST", "/plugins/x/push", "", "swarm"),
    ("DELETE", "/plugins/x", "", "swarm"),
    ("GET", "/swarm", "", "swarm"),
    ("POST", "/swarm/init", r#"{"ListenAddr":"0.0.0.0:2377"}"#, "swarm"),
    ("POST", "/swarm/join", r#"{"RemoteAddrs":["192.0.2.1:2377"],"JoinToken":"hunter2"}"#, "swarm"),
    ("POST", "/swarm/leave?force=1", "", "swarm"),
    ("POST", "/swarm/update?version=1", "{}", "swarm"),
    ("GET", "/swarm/unlockkey", "", "swarm"),
    ("POST", "/swarm/unlock", r#"{"UnlockKey":"hunter2"}"#, "swarm"),
    ("GET", "/nodes", "", "swarm"),
    ("GET", "/nodes/self", "", "swarm"),
    ("DELETE", "/nodes/x", "", "swarm"),
    ("POST", "/nodes/x/update?version=1", "{}", "swarm"),
    ("GET", "/services", "", "swarm"),
    (
        "POST",
        "/services/create",
        r#"{"TaskTemplate":{"ContainerSpec":{"Image":"busybox","Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]}}}"#,
        "swarm",
    ),
    ("GET", "/services/x", "", "swarm"),
    ("DELETE", "/services/x", "", "swarm"),
    ("POST", "/services/x/update?version=1&rollback=previous", "{}", "swarm"),
    ("GET", "/services/x/logs?stdout=1", "", "swarm"),
    ("GET", "/tasks", "", "swarm"),
    ("GET", "/tasks/x", "", "swarm"),
    ("GET", "/tasks/x/logs?stdout=1", "", "swarm"),
    ("GET", "/secrets", "", "swarm"),
    ("POST", "/secrets/create", r#"{"Name":"x","Data":"aHVudGVyMg=="}"#, "swarm"),
    ("GET", "/secrets/x", "", "swarm"),
    ("DELETE", "/secrets/x", "", "swarm"),
    ("POST", "/secrets/x/update?version=1", "{}", "swarm"),
    ("GET", "/configs", "", "swarm"),
    ("POST", "/configs/create", "{}", "swarm"),
    ("GET", "/configs/x", "", "swarm"),
    ("DELETE", "/configs/x", "", "swarm"),
    ("POST", "/configs/x/update?version=1", "{}", "swarm"),
    ("PUT", "/volumes/own?version=1", "{}", "swarm"),
    ("GET", "/debug/vars", "", "route"),
    ("GET", "/debug/pprof/heap", "", "route"),
    ("GET", "/debug/pprof/cmdline", "", "route"),
    ("POST", "/session", "", "build"),
    ("POST", "/grpc", "", "build"),
    ("POST", "/moby.buildkit.v1.Control/Solve", "", "build"),
    ("POST", "/moby.filesync.v1.Auth/FetchToken", "", "build"),
    ("POST", "/build?remote=http://169.254.169.254/&networkmode=host&t=private:1", "", "build"),
    ("POST", "/build?version=2&session=x&outputs=x", "", "build"),
    ("POST", "/build/cancel?id=x", "", "build"),
    ("GET", "/containers/own/checkpoints?dir=/etc", "", "checkpoint"),
    ("POST", "/containers/own/checkpoints", r#"{"CheckpointID":"x","CheckpointDir":"/etc"}"#, "checkpoint"),
    ("DELETE", "/containers/own/checkpoints/x?dir=/etc", "", "checkpoint"),
    ("GET", "/containers/own/attach/ws?logs=1", "", "route"),
    ("GET", "/containers/web/attach/ws?logs=1", "", "route"),
    ("POST", "/containers/web/copy", r#"{"Resource":"/etc/secret"}"#, "route"),
    ("GET", "/images/search?term=169.254.169.254/x", "", "route"),
    ("GET", "/images/private:1/attestations", "", "route"),
];

fn routes_that_are_no_tenants_are_denied_whatever_they_are_asked(town: &Town<'_>) {
    for (method, target, body, rule) in DENIED {
        for version in ["", "/v1.41"] {
            let what = format!("{method} {version}{target}");
            town.denied(&what, rule, &town.mallory(method, &format!("{version}{target}"), body));
        }
    }
    for (method, target) in [
        ("POST", "/"),
        ("GET", "/x"),
        ("GET", "/containers"),
        ("PATCH", "/containers/own"),
        ("TRACE", "/_ping"),
        ("CONNECT", "/_ping"),
        ("PRI", "*"),
        ("OPTIONS", "/containers/json"),
        ("GET", "/containers/own/start"),
        ("POST", "/containers/json"),
        ("DELETE", "/volumes"),
        ("PUT", "/containers/own/json"),
        ("LINK", "/_ping"),
    ] {
        let said = town.mallory(method, target, "");
        town.refused(&format!("{method} {target}"), &[400, 404, 405], &said);
    }
}

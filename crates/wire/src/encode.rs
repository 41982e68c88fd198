//! A container's specification as the body of `POST /containers/create`.
//!
//! Every field that wharf knows is written, at its default too: the engine must have no default of its own to choose,
//! and the same document serves the field-by-field comparison with a container that exists.

use crate::{
    ApiVersion, Bind, ContainerSpec, HealthcheckSpec, NetworkChoice, Place, PublishSpec, RestartPolicy,
    RootPlace, Settings, TmpfsMount,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use wharf_model::{ContainerPort, ImageId, Signal};

/// The body that asks for `spec` made of `image`, in the words of `api`.
pub fn container_body(spec: &ContainerSpec, image: &ImageId, api: ApiVersion) -> Value {
    let ContainerSpec { settings, place } = spec;
    let environment: Vec<String> =
        settings.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut body = json!({
        "Image": image.as_str(),
        "Cmd": settings.command,
        "Entrypoint": settings.entrypoint,
        "Env": environment,
        "Labels": settings.labels,
        "User": settings.user.as_deref().unwrap_or(""),
        "WorkingDir": settings.working_dir.as_deref().unwrap_or(""),
        "StopTimeout": settings.stop_timeout,
        "Healthcheck": settings.healthcheck.as_ref().map(healthcheck),
        "HostConfig": host_config(settings, place, api),
    });
    if let (Some(signal), Some(fields)) = (settings.stop_signal, body.as_object_mut()) {
        fields.insert("StopSignal".into(), stop_signal(signal).into());
    }
    if let (Place::Root(root), Some(fields)) = (place, body.as_object_mut()) {
        root_fields(root, api, fields);
    }
    body
}

/// The engine reads a name or a number; a real-time signal has no name that all engines know.
fn stop_signal(signal: Signal) -> String {
    signal.to_string()
}

fn host_config(spec: &Settings, place: &Place, api: ApiVersion) -> Value {
    let (policy, retries) = match spec.restart {
        RestartPolicy::OnFailure(times) => (spec.restart, times),
        other => (other, 0),
    };
    let ulimits: Vec<Value> = spec
        .ulimits
        .iter()
        .map(|limit| json!({"Name": limit.name, "Soft": limit.soft, "Hard": limit.hard}))
        .collect();
    let tmpfs: BTreeMap<&str, String> =
        spec.tmpfs.iter().map(|t| (t.target.as_str(), tmpfs_options(t))).collect();
    let mut host = json!({
        "Privileged": false,
        "ReadonlyRootfs": spec.readonly,
        "RestartPolicy": {"Name": policy.engine_name(), "MaximumRetryCount": retries},
        "Mounts": spec.binds.iter().map(bind).collect::<Vec<_>>(),
        "Tmpfs": tmpfs,
        "CapDrop": spec.cap_drop,
        "NanoCpus": spec.nano_cpus.unwrap_or(0),
        "CpuShares": spec.cpu_shares.unwrap_or(0),
        "Memory": spec.memory.map_or(0, wharf_model::ByteSize::bytes),
        "MemorySwap": spec.memory_swap.map_or(0, wharf_model::ByteSize::bytes),
        "MemoryReservation": spec.memory_reservation.map_or(0, wharf_model::ByteSize::bytes),
        "OomScoreAdj": spec.oom_score_adj.unwrap_or(0),
        "PidsLimit": spec.pids.unwrap_or(0),
        "Ulimits": ulimits,
    });
    if let Some(fields) = host.as_object_mut() {
        place_fields(place, api, fields);
    }
    host
}

fn place_fields(place: &Place, api: ApiVersion, host: &mut Map<String, Value>) {
    match place {
        Place::Member(member) => {
            let joined = format!("container:{}", member.root);
            host.insert("NetworkMode".into(), joined.clone().into());
            host.insert("IpcMode".into(), joined.clone().into());
            host.insert("PidMode".into(), if member.share_pid { joined } else { String::new() }.into());
        }
        Place::Root(root) => {
            host.insert("NetworkMode".into(), network_mode(&root.network, api).into());
            host.insert("IpcMode".into(), "shareable".into()); // or no member may join it
            host.insert("PidMode".into(), "".into());
            host.insert("Init".into(), true.into());
            host.insert("PortBindings".into(), port_bindings(&root.published));
            host.insert("PublishAllPorts".into(), root.publish_all.into());
            host.insert("Dns".into(), json!(root.dns));
            let hosts: Vec<String> =
                root.extra_hosts.iter().map(|h| format!("{}:{}", h.name, h.address)).collect();
            host.insert("ExtraHosts".into(), json!(hosts));
            host.insert("ShmSize".into(), root.shm_size.map_or(0, wharf_model::ByteSize::bytes).into());
        }
    }
}

fn network_mode(network: &NetworkChoice, api: ApiVersion) -> &str {
    match network {
        NetworkChoice::DefaultBridge => "bridge",
        NetworkChoice::UserDefined { id, .. } if api >= ApiVersion::ENDPOINT_MAC => id.as_str(),
        NetworkChoice::UserDefined { name, .. } => name,
    }
}

fn root_fields(root: &RootPlace, api: ApiVersion, body: &mut Map<String, Value>) {
    let published = root.published.iter().map(|p| ContainerPort { port: p.container, protocol: p.protocol });
    let exposed: BTreeMap<String, Value> =
        root.exposed.iter().copied().chain(published).map(|port| (port.to_string(), json!({}))).collect();
    body.insert("Hostname".into(), root.hostname.as_str().into());
    body.insert("ExposedPorts".into(), json!(exposed));

    let mut endpoint = Map::new();
    let mac = Value::from(root.mac_address.to_string());
    if api >= ApiVersion::ENDPOINT_MAC {
        endpoint.insert("MacAddress".into(), mac);
    } else {
        body.insert("MacAddress".into(), mac);
    }
    if let Some(address) = root.ipv6_address {
        endpoint.insert("IPAMConfig".into(), json!({"IPv6Address": address}));
    }
    let endpoints = json!({ network_mode(&root.network, api): endpoint });
    body.insert("NetworkingConfig".into(), json!({ "EndpointsConfig": endpoints }));
}

fn bind(bind: &Bind) -> Value {
    json!({
        "Type": "bind",
        "Source": bind.source.path(),
        "Target": bind.target.as_str(),
        "ReadOnly": bind.readonly,
        "BindOptions": {"Propagation": "rprivate"},
    })
}

fn tmpfs_options(tmpfs: &TmpfsMount) -> String {
    match tmpfs.size {
        Some(size) => format!("nosuid,nodev,size={}", size.bytes()),
        None => "nosuid,nodev".to_owned(),
    }
}

fn port_bindings(published: &[PublishSpec]) -> Value {
    let mut bindings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for entry in published {
        let port = ContainerPort { port: entry.container, protocol: entry.protocol };
        let address = entry.address.map_or_else(String::new, |a| a.to_string());
        let host = entry.host.map_or_else(String::new, |p| p.to_string());
        bindings.entry(port.to_string()).or_default().push(json!({"HostIp": address, "HostPort": host}));
    }
    json!(bindings)
}

fn healthcheck(check: &HealthcheckSpec) -> Value {
    let nanos = |time: Option<std::time::Duration>| {
        time.map_or(0, |t| u64::try_from(t.as_nanos()).unwrap_or(u64::MAX))
    };
    json!({
        "Test": check.test,
        "Interval": nanos(check.interval),
        "Timeout": nanos(check.timeout),
        "Retries": check.retries.unwrap_or(0),
        "StartPeriod": nanos(check.start_period),
    })
}

//! The fields in which a container that exists differs from the one that should be, for people to read.
//!
//! Values of environment variables are never shown: they may be secrets.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use wharf_wire::ContainerDetails;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// In the words of a pod file where it has one, such as `limits.memory` or `environment.PATH`.
    pub field: String,
    /// What it is; `None` when it is absent.
    pub old: Option<String>,
    /// What it should be; `None` when it should be absent.
    pub new: Option<String>,
}

/// What is shown instead of a value.
const MASKED: &str = "(not shown)";

/// The fields of `wanted` (the body of a create request) in which `existing` is otherwise. `image` is what the
/// container inherits from the image it was made of: what comes from there is not a difference.
pub fn differences(existing: &ContainerDetails, wanted: &Value, image: &Value) -> Vec<Difference> {
    let old = fields(&existing.config, &existing.host_config);
    let inherited = fields(image, &Value::Null);
    let host_config = wanted.get("HostConfig").unwrap_or(&Value::Null);
    let new = fields(wanted, host_config);
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| difference(name, old.get(name), new.get(name), inherited.get(name)))
        .collect()
}

fn difference(
    name: &str,
    old: Option<&String>,
    new: Option<&String>,
    inherited: Option<&String>,
) -> Option<Difference> {
    if old == new || (new.is_none() && old == inherited) {
        return None;
    }
    let secret = name.starts_with("environment.");
    let shown =
        |value: Option<&String>| value.map(|value| if secret { MASKED.to_owned() } else { value.clone() });
    Some(Difference { field: name.to_owned(), old: shown(old), new: shown(new) })
}

/// Fields of a container's configuration that a pod file decides, with their names there.
const CONFIG: [(&str, &str); 8] = [
    ("Cmd", "command"),
    ("Entrypoint", "entrypoint"),
    ("User", "user"),
    ("WorkingDir", "working_dir"),
    ("StopSignal", "stop_signal"),
    ("StopTimeout", "stop_timeout"),
    ("Hostname", "hostname"),
    ("Healthcheck", "healthcheck"),
];

/// Fields of the host's part that a pod file decides.
const HOST_CONFIG: [(&str, &str); 15] = [
    ("ReadonlyRootfs", "readonly"),
    ("RestartPolicy", "restart"),
    ("Tmpfs", "tmpfs"),
    ("CapDrop", "cap_drop"),
    ("NanoCpus", "limits.cpus"),
    ("CpuShares", "limits.cpu-shares"),
    ("Memory", "limits.memory"),
    ("MemorySwap", "limits.memory-swap"),
    ("MemoryReservation", "limits.memory-reservation"),
    ("OomScoreAdj", "limits.oom-score-adj"),
    ("PidsLimit", "limits.pids"),
    ("PortBindings", "publish"),
    ("PublishAllPorts", "publish_all"),
    ("Dns", "dns"),
    ("ExtraHosts", "extra_hosts"),
];

fn fields(config: &Value, host_config: &Value) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    copy_known(config, &CONFIG, &mut out);
    copy_known(host_config, &HOST_CONFIG, &mut out);
    place(host_config, &mut out);
    forget_default_swap(host_config, &mut out);
    for entry in strings(config.get("Env")) {
        let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
        out.insert(format!("environment.{name}"), value.to_owned());
    }
    for (name, value) in map(config.get("Labels")).filter(|(name, _)| !is_own_label(name)) {
        out.insert(format!("labels.{name}"), text(value));
    }
    for port in map(config.get("ExposedPorts")).map(|(port, _)| port) {
        out.insert(format!("expose.{port}"), "yes".to_owned());
    }
    for mount in host_config.get("Mounts").and_then(Value::as_array).into_iter().flatten() {
        let part = |name: &str| mount.get(name).map(text).unwrap_or_default();
        let mode = if mount.get("ReadOnly") == Some(&Value::Bool(true)) { " (readonly)" } else { "" };
        out.insert(format!("mounts.{}", part("Target")), format!("{}{mode}", part("Source")));
    }
    for limit in host_config.get("Ulimits").and_then(Value::as_array).into_iter().flatten() {
        let part = |name: &str| limit.get(name).map(text).unwrap_or_default();
        out.insert(format!("limits.ulimit-{}", part("Name")), format!("{}:{}", part("Soft"), part("Hard")));
    }
    out
}

/// What follows from where the namespaces come from.
fn place(host_config: &Value, out: &mut BTreeMap<String, String>) {
    let part = |name: &str| host_config.get(name).map(text).unwrap_or_default();
    let is_joined = |mode: &str| mode.starts_with("container:");
    if is_joined(&part("NetworkMode")) {
        // The engine shows a member under the root container's name; which root container it is, is no field.
        out.remove("hostname");
        out.insert("share_pid".to_owned(), is_joined(&part("PidMode")).to_string());
        return;
    }
    let fields = [("NetworkMode", "network", ""), ("ShmSize", "limits.shm-size", DEFAULT_SHM_SIZE)];
    for (engine, name, default) in fields {
        let value = part(engine);
        if !value.is_empty() && value != "0" && value != default {
            out.insert(name.to_owned(), value);
        }
    }
}

/// Where only memory is limited, the engine answers twice as much for memory and swap together.
fn forget_default_swap(host_config: &Value, out: &mut BTreeMap<String, String>) {
    let bytes = |name: &str| host_config.get(name).and_then(Value::as_u64).unwrap_or_default();
    if bytes("MemorySwap") == 2 * bytes("Memory") {
        out.remove("limits.memory-swap");
    }
}

/// What the engine answers where none was asked for.
const DEFAULT_SHM_SIZE: &str = "67108864";

fn copy_known(from: &Value, known: &[(&str, &str)], out: &mut BTreeMap<String, String>) {
    for (engine, name) in known {
        if let Some(value) = from.get(*engine).filter(|value| !is_default(value)) {
            out.insert((*name).to_owned(), in_words_of_a_pod_file(engine, value));
        }
    }
}

/// A value as a pod file would say it.
fn in_words_of_a_pod_file(field: &str, value: &Value) -> String {
    match (field, value.as_u64()) {
        ("NanoCpus", Some(nanos)) => {
            let fraction = format!("{:09}", nanos % 1_000_000_000);
            format!("{}.{fraction}", nanos / 1_000_000_000)
                .trim_end_matches('0')
                .trim_end_matches('.')
                .to_owned()
        }
        ("Memory" | "MemorySwap" | "MemoryReservation", Some(bytes)) => size(bytes),
        ("PortBindings", _) => published(value),
        _ => text(value),
    }
}

/// In the largest unit that leaves no fraction.
fn size(bytes: u64) -> String {
    let units = [(40, "T"), (30, "G"), (20, "M"), (10, "k")];
    let fits = |(shift, _): &(u32, &str)| bytes != 0 && bytes.trailing_zeros() >= *shift;
    units
        .into_iter()
        .find(fits)
        .map_or_else(|| bytes.to_string(), |(shift, unit)| format!("{}{unit}", bytes >> shift))
}

/// `127.0.0.1::8080/tcp :9000/tcp`, as after `publish:`.
fn published(bindings: &Value) -> String {
    let ports = map(Some(bindings)).flat_map(|(port, hosts)| {
        let hosts = hosts.as_array().into_iter().flatten();
        hosts.map(move |host| {
            let part = |name: &str| host.get(name).and_then(Value::as_str).unwrap_or_default();
            let colon = if part("HostIp").is_empty() { "" } else { ":" };
            format!("{}{colon}{}:{port}", part("HostIp"), part("HostPort"))
        })
    });
    ports.collect::<Vec<_>>().join(" ")
}

/// The engine answers an absent value with any of these.
fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => {
            fields.values().all(is_default) || fields.get("Name").is_some_and(|name| name == "no")
        }
        Value::Bool(true) => false,
    }
}

/// A value in one line; defaults inside a map are left out, so that what the engine adds is no difference.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => {
            let kept: Map<String, Value> =
                fields.iter().filter(|(_, v)| !is_default(v)).map(|(k, v)| (k.clone(), v.clone())).collect();
            Value::Object(kept).to_string()
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(text).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

fn is_own_label(name: &str) -> bool {
    name.starts_with("wharf.") || name.starts_with("org.hezmatt.moby-derp.")
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn map(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_shown_as_a_pod_file_says_them() {
        let shown = |field: &str, value: Value| in_words_of_a_pod_file(field, &value);
        assert_eq!(shown("NanoCpus", json!(1_500_000_000)), "1.5");
        assert_eq!(shown("NanoCpus", json!(2_000_000_000)), "2");
        assert_eq!(shown("Memory", json!(64 << 20)), "64M");
        assert_eq!(shown("Memory", json!(1000)), "1000");
        let ports = json!({"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}], "81/udp": [{"HostIp": "", "HostPort": "8081"}]});
        assert_eq!(shown("PortBindings", ports), "127.0.0.1::80/tcp 8081:81/udp");
    }
}

//! What the engine made, compared with what was permitted: an engine that reads a request otherwise than we wrote it, or
//! something between us, shows here.

use serde_json::Value;
use std::collections::BTreeSet;
use wharf_wire::ContainerDetails;
use wharf_wire::tenant::{IpcMode, MountKind, NetworkMode, SharedWith, TenantContainer};

/// The first field that is not as permitted; `None` when all are.
pub(crate) fn difference(wished: &TenantContainer, made: &ContainerDetails) -> Option<&'static str> {
    let host = &made.host_config;
    let text = |field: &str| host.get(field).and_then(Value::as_str).unwrap_or_default();
    let empty = |field: &str| host.get(field).is_none_or(is_nothing);
    let words = |field: &str| -> BTreeSet<String> {
        let list = host.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        list.map(|word| word.trim_start_matches("CAP_").to_owned()).collect()
    };
    let pid = match &wished.pid {
        SharedWith::Own => String::new(),
        SharedWith::Container(id) => format!("container:{id}"),
    };
    let ipc = match &wished.ipc {
        IpcMode::Private => "private".to_owned(),
        IpcMode::Shareable => "shareable".to_owned(),
        IpcMode::None => "none".to_owned(),
        IpcMode::Container(id) => format!("container:{id}"),
    };
    let network = match &wished.network {
        NetworkMode::Default | NetworkMode::None => "none".to_owned(),
        NetworkMode::Network(id) => id.to_string(),
        NetworkMode::Container(id) => format!("container:{id}"),
    };
    let owner = wished.owner.labels();
    let labels = made.labels();
    let checks = [
        ("Image", made.image == wished.image.as_str()),
        ("Name", made.name.trim_start_matches('/') == wished.name.to_string()),
        ("Labels", owner.iter().all(|(name, value)| labels.get(name) == Some(value))),
        ("Privileged", host.get("Privileged") == Some(&Value::Bool(false))),
        ("PidMode", text("PidMode") == pid),
        ("IpcMode", text("IpcMode") == ipc),
        ("NetworkMode", text("NetworkMode") == network),
        ("UTSMode", empty("UTSMode")),
        ("UsernsMode", empty("UsernsMode")),
        ("CgroupnsMode", text("CgroupnsMode") == "private"),
        ("CgroupParent", text("CgroupParent") == wished.cgroup_parent.as_deref().unwrap_or_default()),
        ("Binds", empty("Binds")),
        ("Devices", empty("Devices")),
        ("DeviceCgroupRules", empty("DeviceCgroupRules")),
        ("DeviceRequests", empty("DeviceRequests")),
        ("CapAdd", words("CapAdd") == wished.host.cap_add),
        ("CapDrop", words("CapDrop") == wished.host.cap_drop),
        ("SecurityOpt", words("SecurityOpt").contains("no-new-privileges")),
        ("Memory", host.get("Memory").and_then(Value::as_u64) == Some(wished.resources.memory.unwrap_or(0))),
        ("Mounts", mounts_fit(wished, made)),
    ];
    checks.into_iter().find(|(_, fits)| !fits).map(|(field, _)| field)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Every mount is one that was wished: a host path above all.
fn mounts_fit(wished: &TenantContainer, made: &ContainerDetails) -> bool {
    let from_others = !wished.volumes_from.is_empty();
    made.mounts.iter().all(|mount| {
        let at = wished.mounts.iter().find(|wish| wish.target.as_str() == mount.destination);
        match (mount.kind.as_str(), at.map(|wish| &wish.kind)) {
            ("bind", Some(MountKind::Pinned { place } | MountKind::GatewaySocket { path: place })) => {
                mount.source == *place
            }
            ("volume", Some(MountKind::Volume { .. } | MountKind::AnonymousVolume { .. }))
            | ("tmpfs", Some(MountKind::Tmpfs { .. })) => true,
            (_, None) => from_others,
            _ => false,
        }
    })
}

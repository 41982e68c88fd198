//! What the engine made, compared with what was permitted: an engine that reads a request otherwise than we wrote it, or
//! something between us, shows here.

use serde_json::Value;
use std::collections::BTreeSet;
use wharf_model::VolumeName;
use wharf_wire::tenant::{IpcMode, MountKind, MountSpec, NetworkMode, SharedWith, TenantContainer};
use wharf_wire::{ContainerDetails, MountPoint};

/// The first field that is not as permitted; `None` when all are. `lent` is what the containers of `VolumesFrom` have.
pub(crate) fn difference(
    wished: &TenantContainer,
    lent: &[MountPoint],
    made: &ContainerDetails,
) -> Option<&'static str> {
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
        ("Mounts", mounts_fit(&wished.mounts, lent, &made.mounts)),
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

/// Every mount is one that was wished, or one that a container of `VolumesFrom` has at the same place.
fn mounts_fit(wished: &[MountSpec<VolumeName>], lent: &[MountPoint], made: &[MountPoint]) -> bool {
    made.iter().all(|mount| {
        let at = wished.iter().find(|wish| wish.target.as_str() == mount.destination);
        match (mount.kind.as_str(), at.map(|wish| &wish.kind)) {
            ("bind", Some(MountKind::Pinned { place } | MountKind::GatewaySocket { path: place })) => {
                mount.source == *place
            }
            ("bind", Some(MountKind::PodDirectory(directory))) => mount.source == directory.path(),
            ("volume", Some(MountKind::Volume { volume, .. })) => mount.name == volume.to_string(),
            ("volume", Some(MountKind::AnonymousVolume { .. }))
            | ("tmpfs", Some(MountKind::Tmpfs { .. })) => true,
            (_, None) => lent.contains(mount),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(kind: &str, name: &str, source: &str, destination: &str) -> MountPoint {
        let text = |word: &str| word.to_owned();
        MountPoint {
            kind: text(kind),
            name: text(name),
            source: text(source),
            destination: text(destination),
        }
    }

    #[test]
    fn beside_what_was_wished_there_is_only_what_another_container_lends() {
        let lent = [mount("volume", "alice--data", "/var/lib/docker/volumes/alice--data/_data", "/data")];
        assert!(mounts_fit(&[], &lent, &lent));
        assert!(!mounts_fit(&[], &[], &lent), "nobody lends it");
        let others = [
            mount("bind", "", "/etc", "/data"),
            mount("bind", "", "/etc", "/host"),
            mount("volume", "bob--data", "/var/lib/docker/volumes/bob--data/_data", "/data"),
            mount("volume", "alice--data", "/var/lib/docker/volumes/alice--data/_data", "/elsewhere"),
        ];
        for other in others {
            assert!(!mounts_fit(&[], &lent, std::slice::from_ref(&other)), "{other:?}");
        }
    }

    #[test]
    fn a_volume_by_name_is_that_volume() {
        let wish = MountSpec {
            target: "/data".parse().unwrap(),
            readonly: false,
            kind: MountKind::Volume {
                volume: VolumeName::from_engine("alice--data").unwrap(),
                no_copy: false,
                subpath: None,
            },
        };
        let wished = [wish];
        assert!(mounts_fit(&wished, &[], &[mount("volume", "alice--data", "/x", "/data")]));
        assert!(!mounts_fit(&wished, &[], &[mount("volume", "bob--data", "/x", "/data")]));
    }
}

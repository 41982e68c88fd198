//! What a tenant wrote where ids were sent, kept in a label on the object and shown back.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use wharf_wire::tenant::{ASKED_LABEL, MountKind, MountSpec};

/// What a tenant wrote when it asked for a container.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// The image.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) image: String,
    /// `HostConfig.NetworkMode`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) network: String,
    /// Directories of the host, by where the container sees them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) binds: BTreeMap<String, AskedBind>,
}

/// A directory of the host, as a tenant wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AskedBind {
    /// Its path.
    pub(crate) source: String,
    /// Whether it is only read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) readonly: bool,
}

/// Where clients expect the engine's socket.
const ENGINE_SOCKET: &str = "/var/run/docker.sock";

/// What a wish says of the host's directories.
pub(crate) fn binds<V>(mounts: &[MountSpec<V>]) -> BTreeMap<String, AskedBind> {
    let of_the_host = mounts.iter().filter_map(|mount| {
        let source = match &mount.kind {
            MountKind::Host { path, .. } => path.clone(),
            MountKind::GatewaySocket { .. } => ENGINE_SOCKET.to_owned(),
            _ => return None,
        };
        Some((mount.target.to_string(), AskedBind { source, readonly: mount.readonly }))
    });
    of_the_host.collect()
}

impl Asked {
    /// As it stands in the label.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From an object's labels; what cannot be read says nothing.
    pub(crate) fn of_labels(labels: &Value) -> Self {
        let text = labels.get(ASKED_LABEL).and_then(Value::as_str).unwrap_or_default();
        serde_json::from_str(text).unwrap_or_default()
    }
}

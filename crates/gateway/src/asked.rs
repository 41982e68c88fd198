//! What a tenant wrote where ids were sent, kept in a label on the object and shown back.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wharf_wire::tenant::ASKED_LABEL;

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

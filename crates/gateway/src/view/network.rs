//! A network as its tenant sees it.

use super::{show, without_owner};
use serde_json::Value;
use wharf_model::TenantId;

/// Options that are ours, not the tenant's.
const OURS: [&str; 2] = ["com.docker.network.bridge.name", "com.docker.network.bridge.enable_ip_masquerade"];

/// `GET /networks/{id}`, and a row of `GET /networks`.
pub(crate) fn network(tenant: &TenantId, details: &mut Value) {
    let Some(fields) = details.as_object_mut() else { return };
    if let Some(name) = fields.get_mut("Name") {
        show(tenant, name);
    }
    if let Some(labels) = fields.get_mut("Labels") {
        without_owner(labels);
    }
    if let Some(options) = fields.get_mut("Options").and_then(Value::as_object_mut) {
        options.retain(|name, _| !OURS.contains(&name.as_str()));
    }
    if let Some(containers) = fields.get_mut("Containers").and_then(Value::as_object_mut) {
        for (_, container) in containers.iter_mut() {
            if let Some(name) = container.get_mut("Name") {
                show(tenant, name);
            }
        }
    }
}

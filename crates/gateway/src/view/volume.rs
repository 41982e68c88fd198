//! A volume as its tenant sees it.

use super::{show, without_owner};
use serde_json::Value;
use wharf_model::TenantId;

/// `GET /volumes/{name}`, and a row of `GET /volumes`.
pub(crate) fn volume(tenant: &TenantId, details: &mut Value) {
    let Some(fields) = details.as_object_mut() else { return };
    if let Some(name) = fields.get_mut("Name") {
        show(tenant, name);
    }
    let name = fields.get("Name").and_then(Value::as_str).unwrap_or_default().to_owned();
    super::replace(fields, "Mountpoint", mountpoint(&name));
    super::replace(fields, "Options", Value::Null);
    if let Some(labels) = fields.get_mut("Labels") {
        without_owner(labels);
    }
}

/// Where an engine of the tenant's own would have it: a path that says nothing about this host.
pub(crate) fn mountpoint(name: &str) -> String {
    format!("/var/lib/docker/volumes/{name}/_data")
}

//! What a tenant is shown of what the engine says: its own names, what it wrote itself, and nothing of the host.
//!
//! Pure: documents in, documents out.

mod container;
mod document;
mod event;
mod image;
mod network;
#[cfg(test)]
mod tests;
mod volume;
mod wording;

pub(crate) use container::{container_details, container_row};
pub(crate) use document::Document;
pub(crate) use event::event;
pub(crate) use image::{familiar_tags, image_details, image_row, is_shared};
pub(crate) use network::network;
pub(crate) use volume::volume;
pub(crate) use wording::Wording;

use serde_json::{Map, Value};
use wharf_model::{TenantId, TenantObject};
use wharf_wire::tenant::OWNER_LABELS;

/// Labels without those that say whose an object is.
fn without_owner(labels: &mut Value) {
    if let Some(labels) = labels.as_object_mut() {
        labels.retain(|name, _| !OWNER_LABELS.contains(&name.as_str()));
    }
}

/// The tenant's own name of something, from the engine's; what is not the tenant's stays as it is.
fn shown<'n>(tenant: &TenantId, engine_name: &'n str) -> &'n str {
    let own = TenantObject::from_engine(engine_name).is_some_and(|object| object.tenant.name == tenant.name);
    if !own {
        return engine_name;
    }
    engine_name.split_once("--").map_or(engine_name, |(_, name)| name)
}

/// Replaces a text by the tenant's own name.
fn show(tenant: &TenantId, value: &mut Value) {
    if let Value::String(text) = value {
        let own = match text.strip_prefix('/') {
            Some(name) => format!("/{}", shown(tenant, name)),
            None => shown(tenant, text).to_owned(),
        };
        *text = own;
    }
}

/// Puts a value in the place of one that is there.
fn replace(map: &mut Map<String, Value>, field: &str, value: impl Into<Value>) {
    if let Some(place) = map.get_mut(field) {
        *place = value.into();
    }
}

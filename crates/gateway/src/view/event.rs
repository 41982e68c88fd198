//! What happens on the engine, as the tenant whose it is sees it.

use super::show;
use crate::asked::Asked;
use crate::index::Index;
use serde_json::{Map, Value};
use wharf_model::{ContainerId, NetworkId, TenantId, TenantObject, VolumeName};
use wharf_policy::TenantStanding;
use wharf_wire::tenant::{OWNER_LABELS, SavedName, TenantTag};

/// An event in the tenant's words; `None` when it is not the tenant's.
pub(crate) fn event(
    tenant: &TenantId,
    standing: &TenantStanding,
    index: &Index,
    event: &Value,
) -> Option<Value> {
    let kind = event.get("Type")?.as_str()?;
    let id = event.pointer("/Actor/ID")?.as_str()?;
    let mut told = event.clone();
    let is_of = |owner: &TenantId| owner.name == tenant.name && standing.owns(owner);
    match kind {
        "container" => {
            let attributes = event.pointer("/Actor/Attributes")?.as_object()?;
            is_mine(tenant, standing, index, id, attributes).then_some(())?;
            of_container(tenant, &mut told);
        }
        "network" => {
            let network = index.owner_of_network(&id.parse::<NetworkId>().ok()?);
            let name = event.pointer("/Actor/Attributes/name").and_then(Value::as_str).unwrap_or_default();
            let mine = match network {
                Some(network) => is_of(network.owned.tenant()),
                None => TenantObject::from_engine(name).is_some_and(|object| is_of(&object.tenant)),
            };
            mine.then_some(())?;
            rename(tenant, &mut told, "name");
        }
        "volume" => {
            let volume = VolumeName::from_engine(id)?;
            let mine = match index.owner_of_volume(&volume) {
                Some(owned) => is_of(owned.tenant()),
                None => volume.named_after().is_some_and(is_of),
            };
            mine.then_some(())?;
            *told.pointer_mut("/Actor/ID")? = volume.shown().into();
        }
        "image" => of_image(tenant, standing, id, &mut told)?,
        _ => return None,
    }
    Some(told)
}

/// By what is known of the container, else by the labels that the event carries.
fn is_mine(
    tenant: &TenantId,
    standing: &TenantStanding,
    index: &Index,
    id: &str,
    attributes: &Map<String, Value>,
) -> bool {
    let Ok(id) = id.parse::<ContainerId>() else { return false };
    if let Some(container) = index.owner_of(&id) {
        return container.owned.tenant().name == tenant.name && standing.owns(container.owned.tenant());
    }
    let text = |name: &str| attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let labels = OWNER_LABELS.map(|label| (label.to_owned(), text(label))).into();
    wharf_policy::Owned::<ContainerId>::observed(id, &text("name"), &labels)
        .is_some_and(|owned| owned.tenant().name == tenant.name && standing.owns(owned.tenant()))
}

fn of_container(tenant: &TenantId, told: &mut Value) {
    let asked = Asked::of_labels(told.pointer("/Actor/Attributes").unwrap_or(&Value::Null));
    rename(tenant, told, "name");
    let image = |place: &mut Value| {
        if !asked.image.is_empty() {
            *place = asked.image.clone().into();
        }
    };
    told.get_mut("from").map(image);
    if let Some(attributes) = told.pointer_mut("/Actor/Attributes").and_then(Value::as_object_mut) {
        attributes.get_mut("image").map(image);
        attributes.retain(|name, _| !OWNER_LABELS.contains(&name.as_str()));
    }
}

fn of_image(tenant: &TenantId, standing: &TenantStanding, id: &str, told: &mut Value) -> Option<()> {
    let name = told.pointer("/Actor/Attributes/name").and_then(Value::as_str).unwrap_or(id).to_owned();
    let tag = TenantTag::from_engine(&name).or_else(|| TenantTag::from_engine(id))?;
    (tag.tenant().name == tenant.name && standing.owns(tag.tenant())).then_some(())?;
    let SavedName::Named(image) = tag.shown() else { return None };
    if let Some(place) = told.pointer_mut("/Actor/Attributes/name") {
        *place = image.familiar().into();
    }
    for place in ["/Actor/ID", "/id"] {
        if let Some(place) = told.pointer_mut(place)
            && place.as_str().is_some_and(|text| TenantTag::from_engine(text).is_some())
        {
            *place = image.familiar().into();
        }
    }
    Some(())
}

fn rename(tenant: &TenantId, told: &mut Value, attribute: &str) {
    if let Some(name) = told.pointer_mut("/Actor/Attributes").and_then(|a| a.get_mut(attribute)) {
        show(tenant, name);
    }
}

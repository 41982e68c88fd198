//! An image as its tenant sees it: under its own tags, and those that the administrator shares.

use serde_json::Value;
use std::collections::BTreeSet;
use wharf_model::{ImagePattern, ImageRef, NamedImage, TenantId};
use wharf_policy::TenantStanding;
use wharf_wire::tenant::{SavedName, TenantTag};

/// The tenant's names of an image, by its tags on the engine: its own, and those that are shared.
pub(crate) fn familiar_tags(
    tenant: &TenantId,
    standing: &TenantStanding,
    shared: &[ImagePattern],
    repo_tags: &[String],
) -> BTreeSet<String> {
    repo_tags.iter().filter_map(|tag| familiar(tenant, standing, shared, tag)).collect()
}

fn familiar(
    tenant: &TenantId,
    standing: &TenantStanding,
    shared: &[ImagePattern],
    tag: &str,
) -> Option<String> {
    if let Some(own) = TenantTag::from_engine(tag) {
        let visible = own.tenant().name == tenant.name && standing.owns(own.tenant());
        return match own.shown() {
            SavedName::Named(image) if visible => Some(image.familiar()),
            _ => None,
        };
    }
    match tag.parse() {
        Ok(ImageRef::Named(image)) if is_shared(shared, &image) => Some(image.familiar()),
        _ => None,
    }
}

/// Whether the administrator shows this image to every tenant.
pub(crate) fn is_shared(shared: &[ImagePattern], image: &NamedImage) -> bool {
    shared.iter().any(|pattern| pattern.matches(image))
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let texts = value.and_then(Value::as_array).into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Puts the tenant's names in the place of the engine's.
fn rename(
    tenant: &TenantId,
    standing: &TenantStanding,
    shared: &[ImagePattern],
    fields: &mut serde_json::Map<String, Value>,
) {
    let tags = familiar_tags(tenant, standing, shared, &texts(fields.get("RepoTags")));
    // A digest is shown for a repository of which the tenant has a tag, or by which it pulled.
    let pulled: BTreeSet<String> = texts(fields.get("RepoTags"))
        .iter()
        .filter_map(|tag| TenantTag::from_engine(tag))
        .filter(|own| own.tenant().name == tenant.name && standing.owns(own.tenant()))
        .filter_map(|own| match own.shown() {
            SavedName::Digested(image) => Some(image.familiar()),
            _ => None,
        })
        .collect();
    let repositories: BTreeSet<&str> =
        tags.iter().filter_map(|tag| tag.rsplit_once(':').map(|(name, _)| name)).collect();
    let digests: Vec<String> = texts(fields.get("RepoDigests"))
        .into_iter()
        .filter(|digest| {
            pulled.contains(digest)
                || digest.split_once('@').is_some_and(|(name, _)| repositories.contains(name))
        })
        .collect();
    fields.insert("RepoTags".to_owned(), tags.iter().cloned().collect());
    fields.insert("RepoDigests".to_owned(), digests.into());
}

/// `GET /images/{name}/json`.
pub(crate) fn image_details(
    tenant: &TenantId,
    standing: &TenantStanding,
    shared: &[ImagePattern],
    details: &mut Value,
) {
    let Some(fields) = details.as_object_mut() else { return };
    rename(tenant, standing, shared, fields);
    // Up to engine 24 an image shows the container that it was made of, too.
    for config in ["Config", "ContainerConfig"] {
        if let Some(labels) = fields.get_mut(config).and_then(|config| config.get_mut("Labels")) {
            super::without_owner(labels);
        }
    }
    if let Some(driver) = fields.get_mut("GraphDriver").and_then(Value::as_object_mut) {
        super::replace(driver, "Data", Value::Null);
    }
    // Who else has it, and since when, is nobody's business.
    fields.remove("Identity");
    if let Some(metadata) = fields.get_mut("Metadata").and_then(Value::as_object_mut) {
        metadata.remove("LastTagTime");
    }
}

/// A row of `GET /images/json`; `None` when it is not the tenant's to see.
pub(crate) fn image_row(
    tenant: &TenantId,
    standing: &TenantStanding,
    shared: &[ImagePattern],
    mut row: Value,
) -> Option<Value> {
    let tags = texts(row.get("RepoTags"));
    let mine = |tag: &String| {
        TenantTag::from_engine(tag)
            .is_some_and(|own| own.tenant().name == tenant.name && standing.owns(own.tenant()))
    };
    let visible = tags.iter().any(mine) || !familiar_tags(tenant, standing, shared, &tags).is_empty();
    if !visible {
        return None;
    }
    let fields = row.as_object_mut()?;
    rename(tenant, standing, shared, fields);
    if let Some(labels) = fields.get_mut("Labels") {
        super::without_owner(labels);
    }
    super::replace(fields, "Containers", -1);
    Some(row)
}

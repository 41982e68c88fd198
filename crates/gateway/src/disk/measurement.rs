//! From the engine's sizes to sums of tenants'. Pure. Objects of removed tenants of the same name count, too: they hold
//! what they hold.

use super::layers::Layers;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wharf_model::{ContainerId, ImageId, ImagePattern, ImageRef, TenantName, VolumeName};
use wharf_policy::Owned;
use wharf_wire::tenant::TenantTag;
use wharf_wire::{ContainerSize, NamesOfImage, VolumeSize};

/// Bytes of each tenant.
pub(super) type Used = HashMap<TenantName, u64>;

/// Who has an image.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Owners {
    /// Whose tags it has.
    pub(super) tenants: BTreeSet<TenantName>,
    /// Whether the administrator shares it: then it is there anyway, and nobody's room.
    pub(super) is_shared: bool,
}

fn add(used: &mut Used, tenant: &TenantName, size: u64) {
    let sum = used.entry(tenant.clone()).or_default();
    *sum = sum.saturating_add(size);
}

/// What containers have written.
pub(super) fn add_containers(used: &mut Used, rows: Vec<ContainerSize>) {
    for row in rows {
        let proved = |name: &String| Owned::<ContainerId>::observed(row.id.clone(), name, &row.labels);
        if let Some(owned) = row.names.iter().find_map(proved) {
            add(used, &owned.tenant().name, u64::try_from(row.size_rw).unwrap_or(0));
        }
    }
}

/// What is in volumes.
pub(super) fn add_volumes(used: &mut Used, rows: Vec<VolumeSize>) {
    for row in rows {
        if let Some(owned) = Owned::<VolumeName>::observed(&row.name, &row.labels) {
            add(used, &owned.tenant().name, u64::try_from(row.usage_data.size).unwrap_or(0));
        }
    }
}

/// Images that are anybody's of ours.
pub(super) fn owners(rows: &[NamesOfImage], shared: &[ImagePattern]) -> Vec<(ImageId, Owners)> {
    let mut all = Vec::new();
    for row in rows {
        let mut owners = Owners::default();
        for tag in &row.repo_tags {
            match (TenantTag::from_engine(tag), tag.parse()) {
                (Some(own), _) => {
                    owners.tenants.insert(own.tenant().name.clone());
                }
                (None, Ok(ImageRef::Named(image))) => {
                    owners.is_shared |= crate::view::is_shared(shared, &image);
                }
                _ => {}
            }
        }
        if owners != Owners::default() {
            all.push((row.id.clone(), owners));
        }
    }
    all
}

/// What images take; of each tenant's own, common layers once.
pub(super) fn add_images(used: &mut Used, images: &[(Arc<Layers>, Owners)]) {
    let mut images: Vec<_> = images.iter().collect();
    images.sort_by_key(|(layers, _)| layers.height());
    let tenants: BTreeSet<&TenantName> = images.iter().flat_map(|(_, owners)| &owners.tenants).collect();
    for tenant in tenants {
        let mut counted: Vec<&Layers> =
            images.iter().filter(|(_, owners)| owners.is_shared).map(|(layers, _)| layers.as_ref()).collect();
        for (layers, _) in images.iter().filter(|(_, owners)| owners.tenants.contains(tenant)) {
            add(used, tenant, layers.beside(counted.iter().copied()));
            counted.push(layers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use wharf_wire::HistoryStep;

    fn read<T: serde::de::DeserializeOwned>(document: Value) -> T {
        serde_json::from_value(document).unwrap()
    }

    fn labels(tenant: &str) -> Value {
        json!({"wharf.tenant": tenant, "wharf.generation": "1", "wharf.user": tenant})
    }

    fn of(used: &Used, tenant: &str) -> u64 {
        used.get(&tenant.parse().unwrap()).copied().unwrap_or(0)
    }

    #[test]
    fn containers_and_volumes_are_their_tenants_and_nobody_elses() {
        let id = |digit: &str| digit.repeat(64);
        let mut used = Used::new();
        let rows = json!([
            {"Id": id("1"), "Names": ["/alice--web"], "Labels": labels("alice"), "SizeRw": 10},
            {"Id": id("2"), "Names": ["/alice--db"], "Labels": labels("alice")},
            {"Id": id("3"), "Names": ["/bob--web"], "Labels": labels("bob"), "SizeRw": 500},
            {"Id": id("4"), "Names": ["/web"], "Labels": labels("alice"), "SizeRw": 7000},
        ]);
        add_containers(&mut used, read(rows));
        let rows = json!([
            {"Name": "alice--data", "Labels": labels("alice"), "UsageData": {"Size": 3, "RefCount": 1}},
            {"Name": id("a"), "Labels": labels("alice"), "UsageData": {"Size": 4}},
            {"Name": "alice--odd", "Labels": labels("alice"), "UsageData": {"Size": -1}},
            {"Name": "alice--unknown", "Labels": labels("alice"), "UsageData": null},
            {"Name": "alice--false", "Labels": null, "UsageData": {"Size": 9000}},
        ]);
        add_volumes(&mut used, read(rows));
        assert_eq!((of(&used, "alice"), of(&used, "bob")), (17, 500));
    }

    #[test]
    fn an_image_counts_for_each_tenant_that_has_a_tag_and_what_is_shared_for_none() {
        let id = |digit: &str| format!("sha256:{}", digit.repeat(64));
        let rows: Vec<NamesOfImage> = read(json!([
            {"Id": id("1"), "RepoTags": ["base:1"]},
            {"Id": id("2"), "RepoTags": ["wharf.invalid/alice/1/docker.io/library/app:1", "wharf.invalid/bob/2/docker.io/library/x:1"]},
            {"Id": id("3"), "RepoTags": ["wharf.invalid/alice/1/docker.io/library/app:2"]},
            {"Id": id("4"), "RepoTags": ["private:1"]},
            {"Id": id("5"), "RepoTags": null},
        ]));
        let found = owners(&rows, &["base:*".parse().unwrap()]);
        assert_eq!(found.len(), 3, "{found:?}");
        let layers = |digests: &[&str], sizes: &[i64]| {
            let steps: Vec<HistoryStep> =
                sizes.iter().rev().map(|size| read(json!({ "Size": size }))).collect();
            let image = read(json!({"Size": sizes.iter().sum::<i64>(), "RootFS": {"Layers": digests}}));
            Arc::new(Layers::of(image, &steps))
        };
        let known = [
            layers(&["a"], &[1000]),
            layers(&["a", "b"], &[1000, 20]),
            layers(&["a", "b", "c"], &[1000, 20, 3]),
        ];
        let images: Vec<_> =
            known.into_iter().zip(found).map(|(layers, (_, owners))| (layers, owners)).collect();
        let mut used = Used::new();
        add_images(&mut used, &images);
        assert_eq!((of(&used, "alice"), of(&used, "bob")), (23, 20));
    }
}

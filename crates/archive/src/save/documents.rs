//! The files of an archive that name images: `manifest.json`, `repositories`, and an OCI layout's `index.json`.

use super::blobs::{Blobs, Names};
use crate::ArchiveError;
use crate::error::printable;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use wharf_model::ImageRef;

/// Those that have passed, as the engine wrote them.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<String, Vec<u8>>);

const MANIFEST: &str = "manifest.json";
const INDEX: &str = "index.json";
const REPOSITORIES: &str = "repositories";

const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";

/// The annotations that name an image of an OCI layout.
const FULL_NAME: &str = "io.containerd.image.name";
const TAG: &str = "org.opencontainers.image.ref.name";

/// One image of the engine's manifest.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    config: String,
    repo_tags: Option<Vec<String>>,
    #[serde(default)]
    layers: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layer_sources: Option<Map<String, Value>>,
}

impl Documents {
    pub(super) fn is_one(name: &str) -> bool {
        matches!(name, MANIFEST | INDEX | REPOSITORIES)
    }

    pub(super) fn insert(&mut self, name: String, document: Vec<u8>) {
        self.0.insert(name, document);
    }

    /// All of them with the tenant's names, in the order in which the engine writes them.
    pub(super) fn named(
        &self,
        names: &Names,
        blobs: &Blobs,
    ) -> Result<Vec<(&'static str, Vec<u8>)>, ArchiveError> {
        let mut images: Vec<Image> = read(MANIFEST, self.0.get(MANIFEST).ok_or(ArchiveError::NoManifest)?)?;
        name_images(&mut images, names);
        let mut named = Vec::new();
        if let Some(index) = self.0.get(INDEX) {
            let mut index: Value = read(INDEX, index)?;
            complete_index(&mut index, &images, blobs);
            name_index(&mut index, names);
            named.push((INDEX, write(&index)));
        }
        named.push((MANIFEST, write(&images)));
        // The containerd image store writes none.
        let repositories = repositories(&images);
        if !repositories.is_empty() {
            named.push((REPOSITORIES, write(&repositories)));
        }
        Ok(named)
    }
}

/// A name goes to the first image it leads to: the manifests of an index are one image for several platforms, and
/// the last to be loaded would keep the name.
fn name_images(images: &mut [Image], names: &Names) {
    let mut given = BTreeSet::new();
    for image in images {
        let own = config_digest(&image.config).and_then(|digest| names.get(&digest));
        let fresh = |name: &&String| given.insert((*name).clone());
        let own: Vec<String> = own.into_iter().flatten().filter(fresh).cloned().collect();
        image.repo_tags = (!own.is_empty()).then_some(own);
    }
}

/// `<hex>.json` of Docker 20.10, `blobs/sha256/<hex>` of later ones.
fn config_digest(config: &str) -> Option<String> {
    let hex = config.strip_suffix(".json").or_else(|| config.strip_prefix("blobs/sha256/"))?;
    Some(format!("sha256:{hex}"))
}

/// Asked for several ids, Docker 28.5 lists the first only (seen); by names it lists all.
fn complete_index(index: &mut Value, images: &[Image], blobs: &Blobs) {
    let Some(manifests) = index.get_mut("manifests").and_then(Value::as_array_mut) else { return };
    let listed: Vec<String> = manifests.iter().filter_map(digest_of).collect();
    let reached: BTreeSet<&str> = listed.iter().flat_map(|digest| blobs.reach(digest)).collect();
    for config in images.iter().filter_map(|image| config_digest(&image.config)) {
        if let Some((digest, size)) =
            blobs.manifest_of(&config).filter(|_| !reached.contains(config.as_str()))
        {
            manifests.push(json!({"mediaType": MANIFEST_TYPE, "digest": digest, "size": size}));
        }
    }
}

fn digest_of(descriptor: &Value) -> Option<String> {
    descriptor.get("digest")?.as_str().map(ToOwned::to_owned)
}

/// One descriptor for each name, as the engine has it.
fn name_index(index: &mut Value, names: &Names) {
    let Some(manifests) = index.get_mut("manifests").and_then(Value::as_array_mut) else { return };
    let mut named = Vec::new();
    let mut done = BTreeSet::new();
    for mut descriptor in std::mem::take(manifests) {
        clear(&mut descriptor);
        let digest = digest_of(&descriptor).unwrap_or_default();
        let own = names.get(&digest).cloned().unwrap_or_default();
        if !done.insert(digest) {
            continue;
        }
        let before = named.len();
        for (full, tag) in own.iter().filter_map(|name| full_name(name)) {
            let mut descriptor = descriptor.clone();
            annotate(&mut descriptor, &full, &tag);
            named.push(descriptor);
        }
        if named.len() == before {
            named.push(descriptor);
        }
    }
    *manifests = named;
}

fn clear(descriptor: &mut Value) {
    let Some(object) = descriptor.as_object_mut() else { return };
    if let Some(annotations) = object.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove(FULL_NAME);
        annotations.remove(TAG);
        if annotations.is_empty() {
            object.remove("annotations");
        }
    }
}

fn annotate(descriptor: &mut Value, full: &str, tag: &str) {
    let Some(object) = descriptor.as_object_mut() else { return };
    let annotations = object.entry("annotations").or_insert_with(|| json!({}));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(FULL_NAME.into(), full.into());
        annotations.insert(TAG.into(), tag.into());
    }
}

/// `busybox:latest` as `docker.io/library/busybox:latest`, and its tag.
fn full_name(familiar: &str) -> Option<(String, String)> {
    let Ok(ImageRef::Named(image)) = familiar.parse() else { return None };
    let tag = image.tag()?.to_owned();
    Some((format!("{}/{}:{tag}", image.domain(), image.path()), tag))
}

/// Name, tag, and the topmost layer's id of old.
fn repositories(images: &[Image]) -> BTreeMap<&str, BTreeMap<&str, &str>> {
    let mut repositories: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for image in images {
        let Some(top) = image.layers.iter().flatten().next_back().and_then(|layer| top_id(image, layer))
        else {
            continue;
        };
        for (name, tag) in image.repo_tags.iter().flatten().filter_map(|name| name.rsplit_once(':')) {
            repositories.entry(name).or_default().insert(tag, top);
        }
    }
    repositories
}

fn top_id<'a>(image: &Image, layer: &'a str) -> Option<&'a str> {
    match layer.strip_prefix("blobs/sha256/") {
        // Beside these the classic image store tells where layers come from; the containerd store does not.
        Some(hex) => image.layer_sources.as_ref().map(|_| hex),
        None => layer.strip_suffix("/layer.tar"),
    }
}

fn read<'a, T: Deserialize<'a>>(name: &str, document: &'a [u8]) -> Result<T, ArchiveError> {
    serde_json::from_slice(document).map_err(|error| ArchiveError::Unreadable {
        name: name.to_owned(),
        why: printable(error.to_string().as_bytes()),
    })
}

/// Texts, lists and maps always are JSON.
fn write(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}

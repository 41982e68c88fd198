//! Whether what a manifest names has all come, and is what the configurations say.

use super::contents::{Contents, File, Passed};
use super::manifest::{self, ClientImage, EngineImage};
use super::{Loaded, LoadedImage};
use crate::ArchiveError;
use crate::digest::Digest;
use crate::error::printable;
use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{ImageId, ImageRef, TenantId};
use wharf_wire::tenant::TenantTag;

/// The images of a client's archive, and the manifest for the engine.
pub(super) fn judge(
    tenant: &TenantId,
    contents: &Contents,
) -> Result<(Loaded, Vec<EngineImage>), ArchiveError> {
    let images = manifest::read(contents.manifest().ok_or(ArchiveError::NoManifest)?)?;
    let (mut loaded, mut for_engine) = (Loaded::default(), Vec::new());
    let mut given = BTreeMap::new();
    let mut counted = BTreeSet::new();
    for image in &images {
        let config = configuration(contents, &image.config)?;
        let layers = layers(contents, image, config)?;
        let id = image_id(&image.config, config)?;
        let tags = tags(tenant, image, &id)?;
        for tag in &tags {
            if given.insert(tag.clone(), id.clone()).is_some_and(|other| other != id) {
                return Err(ArchiveError::TagTwice(printable(tag.to_string().as_bytes())));
            }
        }
        for (digest, size) in layers.iter().filter_map(|layer| layer.measured.unpacked.ok()) {
            loaded.unpacked += if counted.insert(digest) { size } else { 0 };
        }
        for_engine.push(EngineImage {
            config: config.name.clone(),
            repo_tags: tags.iter().map(ToString::to_string).collect(),
            layers: layers.iter().map(|layer| layer.name.clone()).collect(),
        });
        loaded.images.push(LoadedImage { config: id, tags });
    }
    Ok((loaded, for_engine))
}

fn configuration<'a>(contents: &'a Contents, name: &str) -> Result<&'a File, ArchiveError> {
    match contents.entry(name) {
        Some(Passed::File(file)) => Ok(file),
        _ => Err(missing(name)),
    }
}

/// The files of an image's layers, each of which is what the configuration names in its place.
fn layers<'a>(
    contents: &'a Contents,
    image: &ClientImage,
    config: &File,
) -> Result<Vec<&'a File>, ArchiveError> {
    let named = config.diff_ids.as_ref().map_err(|why| ArchiveError::Unreadable {
        name: printable(image.config.as_bytes()),
        why: printable(why.as_bytes()),
    })?;
    let brought: &[String] = image.layers.as_ref().map(|layers| layers.0.as_slice()).unwrap_or_default();
    if named.len() != brought.len() {
        let config = printable(image.config.as_bytes());
        return Err(ArchiveError::LayerCount { config, named: named.len(), brought: brought.len() });
    }
    brought.iter().zip(named).map(|(name, diff_id)| layer(contents, name, *diff_id, &image.config)).collect()
}

fn layer<'a>(
    contents: &'a Contents,
    name: &str,
    diff_id: Digest,
    config: &str,
) -> Result<&'a File, ArchiveError> {
    let file = match contents.entry(name) {
        Some(Passed::File(file)) => file,
        Some(Passed::Link(target)) => match contents.entry(target) {
            Some(Passed::File(file)) => file,
            _ => return Err(missing(target)),
        },
        Some(Passed::Other) | None => return Err(missing(name)),
    };
    match file.measured.unpacked {
        Ok((digest, _)) if digest == diff_id => Ok(file),
        Ok(_) => Err(ArchiveError::OtherLayer {
            layer: printable(name.as_bytes()),
            config: printable(config.as_bytes()),
        }),
        Err(method) => Err(ArchiveError::LayerCompressed { layer: printable(name.as_bytes()), method }),
    }
}

fn image_id(name: &str, config: &File) -> Result<ImageId, ArchiveError> {
    config.measured.digest.to_string().parse().map_err(|_| missing(name))
}

/// The client's names as this tenant's tags; one of ours where there are none, so that the image is never nobody's.
fn tags(tenant: &TenantId, image: &ClientImage, id: &ImageId) -> Result<Vec<TenantTag>, ArchiveError> {
    let references: &[String] = image.repo_tags.as_ref().map(|tags| tags.0.as_slice()).unwrap_or_default();
    if references.is_empty() {
        return Ok(vec![TenantTag::untagged(tenant, id)]);
    }
    let mut tags = BTreeSet::new();
    for reference in references {
        tags.insert(tag(tenant, reference)?);
    }
    Ok(tags.into_iter().collect())
}

fn tag(tenant: &TenantId, reference: &str) -> Result<TenantTag, ArchiveError> {
    let refused = |why: String| ArchiveError::Reference { reference: printable(reference.as_bytes()), why };
    match reference.parse() {
        Ok(ImageRef::Named(image)) => {
            TenantTag::named(tenant, &image).map_err(|error| refused(error.to_string()))
        }
        Ok(ImageRef::Id(_)) => Err(refused("an id is not a name".into())),
        Err(error) => Err(refused(printable(error.to_string().as_bytes()))),
    }
}

fn missing(name: &str) -> ArchiveError {
    ArchiveError::Missing(printable(name.as_bytes()))
}

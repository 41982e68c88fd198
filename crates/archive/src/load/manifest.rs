//! `manifest.json`, as clients send it and as we send it.

use super::config::LAYERS_MOST;
use super::few::Few;
use crate::ArchiveError;
use crate::error::printable;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

const IMAGES_MOST: usize = 128;
const TAGS_MOST: usize = 128;

/// One image of a client's manifest. Every key there is, spelt exactly: `repotags` is unknown here, and so refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(super) struct ClientImage {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Few<String, TAGS_MOST>>,
    #[serde(default)]
    pub(super) layers: Option<Few<String, LAYERS_MOST>>,
    /// Another image's id: history only, and not ours to claim.
    #[serde(default, rename = "Parent")]
    _parent: IgnoredAny,
    /// Where foreign layers come from; ours all come with the archive.
    #[serde(default, rename = "LayerSources")]
    _layer_sources: IgnoredAny,
}

/// One image of the manifest that the engine gets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EngineImage {
    pub(super) config: String,
    pub(super) repo_tags: Vec<String>,
    pub(super) layers: Vec<String>,
}

/// Reads a client's manifest.
pub(super) fn read(manifest: &[u8]) -> Result<Vec<ClientImage>, ArchiveError> {
    let read: Result<Few<ClientImage, IMAGES_MOST>, _> = serde_json::from_slice(manifest);
    read.map(|images| images.0).map_err(|error| ArchiveError::Unreadable {
        name: super::MANIFEST.to_owned(),
        why: printable(error.to_string().as_bytes()),
    })
}

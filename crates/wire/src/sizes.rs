//! How much room things take on the engine's disk: reads, and what they answer.

use crate::answer::nullable;
use serde::Deserialize;
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ImageId};

/// Every container that carries a tenant's label, with its size: the engine walks what each has written.
#[derive(Debug, Clone, Copy)]
pub struct TenantContainerSizes;

/// Every volume with its size: slow, since the engine walks each. Before API 1.42 it walks everything else, too.
#[derive(Debug, Clone, Copy)]
pub struct VolumeSizes;

/// Every image that has a name.
#[derive(Debug, Clone, Copy)]
pub struct ImageNames;

/// What an image consists of.
#[derive(Debug, Clone)]
pub struct ImageLayers(pub ImageId);

/// How large an image's layers are.
#[derive(Debug, Clone)]
pub struct ImageHistory(pub ImageId);

/// A container's size.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerSize {
    /// Full id.
    pub id: ContainerId,
    /// Each begins with `/`.
    #[serde(default, deserialize_with = "nullable")]
    pub names: Vec<String>,
    /// The image's own included.
    #[serde(default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// Bytes of what it has written, beyond its image.
    #[serde(default, deserialize_with = "nullable")]
    pub size_rw: i64,
}

/// Answer to [`VolumeSizes`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VolumeSizeList {
    /// The rows.
    #[serde(default, deserialize_with = "nullable")]
    pub volumes: Vec<VolumeSize>,
}

/// A volume's size.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VolumeSize {
    /// Volumes have no id.
    pub name: String,
    /// Whose it is.
    #[serde(default, deserialize_with = "nullable")]
    pub labels: BTreeMap<String, String>,
    /// How large it is.
    #[serde(default, deserialize_with = "nullable")]
    pub usage_data: VolumeUsage,
}

/// How large a volume is.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct VolumeUsage {
    /// Bytes; -1 where the engine cannot tell.
    #[serde(default)]
    pub size: i64,
}

/// An image's names.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamesOfImage {
    /// Full id.
    pub id: ImageId,
    /// `name:tag`.
    #[serde(default, deserialize_with = "nullable")]
    pub repo_tags: Vec<String>,
}

/// What an image consists of.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LayersOfImage {
    /// Bytes of all its layers.
    #[serde(default, deserialize_with = "nullable")]
    pub size: i64,
    /// Its layers.
    #[serde(default, deserialize_with = "nullable", rename = "RootFS")]
    pub root_fs: RootFs,
}

/// An image's layers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RootFs {
    /// Their digests, the lowest first.
    #[serde(default, deserialize_with = "nullable")]
    pub layers: Vec<String>,
}

/// One step of an image's making. The newest is listed first.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HistoryStep {
    /// Bytes of the layer that it made; zero where it made none, too.
    #[serde(default)]
    pub size: i64,
}

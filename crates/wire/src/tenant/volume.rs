//! Volumes as tenants may have them: the local driver's, without options (they are a free `mount(2)`).

use crate::tenant::Owner;
use std::collections::BTreeMap;
use wharf_model::{ObjectName, VolumeName};

/// What a client asked for. (`POST /volumes/create`.)
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VolumeWish {
    /// `None` lets us choose 64 digits, as the engine does.
    pub name: Option<ObjectName>,
    /// The client's own.
    pub labels: BTreeMap<String, String>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantVolume {
    /// Its name on the engine.
    pub name: VolumeName,
    /// Whose it is.
    pub owner: Owner,
    /// The client's own labels.
    pub labels: BTreeMap<String, String>,
}

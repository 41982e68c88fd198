//! What is remembered of a pin between boots. Data only.

use crate::pin_id::PinId;
use crate::request::Access;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use wharf_model::{ContainerRoot, Generation, TenantId, TenantName};

/// One pin, as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its name, which is its file's, too.
    pub id: PinId,
    /// Whose containers have it.
    pub tenant: TenantName,
    /// Which tenant of that name.
    pub generation: Generation,
    /// The account that opened it.
    pub account: String,
    /// That account's number then. Another account of the same name does not get it.
    pub uid: u32,
    /// What was opened.
    pub path: PathBuf,
    /// The directory that was granted then.
    pub granted: PathBuf,
    /// Whether it is written.
    pub access: Access,
    /// The device that it was on.
    pub device: u64,
    /// Its number on that device.
    pub inode: u64,
    /// Whom the host takes root in the containers for, where the engine maps users: user and group.
    pub container_root: Option<(u32, u32)>,
}

impl Record {
    /// The tenant, and which of that name.
    pub fn owner(&self) -> TenantId {
        TenantId { name: self.tenant.clone(), generation: self.generation }
    }

    /// Whom the host takes root in the containers for.
    pub fn root(&self) -> Option<ContainerRoot> {
        self.container_root.map(|(uid, gid)| ContainerRoot { uid, gid })
    }
}

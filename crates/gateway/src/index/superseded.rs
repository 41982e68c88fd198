//! What former tenants left and was adopted, where something later has its name: by a name the latest is meant, and a list
//! has each name once.

use super::{Holdings, Index};
use wharf_model::{ContainerId, NetworkId, TenantId, VolumeName};
use wharf_policy::TenantStanding;

impl Index {
    /// Whether a former tenant left it, and the tenant has a later container of that name.
    pub(crate) fn is_superseded_container(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        id: &ContainerId,
    ) -> bool {
        let superseded = |holdings: &Holdings| {
            let known = holdings.containers.get(id)?;
            let later = holdings.containers.values().find(|other| {
                other.name == known.name && is_later(other.owned.tenant(), known.owned.tenant(), standing)
            });
            later.map(drop)
        };
        self.read(&tenant.name, superseded).flatten().is_some()
    }

    /// As [`Self::is_superseded_container`], for networks.
    pub(crate) fn is_superseded_network(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        id: &NetworkId,
    ) -> bool {
        let superseded = |holdings: &Holdings| {
            let known = holdings.networks.get(id)?;
            let later = holdings.networks.values().find(|other| {
                other.name == known.name && is_later(other.owned.tenant(), known.owned.tenant(), standing)
            });
            later.map(drop)
        };
        self.read(&tenant.name, superseded).flatten().is_some()
    }

    /// As [`Self::is_superseded_container`], for volumes.
    pub(crate) fn is_superseded_volume(
        &self,
        tenant: &TenantId,
        standing: &TenantStanding,
        name: &VolumeName,
    ) -> bool {
        let Some(owner) = name.named_after() else { return false };
        let later = |holdings: &Holdings| {
            let mut named = holdings
                .volumes
                .values()
                .filter(|other| other.id().named_after().is_some() && other.id().shown() == name.shown());
            named.any(|other| is_later(other.tenant(), owner, standing))
        };
        self.read(&tenant.name, later).unwrap_or_default()
    }
}

/// Whether `other` is of a later tenant than `owner` is, and this one's too.
fn is_later(other: &TenantId, owner: &TenantId, standing: &TenantStanding) -> bool {
    other.generation > owner.generation && standing.owns(other)
}

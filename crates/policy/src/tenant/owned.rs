//! Proofs that an object is a tenant's.

use crate::Permit;
use std::collections::BTreeMap;
use wharf_model::{ContainerId, ExecId, NetworkId, TenantId, TenantObject, VolumeName};
use wharf_wire::Call;
use wharf_wire::tenant::{Owner, TenantCall};

/// An object that is a tenant's: proved, not claimed.
///
/// The proof is label *and* name: containers inherit their image's labels, so a label alone proves nothing; and an
/// administrator can give any name, so a name alone proves nothing either.
///
/// A volume that a permit made has no short cut: the engine answers the creation of a name that exists with what is
/// there (ENGINE-API V12), perhaps an earlier tenant's of that name. Its proof is [`Owned::<VolumeName>::observed`]
/// of the labels in that answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned<T> {
    id: T,
    tenant: TenantId,
}

impl<T> Owned<T> {
    /// Its full id; a volume's is its name on the engine.
    pub fn id(&self) -> &T {
        &self.id
    }

    /// Whose it is: perhaps an earlier tenant's of the name, whose objects were adopted.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }
}

impl Owned<ContainerId> {
    /// A container as the engine lists it; its name with or without the engine's `/` before it.
    pub fn observed(id: ContainerId, engine_name: &str, labels: &BTreeMap<String, String>) -> Option<Self> {
        let (_, tenant) = proved(engine_name.strip_prefix('/').unwrap_or(engine_name), labels)?;
        Some(Self { id, tenant })
    }

    /// What the engine made for a permit to create a container, under the id that it answered. The engine refuses a
    /// name that is taken, so that nothing else can be meant.
    pub fn created(permit: &Permit, id: ContainerId) -> Option<Self> {
        match permit.call() {
            Call::Tenant(TenantCall::CreateContainer { container, .. }) => {
                Some(Self { id, tenant: container.owner.tenant.clone() })
            }
            _ => None,
        }
    }
}

impl Owned<NetworkId> {
    /// A network as the engine lists it.
    pub fn observed(id: NetworkId, engine_name: &str, labels: &BTreeMap<String, String>) -> Option<Self> {
        let (_, tenant) = proved(engine_name, labels)?;
        Some(Self { id, tenant })
    }

    /// What the engine made for a permit to create a network, under the id that it answered. Our request has the
    /// engine refuse a name that is taken.
    pub fn created(permit: &Permit, id: NetworkId) -> Option<Self> {
        match permit.call() {
            Call::Tenant(TenantCall::CreateNetwork(network)) => {
                Some(Self { id, tenant: network.owner.tenant.clone() })
            }
            _ => None,
        }
    }
}

impl Owned<VolumeName> {
    /// A volume as the engine lists it, or answers that it made it. One without a name of the tenant's is proved by its
    /// labels alone: volumes inherit none from images.
    pub fn observed(engine_name: &str, labels: &BTreeMap<String, String>) -> Option<Self> {
        let id = VolumeName::from_engine(engine_name)?;
        let tenant = Owner::read(labels)?;
        id.named_after().is_none_or(|named| *named == tenant).then_some(Self { id, tenant })
    }
}

impl Owned<ExecId> {
    /// An exec that the engine says (or that our own creation's answer says) runs in this container.
    pub fn running_in(id: ExecId, container: &Owned<ContainerId>) -> Self {
        Self { id, tenant: container.tenant.clone() }
    }
}

/// What an engine's name and labels agree on.
fn proved(engine_name: &str, labels: &BTreeMap<String, String>) -> Option<(TenantObject, TenantId)> {
    let object = TenantObject::from_engine(engine_name)?;
    let tenant = Owner::read(labels)?;
    (object.tenant == tenant).then_some((object, tenant))
}

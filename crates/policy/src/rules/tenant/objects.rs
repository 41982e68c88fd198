//! Which objects a tenant's call names, wherever it names them. What is not handed out here is not checked, so every
//! field of every kind of call is spelled out.

use crate::Denial;
use wharf_model::{ContainerId, ExecId, ImageId, NetworkId, TenantId, VolumeName};
use wharf_wire::tenant::{
    IpcMode, MountKind, NetworkMode, SharedWith, TenantCall, TenantContainer, TenantTag,
};

/// Something that exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Object<'a> {
    Container(&'a ContainerId),
    Network(&'a NetworkId),
    Volume(&'a VolumeName),
    Exec(&'a ExecId),
    Image(&'a ImageId),
    Tag(&'a TenantTag),
    /// All that a tenant has of one kind.
    AllOf(&'a TenantId),
}

type Check<'c> = dyn FnMut(Object<'_>) -> Result<(), Denial> + 'c;

/// Hands out each object that the call names, up to the first that is refused.
pub(crate) fn check_each(call: &TenantCall, check: &mut Check<'_>) -> Result<(), Denial> {
    match call {
        TenantCall::ListContainers { tenant, .. }
        | TenantCall::ListImages { tenant }
        | TenantCall::ListVolumes { tenant }
        | TenantCall::ListNetworks { tenant } => check(Object::AllOf(tenant)),
        TenantCall::CreateContainer { container, .. } => check_container(container, check),
        TenantCall::Container { container, .. }
        | TenantCall::RenameContainer { container, .. }
        | TenantCall::CreateExec { container, .. }
        | TenantCall::Commit { container, .. } => check(Object::Container(container)),
        TenantCall::Exec { exec, .. } => check(Object::Exec(exec)),
        TenantCall::SaveImages { images } => images.iter().try_for_each(|image| check(Object::Image(image))),
        TenantCall::Image { image, .. }
        | TenantCall::TagImage { image, .. }
        | TenantCall::TagForPush { image, .. } => check(Object::Image(image)),
        TenantCall::RemoveTag { tag } => check(Object::Tag(tag)),
        TenantCall::Volume { volume, .. } => check(Object::Volume(volume)),
        TenantCall::Network { network, .. } => check(Object::Network(network)),
        TenantCall::Connect { network, container, .. }
        | TenantCall::Disconnect { network, container, .. } => {
            check(Object::Network(network))?;
            check(Object::Container(container))
        }
        // These name references at registries, or what is yet to be made.
        TenantCall::InspectDistribution { .. }
        | TenantCall::Pull { .. }
        | TenantCall::LoadImages { .. }
        | TenantCall::RemoveDigest { .. }
        | TenantCall::Push { .. }
        | TenantCall::UntagAfterPush { .. }
        | TenantCall::RestoreAfterPush { .. }
        | TenantCall::CheckCredentials(_)
        | TenantCall::CreateVolume(_)
        | TenantCall::CreateNetwork(_) => Ok(()),
    }
}

fn check_container(container: &TenantContainer, check: &mut Check<'_>) -> Result<(), Denial> {
    check(Object::Image(&container.image))?;
    match &container.network {
        NetworkMode::Default | NetworkMode::None => {}
        NetworkMode::Network(network) => check(Object::Network(network))?,
        NetworkMode::Container(id) => check(Object::Container(id))?,
    }
    container.endpoints.iter().try_for_each(|(network, _)| check(Object::Network(network)))?;
    container.volumes_from.iter().try_for_each(|from| check(Object::Container(&from.container)))?;
    match &container.ipc {
        IpcMode::Private | IpcMode::Shareable | IpcMode::None => {}
        IpcMode::Container(id) => check(Object::Container(id))?,
    }
    match &container.pid {
        SharedWith::Own => {}
        SharedWith::Container(id) => check(Object::Container(id))?,
    }
    container.mounts.iter().try_for_each(|mount| match &mount.kind {
        MountKind::Volume { volume, .. } => check(Object::Volume(volume)),
        MountKind::AnonymousVolume { .. }
        | MountKind::Host { .. }
        | MountKind::PodDirectory(_)
        | MountKind::Pinned { .. }
        | MountKind::GatewaySocket { .. }
        | MountKind::Tmpfs { .. } => Ok(()),
    })
}

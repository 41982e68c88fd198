//! What was observed about the tenant whose call is judged.

use crate::{Owned, Usage, VisibleImage};
use std::collections::BTreeSet;
use wharf_model::{ContainerId, ExecId, ImageId, NamedImage, NetworkId, Protocol, VolumeName};
use wharf_wire::tenant::{PortBinding, Resources};

/// What `decide` needs to know of a tenant. What is not in here is not the tenant's.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TenantFacts {
    /// Containers that the call names.
    pub containers: Vec<Owned<ContainerId>>,
    /// Networks that the call names.
    pub networks: Vec<Owned<NetworkId>>,
    /// Volumes that the call names.
    pub volumes: Vec<Owned<VolumeName>>,
    /// Execs that the call names.
    pub execs: Vec<Owned<ExecId>>,
    /// Images that the call names.
    pub images: Vec<VisibleImage>,
    /// What counts now, without the container that the call is about.
    pub usage: Usage,
    /// What the container that a start, a restart or an update is about may use, as it stands now. What is not said
    /// is taken for "no limit", and refused.
    pub asking: Resources,
    /// Places at which directories of the user's were mounted for this very call.
    pub places: Vec<String>,
    /// Host paths that the tenant's containers mount now.
    pub mounted_paths: Vec<String>,
    /// The tenant's own socket, as a file of the host's.
    pub gateway_socket: Option<String>,
    /// What had a name before this tenant's push borrowed it: it may have it again.
    pub borrowed: Option<(ImageId, NamedImage)>,
    /// Ports that other containers of the tenant hold; see [`Self::taken_ports`].
    pub published: Vec<PortBinding>,
}

impl TenantFacts {
    /// Ports of the host that [`crate::complete`] must not choose. They are no reason to refuse one that was asked
    /// for: the engine lets two containers name a port as long as only one runs, and compose replaces containers so.
    pub fn taken_ports(&self) -> BTreeSet<(Protocol, u16)> {
        let fixed = |binding: &PortBinding| Some((binding.container.protocol, binding.port?.number()));
        self.published.iter().filter_map(fixed).collect()
    }

    pub(crate) fn container(&self, id: &ContainerId) -> Option<&Owned<ContainerId>> {
        self.containers.iter().find(|owned| owned.id() == id)
    }

    pub(crate) fn network(&self, id: &NetworkId) -> Option<&Owned<NetworkId>> {
        self.networks.iter().find(|owned| owned.id() == id)
    }

    pub(crate) fn volume(&self, name: &VolumeName) -> Option<&Owned<VolumeName>> {
        self.volumes.iter().find(|owned| owned.id() == name)
    }

    pub(crate) fn exec(&self, id: &ExecId) -> Option<&Owned<ExecId>> {
        self.execs.iter().find(|owned| owned.id() == id)
    }

    /// Proofs of one image may differ: one tenant's tag, and a shared one.
    pub(crate) fn images_of<'a>(&'a self, id: &'a ImageId) -> impl Iterator<Item = &'a VisibleImage> {
        self.images.iter().filter(move |image| image.id() == id)
    }
}

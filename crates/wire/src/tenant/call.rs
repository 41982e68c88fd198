//! What a tenant's request becomes: the part of [`crate::Call`] that the gateway sends. Every name in it is a full id, or
//! the engine's name of something of that tenant's own.

use crate::RegistryCredentials;
use crate::tenant::{
    CommitSpec, ContainerAct, ContainerFilters, Endpoint, ExecAct, ImageAct, NetworkAct, Owner,
    TenantContainer, TenantExec, TenantNetwork, TenantTag, TenantVolume, VolumeAct,
};
use wharf_model::{ContainerId, ExecId, ImageId, NamedImage, NetworkId, TenantId, TenantObject, VolumeName};

/// One request on a tenant's behalf.
#[derive(Debug, Clone, PartialEq)]
pub enum TenantCall {
    /// The tenant's containers, those that the filters fit.
    ListContainers {
        /// Whose.
        tenant: TenantId,
        /// Those that do not run, too.
        all: bool,
        /// With the sizes of their file systems.
        size: bool,
        /// What else must fit.
        filters: ContainerFilters,
    },
    /// Makes a container.
    CreateContainer {
        /// What of.
        container: Box<TenantContainer>,
        /// `linux/amd64`; `None` is the engine's.
        platform: Option<String>,
    },
    /// Does something with a container.
    Container {
        /// Which.
        container: ContainerId,
        /// What.
        act: ContainerAct,
    },
    /// Gives a container another name.
    RenameContainer {
        /// Which.
        container: ContainerId,
        /// Which name.
        name: TenantObject,
    },
    /// Makes an exec.
    CreateExec {
        /// Where.
        container: ContainerId,
        /// What.
        exec: TenantExec,
    },
    /// Does something with an exec.
    Exec {
        /// Which.
        exec: ExecId,
        /// What.
        act: ExecAct,
    },
    /// Makes an image of a container's changes; it gets its tag by [`Self::TagImage`].
    Commit {
        /// Of which container.
        container: ContainerId,
        /// How.
        commit: CommitSpec,
        /// Whose it becomes.
        owner: Owner,
    },
    /// The tenant's images: all that carry a tag of its own.
    ListImages {
        /// Whose.
        tenant: TenantId,
    },
    /// Asks a registry what a reference stands for at this moment.
    InspectDistribution {
        /// Which.
        image: NamedImage,
        /// With whose account.
        credentials: Option<RegistryCredentials>,
    },
    /// Pulls what has this digest. By digest and never by tag: tags on the engine are everyone's, and this one's owner
    /// might be another.
    Pull {
        /// The repository.
        image: NamedImage,
        /// `sha256:…`.
        digest: String,
        /// `linux/amd64`; `None` is the engine's.
        platform: Option<String>,
        /// With whose account.
        credentials: Option<RegistryCredentials>,
    },
    /// Loads an archive, whose names were rewritten to the tenant's tags on the way.
    LoadImages {
        /// Without progress.
        quiet: bool,
        /// Whose they become.
        tenant: TenantId,
    },
    /// Saves images; their names are rewritten on the way.
    SaveImages {
        /// Which; at least one.
        images: Vec<ImageId>,
    },
    /// Reads an image.
    Image {
        /// Which.
        image: ImageId,
        /// What.
        act: ImageAct,
    },
    /// Gives an image a tenant's tag.
    TagImage {
        /// Which.
        image: ImageId,
        /// The tag.
        tag: TenantTag,
    },
    /// Takes a tenant's tag away, and with the last one the image.
    RemoveTag {
        /// The tag.
        tag: TenantTag,
    },
    /// Takes away what a pull by digest left beside the tenant's tag, when nobody else has it.
    RemoveDigest {
        /// The repository.
        image: NamedImage,
        /// `sha256:…`.
        digest: String,
    },
    /// For a push, which the engine does from the registry's own name alone: gives an image that name.
    TagForPush {
        /// Which.
        image: ImageId,
        /// The name.
        to: NamedImage,
    },
    /// Pushes.
    Push {
        /// Repository and tag.
        image: NamedImage,
        /// With whose account.
        credentials: Option<RegistryCredentials>,
    },
    /// After a push: takes the name away again.
    UntagAfterPush {
        /// The name.
        image: NamedImage,
    },
    /// After a push: gives the name back to the image that had it.
    RestoreAfterPush {
        /// Which had it.
        image: ImageId,
        /// The name.
        to: NamedImage,
    },
    /// Has the engine try an account at a registry.
    CheckCredentials(RegistryCredentials),
    /// The tenant's volumes.
    ListVolumes {
        /// Whose.
        tenant: TenantId,
    },
    /// Makes a volume.
    CreateVolume(TenantVolume),
    /// Does something with a volume.
    Volume {
        /// Which.
        volume: VolumeName,
        /// What.
        act: VolumeAct,
    },
    /// The tenant's networks.
    ListNetworks {
        /// Whose.
        tenant: TenantId,
    },
    /// Makes a network.
    CreateNetwork(TenantNetwork),
    /// Does something with a network.
    Network {
        /// Which.
        network: NetworkId,
        /// What.
        act: NetworkAct,
    },
    /// Puts a container on a network.
    Connect {
        /// Which network.
        network: NetworkId,
        /// Which container.
        container: ContainerId,
        /// Its place there.
        endpoint: Endpoint,
    },
    /// Takes a container from a network.
    Disconnect {
        /// Which network.
        network: NetworkId,
        /// Which container.
        container: ContainerId,
        /// Though it runs.
        force: bool,
    },
}

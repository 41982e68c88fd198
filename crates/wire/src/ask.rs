//! What a client asks, in its own words: one HTTP request read strictly into a closed vocabulary. Names are as the
//! client wrote them; they are resolved to full ids before anything is decided.
//!
//! Reading is in two steps, because some bodies are streams: [`route`] looks at method and target and says what body
//! to expect, [`Route::read`] makes the [`Ask`]. Unknown routes, parameters and fields are refusals, never passed over.

mod account;
mod container;
mod create;
mod endpoint;
mod exec;
mod field;
mod fields;
mod filters;
mod host;
mod image;
mod json;
mod mounts;
mod network;
mod object;
mod ports;
mod ps;
mod query;
mod reading;
mod refusal;
mod resources;
mod route;
mod system;
mod table;
mod target;
mod vocabulary;
mod volume;

pub use create::other_runtime;
pub use field::{Denied, Standing};
pub use refusal::{Forbidden, Refusal};
pub use route::{BodyKind, Head, Route, route};
pub use vocabulary::{Part, Row, field_standing, route_standing, vocabulary};

use crate::RegistryCredentials;
use crate::tenant::{
    AttachSpec, CommitSpec, ContainerAct, ContainerFilters, ContainerWish, Endpoint, ExecAct, ImageAct,
    NetworkAct, NetworkWish, TenantExec, VolumeAct, VolumeWish,
};
use std::collections::BTreeMap;
use wharf_model::{ExecId, NamedImage, ObjectName};

/// One request of a client. Containers, images, networks and volumes are named by `String`s: a name, an id, or the
/// beginning of one, whichever the client wrote.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// `GET` or `HEAD /_ping`.
    Ping,
    /// `GET /version`.
    Version,
    /// `GET /info`.
    Info,
    /// `GET /system/df`.
    DiskUsage(DiskUsageAsk),
    /// `GET /events`.
    Events(EventsAsk),
    /// `POST /build/prune`.
    PruneBuildCache,
    /// `POST /auth`.
    CheckCredentials(RegistryCredentials),
    /// `GET /containers/json`.
    ListContainers(ListContainers),
    /// `POST /containers/create`.
    CreateContainer {
        /// `None` lets us choose one.
        name: Option<ObjectName>,
        /// `linux/amd64`; `None` is the engine's.
        platform: Option<String>,
        /// What of.
        wish: Box<ContainerWish>,
    },
    /// `POST /containers/prune`.
    PruneContainers(PruneFilters),
    /// Anything about one container that names nothing else.
    Container {
        /// Which.
        container: String,
        /// What.
        act: ContainerAct,
    },
    /// `POST /containers/{id}/rename`.
    RenameContainer {
        /// Which.
        container: String,
        /// To what.
        name: ObjectName,
    },
    /// `POST /containers/{id}/exec`.
    CreateExec {
        /// Where.
        container: String,
        /// What.
        exec: TenantExec,
    },
    /// Anything about one exec.
    Exec {
        /// Execs have full ids only.
        exec: ExecId,
        /// What.
        act: ExecAct,
    },
    /// `POST /commit`.
    Commit {
        /// Which container.
        container: String,
        /// To what; without one the image has no name.
        to: Option<NamedImage>,
        /// How.
        commit: CommitSpec,
    },
    /// `GET /images/json`.
    ListImages(ListImages),
    /// `POST /images/create?fromImage=`.
    PullImage {
        /// What.
        image: NamedImage,
        /// `linux/amd64`; `None` is the engine's.
        platform: Option<String>,
        /// With the client's own account.
        credentials: Option<RegistryCredentials>,
    },
    /// `POST /images/load`; the archive is the request's stream.
    LoadImages {
        /// Without progress.
        quiet: bool,
    },
    /// `GET /images/get`, `GET /images/{name}/get`.
    SaveImages {
        /// Which; at least one.
        images: Vec<String>,
    },
    /// Reads of one image.
    Image {
        /// Which.
        image: String,
        /// What.
        act: ImageAct,
    },
    /// `POST /images/{name}/tag`.
    TagImage {
        /// Which.
        image: String,
        /// The new name.
        to: NamedImage,
    },
    /// `POST /images/{name}/push`.
    PushImage {
        /// Repository and tag.
        image: NamedImage,
        /// With the client's own account.
        credentials: Option<RegistryCredentials>,
    },
    /// `DELETE /images/{name}`.
    RemoveImage {
        /// Which.
        image: String,
        /// Though stopped containers use it.
        force: bool,
    },
    /// `POST /images/prune`.
    PruneImages {
        /// Only those without a name (the engine's default).
        dangling: bool,
        /// Which.
        filters: PruneFilters,
    },
    /// `GET /distribution/{name}/json`.
    Distribution {
        /// What.
        image: NamedImage,
        /// With the client's own account.
        credentials: Option<RegistryCredentials>,
    },
    /// `GET /volumes`.
    ListVolumes(ListVolumes),
    /// `POST /volumes/create`.
    CreateVolume(VolumeWish),
    /// Anything about one volume.
    Volume {
        /// Which.
        volume: String,
        /// What.
        act: VolumeAct,
    },
    /// `POST /volumes/prune`.
    PruneVolumes {
        /// Named ones, too; the engine's default before API 1.42.
        all: bool,
        /// Which.
        filters: PruneFilters,
    },
    /// `GET /networks`.
    ListNetworks(ListNetworks),
    /// `POST /networks/create`.
    CreateNetwork(NetworkWish),
    /// Anything about one network.
    Network {
        /// Which.
        network: String,
        /// What.
        act: NetworkAct,
    },
    /// `POST /networks/{id}/connect`.
    Connect {
        /// Which network.
        network: String,
        /// Which container.
        container: String,
        /// Its place there.
        endpoint: Endpoint,
    },
    /// `POST /networks/{id}/disconnect`.
    Disconnect {
        /// Which network.
        network: String,
        /// Which container.
        container: String,
        /// Though it runs.
        force: bool,
    },
    /// `POST /networks/prune`.
    PruneNetworks(PruneFilters),
}

/// `GET /containers/json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListContainers {
    /// Those that do not run, too.
    pub all: bool,
    /// The newest so many, running or not.
    pub limit: Option<u32>,
    /// With the sizes of their file systems.
    pub size: bool,
    /// What the engine evaluates.
    pub filters: ContainerFilters,
    /// What we evaluate over the tenant's names.
    pub named: NamedFilters,
}

/// Filters of containers that name objects; within one kind any may fit, every kind must.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedFilters {
    /// Beginnings of ids.
    pub id: Vec<String>,
    /// Regular expressions in Go's syntax over names.
    pub name: Vec<String>,
    /// Images.
    pub ancestor: Vec<String>,
    /// Networks.
    pub network: Vec<String>,
    /// Volumes or targets.
    pub volume: Vec<String>,
    /// Made before this container.
    pub before: Option<String>,
    /// Made after this container.
    pub since: Option<String>,
}

/// `GET /images/json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the engine's")]
pub struct ListImages {
    /// Intermediate ones, too.
    pub all: bool,
    /// With digests.
    pub digests: bool,
    /// With how many containers share layers (API 1.43).
    pub shared_size: bool,
    /// With manifests (API 1.47).
    pub manifests: bool,
    /// Patterns over the tenant's references.
    pub reference: Vec<String>,
    /// Only those without, or with, a name.
    pub dangling: Option<bool>,
    /// `name` or `name=value`; all must fit.
    pub label: Vec<String>,
    /// Made before this image.
    pub before: Option<String>,
    /// Made after this image.
    pub since: Option<String>,
    /// Made before this time.
    pub until: Option<String>,
}

/// `GET /volumes`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListVolumes {
    /// Parts of names; any may fit.
    pub name: Vec<String>,
    /// `name` or `name=value`; all must fit.
    pub label: Vec<String>,
    /// Drivers; any may fit.
    pub driver: Vec<String>,
    /// Only those in no, or in some, container's use.
    pub dangling: Option<bool>,
}

/// `GET /networks`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListNetworks {
    /// Parts of names; any may fit.
    pub name: Vec<String>,
    /// Beginnings of ids; any may fit.
    pub id: Vec<String>,
    /// `name` or `name=value`; all must fit.
    pub label: Vec<String>,
    /// Drivers; any may fit.
    pub driver: Vec<String>,
    /// `local`, `swarm`, `global`.
    pub scope: Vec<String>,
    /// `custom`, `builtin`.
    pub kind: Vec<String>,
    /// Only those in no, or in some, container's use.
    pub dangling: Option<bool>,
}

/// What a prune may be narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PruneFilters {
    /// Older than this: a time or a duration, as the client wrote it.
    pub until: Option<String>,
    /// `name` or `name=value`; all must fit.
    pub label: Vec<String>,
    /// `name` or `name=value`; none may fit.
    pub not_label: Vec<String>,
}

/// `GET /events`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventsAsk {
    /// From then on: seconds since 1970 with a fraction.
    pub since: Option<String>,
    /// Until then.
    pub until: Option<String>,
    /// By kind: `type`, `event`, `container`, `image`, `volume`, `network`, `label`, `scope`; as the client wrote them.
    pub filters: BTreeMap<String, Vec<String>>,
}

/// `GET /system/df`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiskUsageAsk {
    /// `container`, `image`, `volume`, `build-cache`; nothing is all.
    pub kinds: Vec<String>,
}

impl Ask {
    /// Whether the answer is, or may become, a two-way stream of bytes.
    pub fn hijacks(&self) -> bool {
        matches!(
            self,
            Self::Container { act: ContainerAct::Attach(AttachSpec { .. }), .. }
                | Self::Exec { act: ExecAct::Start { detach: false, .. }, .. }
        )
    }
}

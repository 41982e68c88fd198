//! The Docker Engine API as a closed vocabulary: calls that change or stream, queries that observe, and their bytes.
//!
//! What cannot be said here cannot be sent: there is no field for privileged mode, host namespaces, devices, added
//! capabilities or security options. No file, socket, process, clock or environment is touched, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answer;
mod api_version;
pub mod ask;
mod call;
mod container_spec;
mod encode;
mod error;
mod pause;
mod query;
mod request;
mod secret_bind;
mod sizes;
pub mod tenant;
mod verbatim;
pub mod workstation;

pub use answer::{
    Component, ContainerDetails, ContainerState, ContainerSummary, EngineInfo, EngineVersion, ExecDetails,
    GatewayInfo, Health, ImageDetails, ImageSummary, IpamSubnet, MountPoint, NetworkDetails, PublishedPort,
    StateDetails, VolumeDetails, VolumeList,
};
pub use api_version::ApiVersion;
pub use call::{Call, Credentials, ExecSpec, LogsSpec, RegistryCredentials, TerminalSize};
pub use container_spec::{
    Bind, BindSource, ContainerSpec, ExtraHost, HealthcheckSpec, MacAddress, MemberPlace, NetworkChoice,
    Place, PublishSpec, RestartPolicy, RootPlace, Settings, TmpfsMount, UlimitSpec,
};
pub use encode::container_body;
pub use error::{AnswerError, engine_message};
pub use pause::{Architecture, PAUSE_IMAGE_NAME, pause_archive, pause_image_reference};
pub use query::{
    AllImages, AllNetworks, ContainerById, ContainerNamed, ContainersNamedFor, DiskUsage, ExecById,
    ImageByPrefix, ImageByReference, ImagesByReference, Info, InfoDocument, NetworkById, NetworkByName,
    PodContainers, Query, TenantContainers, TenantVolumes, Version, VersionDocument, VolumeNamed, WhoAmI,
};
pub use request::{Body, Method, Request};
pub use secret_bind::{MOST_SECRETS, SECRETS_TARGET, SecretBind, SecretFile, below_place};
pub use sizes::{
    ContainerSize, HistoryStep, ImageHistory, ImageLayers, ImageNames, LayersOfImage, NamesOfImage, RootFs,
    TenantContainerSizes, VolumeSize, VolumeSizeList, VolumeSizes, VolumeUsage,
};
pub use verbatim::Verbatim;

//! What a tenant may have said to the engine: payloads whose every field is known, the same in an [`crate::Ask`] (names
//! as the client wrote them) and in a [`crate::Call`] (full ids).
//!
//! There is no field for privileged mode, host namespaces, devices, other runtimes, annotations or security options:
//! what cannot be said here cannot be sent.

mod acts;
mod call;
mod container;
mod encode;
mod image;
mod network;
mod owner;
mod process;
mod resources;
mod volume;

pub use acts::{
    AttachSpec, ContainerAct, ContainerFilters, ExecAct, ImageAct, NetworkAct, TenantExec, TenantLogs,
    VolumeAct, WaitCondition,
};
pub use call::TenantCall;
pub use container::{
    ContainerWish, Endpoint, HostSettings, IpcMode, LogDriver, LogSettings, MountKind, MountSpec,
    NetworkMode, PodDirectory, PortBinding, SharedWith, TenantContainer, VolumesFrom,
};
pub use image::{CommitSpec, SavedName, TenantTag, TenantTagError};
pub use network::{IpamPool, NetworkWish, TenantNetwork};
pub use owner::{ASKED_LABEL, GENERATION_LABEL, OWNER_LABELS, Owner, TENANT_LABEL, USER_LABEL};
pub use process::{Healthcheck, Process};
pub use resources::{Resources, RestartChoice, Ulimit};
pub use volume::{TenantVolume, VolumeWish};

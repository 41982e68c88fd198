//! Nouns valid by construction: whoever holds one of these values need not check it again.
//!
//! No file, socket, process, clock or environment is touched here, and nothing panics.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod byte_size;
mod client_name;
mod container_root;
mod cpus;
mod engine_name;
mod fingerprint;
mod ids;
mod image_pattern;
mod image_ref;
mod listen_address;
mod mount_grant;
mod names;
mod paths;
mod pod_pattern;
mod port;
mod port_grant;
mod secret;
mod signal;
mod subnet;
mod tenant_grant;
mod tenant_limits;
mod tenant_name;
mod user;
mod volume_name;
mod wildcard;
mod workstation_name;

pub use byte_size::{ByteSize, ByteSizeError};
pub use client_name::{ClientName, ClientNameError};
pub use container_root::ContainerRoot;
pub use cpus::nano_cpus;
pub use engine_name::EngineName;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use ids::{ContainerId, ExecId, IdError, ImageId, NetworkId};
pub use image_pattern::{ImagePattern, ImagePatternError};
pub use image_ref::{ImageRef, ImageRefError, NamedImage};
pub use listen_address::{ListenAddress, ListenAddressError};
pub use mount_grant::{MountGrant, MountGrantError, MountGrantPath};
pub use names::{ContainerName, EnvName, EnvNameError, NameError, PodName};
pub use paths::{MountSource, MountSourceError, TargetPath, TargetPathError};
pub use pod_pattern::{PodPattern, PodPatternError};
pub use port::{ContainerPort, Port, PortError, Protocol};
pub use port_grant::{PortGrant, PortGrantError};
pub use secret::{SecretGeneration, SecretName, SecretNameError, SecretOwner, SecretOwnerError};
pub use signal::{Signal, SignalError};
pub use subnet::{Subnet, SubnetError};
pub use tenant_grant::{ImageGrant, NetworkGrant, TenantGrant};
pub use tenant_limits::{PerContainer, TenantLimits};
pub use tenant_name::{
    Generation, ObjectName, ObjectNameError, TenantId, TenantName, TenantNameError, TenantObject,
};
pub use user::{User, UserError};
pub use volume_name::{AnonymousVolume, VolumeName};
pub use workstation_name::{WorkstationContainer, WorkstationName, WorkstationNameError, WorkstationRole};

/// Gives a validated string type its common traits: show, compare, serialise as its text,
/// and parse with `TryFrom<String>`.
macro_rules! text_noun {
    ($name:ident, $error:ty, $check:expr) => {
        impl $name {
            /// The text, exactly as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                let check: fn(&str) -> Result<(), $error> = $check;
                check(&text)?;
                Ok(Self(text))
            }
        }
        impl std::str::FromStr for $name {
            type Err = $error;
            fn from_str(text: &str) -> Result<Self, $error> {
                Self::try_from(text.to_owned())
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use text_noun;

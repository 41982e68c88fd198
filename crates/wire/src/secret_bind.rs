//! A container's secrets, as far as they may be said: names, generations and whose the files are; never a value.

use serde::Serialize;
use wharf_model::{ContainerName, PodName, SecretGeneration, SecretName, SecretOwner};

/// Where containers find their secrets.
pub const SECRETS_TARGET: &str = "/run/secrets";

/// How many secrets a container uses at most: as many as a sealed file has.
pub const MOST_SECRETS: usize = 200;

/// The directory that one container alone is given at [`SECRETS_TARGET`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SecretBind {
    /// The host's place for secrets, which is memory.
    pub place: String,
    /// Whose they are.
    pub owner: SecretOwner,
    /// The pod.
    pub pod: PodName,
    /// The container.
    pub container: ContainerName,
    /// What lies in it, by file; no two have one name.
    pub files: Vec<SecretFile>,
}

/// One secret as a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SecretFile {
    /// The file's name.
    pub file: SecretName,
    /// The secret.
    pub name: SecretName,
    /// Which of its values. No part of what a container is known by: a new value is a new file, not a new container.
    #[serde(skip)]
    pub generation: SecretGeneration,
    /// Permissions.
    pub mode: u32,
    /// Its owner, as the container counts users.
    pub user: u32,
    /// Its group, as the container counts groups.
    pub group: u32,
}

impl SecretBind {
    /// The directory on the host.
    pub fn path(&self) -> String {
        format!("{}/{}", self.place.trim_end_matches('/'), self.below())
    }

    /// The directory below the place: `machine/<pod>/<container>` or `tenants/<tenant>/<pod>/<container>`.
    pub fn below(&self) -> String {
        format!("{}/{}", below_place(&self.owner, &self.pod), self.container)
    }
}

/// Where a pod's containers have theirs, below the place.
pub fn below_place(owner: &SecretOwner, pod: &PodName) -> String {
    match owner {
        SecretOwner::Machine => format!("machine/{pod}"),
        SecretOwner::Tenant(tenant) => format!("tenants/{tenant}/{pod}"),
    }
}

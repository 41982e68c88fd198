//! How much a tenant may use.

use crate::ByteSize;
use serde::Serialize;

/// The ceilings on what all of a tenant's objects use together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantLimits {
    /// CPU time of all containers, in billionths of a CPU: held by their control group. No single one may have more.
    pub nano_cpus: u64,
    /// Memory and swap of all containers.
    pub memory: ByteSize,
    /// Processes and threads of all containers.
    pub pids: u32,
    /// Containers, running or not.
    pub containers: u32,
    /// Networks, the default one not counted.
    pub networks: u32,
    /// Volumes, anonymous ones included.
    pub volumes: u32,
    /// Layers, volumes, images and logs.
    pub disk: ByteSize,
    /// What a container gets that asks for nothing.
    pub per_container: PerContainer,
}

/// What a container of a tenant gets that does not say what it wants. None is above the tenant's own ceiling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PerContainer {
    /// CPU time, in billionths of a CPU.
    pub nano_cpus: u64,
    /// Memory and swap.
    pub memory: ByteSize,
    /// Processes and threads.
    pub pids: u32,
}

impl Default for TenantLimits {
    fn default() -> Self {
        Self {
            nano_cpus: 2_000_000_000,
            memory: ByteSize::mebibytes(4 << 10),
            pids: 2048,
            containers: 20,
            networks: 5,
            volumes: 20,
            disk: ByteSize::mebibytes(20 << 10),
            per_container: PerContainer::default(),
        }
    }
}

impl Default for PerContainer {
    fn default() -> Self {
        Self { nano_cpus: 1_000_000_000, memory: ByteSize::mebibytes(512), pids: 256 }
    }
}

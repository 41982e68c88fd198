//! What a tenant's objects use together.

/// What counts now, *without* the object that the call is about.
///
/// Memory and processes count for containers that run, are paused or are restarting, and for those that the engine would
/// start again by itself, by their restart policy: `always`, `unless-stopped` and `on-failure`. Those count when they were
/// stopped by hand or never started, too: an engine does not say of a container that somebody stopped it. CPU time is the
/// kernel's to hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Bytes: of each container the larger of its memory and its memory with swap.
    pub memory: u64,
    /// Processes and threads.
    pub pids: u64,
    /// Containers, running or not.
    pub containers: u32,
    /// Networks, the tenant's default one (`bridge`) not counted.
    pub networks: u32,
    /// Volumes, anonymous ones included.
    pub volumes: u32,
    /// Bytes of layers, volumes, images and logs, as measured last.
    pub disk: u64,
}

//! What a container may use: judged against the grant, and completed by it.

/// Limits, in the engine's units. `None` is "not said", and the policy puts the grant's default there: an engine's
/// zero means "no limit", and can be said here for nothing that the grant limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources {
    /// Bytes.
    pub memory: Option<u64>,
    /// Bytes of memory and swap together.
    pub memory_swap: Option<u64>,
    /// Bytes, a soft limit.
    pub memory_reservation: Option<u64>,
    /// 0 to 100.
    pub memory_swappiness: Option<u8>,
    /// Billionths of a CPU. A quota with its period is said so, too: `quota * 10^9 / period`.
    pub nano_cpus: Option<u64>,
    /// Relative weight, 2 to 262144.
    pub cpu_shares: Option<u32>,
    /// Such as `0-1`.
    pub cpuset_cpus: Option<String>,
    /// Such as `0`.
    pub cpuset_mems: Option<String>,
    /// 10 to 1000.
    pub blkio_weight: Option<u16>,
    /// Processes.
    pub pids: Option<u32>,
    /// Sorted by name.
    pub ulimits: Vec<Ulimit>,
    /// 0 to 1000: never below, or the host's own processes are killed in a container's place.
    pub oom_score_adj: Option<u16>,
}

/// A resource limit; -1 is unlimited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ulimit {
    /// The engine's name for it, such as `nofile`.
    pub name: String,
    /// At most `hard`.
    pub soft: i64,
    /// The ceiling.
    pub hard: i64,
}

/// What the engine does when a container ends, as the client says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RestartChoice {
    /// Never.
    #[default]
    No,
    /// Whenever it is not running.
    Always,
    /// As `Always`, unless somebody stopped it.
    UnlessStopped,
    /// When it exits with a failure; at most this often, 0 for ever.
    OnFailure(u32),
}

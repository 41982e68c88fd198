//! The engines that wharf is tried on.

/// A version of Docker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// 20.10, the oldest that wharf supports: API 1.41, on bookworm's containerd.
    Docker20,
    /// 28.5: API 1.51.
    Docker28,
}

impl EngineKind {
    /// Every one, oldest first.
    pub const ALL: [Self; 2] = [Self::Docker20, Self::Docker28];

    /// Its short name: `20.10` or `28.5`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker20 => "20.10",
            Self::Docker28 => "28.5",
        }
    }

    /// The one of that short name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

//! Who is asking.

use std::fmt;
use wharf_model::PodName;

/// Who is asking, once authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Whoever decides for this machine (or holds the engine's socket anyway).
    Administrator,
    /// Somebody whom sudo lets manage this one pod.
    Pod(PodName),
}

impl Actor {
    /// Whether the actor has any say in this pod.
    pub fn may_manage(&self, pod: &PodName) -> bool {
        match self {
            Self::Administrator => true,
            Self::Pod(own) => own == pod,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administrator => f.write_str("administrator"),
            Self::Pod(pod) => write!(f, "pod {pod}"),
        }
    }
}

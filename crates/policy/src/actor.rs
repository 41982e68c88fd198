//! Who is asking.

use std::fmt;
use wharf_model::{PodName, TenantId};

/// Who is asking, once authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Whoever decides for this machine (or holds the engine's socket anyway).
    Administrator,
    /// Somebody whom sudo lets manage this one pod.
    Pod(PodName),
    /// Somebody who came through the gateway.
    Tenant(TenantActor),
}

/// An account of this machine that acts for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantActor {
    /// The tenant, and which of that name.
    pub tenant: TenantId,
    /// The account.
    pub user: String,
}

impl Actor {
    /// Whether the actor has any say in this pod of the machine's own. A tenant has none: its pods are its own
    /// containers, and reach the engine through the gateway.
    pub fn may_manage(&self, pod: &PodName) -> bool {
        match self {
            Self::Administrator => true,
            Self::Pod(own) => own == pod,
            Self::Tenant(_) => false,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administrator => f.write_str("administrator"),
            Self::Pod(pod) => write!(f, "pod {pod}"),
            Self::Tenant(TenantActor { tenant, user }) => write!(f, "tenant {} (user {user})", tenant.name),
        }
    }
}

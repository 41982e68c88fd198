//! A tenant as the administrator knows it now.

use std::collections::BTreeSet;
use wharf_model::{Generation, TenantGrant, TenantId};

/// Which of a name's tenants is meant today, and what it is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantStanding {
    /// Which of that name.
    pub generation: Generation,
    /// Earlier tenants of that name whose objects were given to this one.
    pub adopted: BTreeSet<Generation>,
    /// What it is allowed.
    pub grant: TenantGrant,
}

impl TenantStanding {
    /// Whether what belongs to `owner` is this tenant's: of its own generation, or of one that it adopted. The
    /// standing was found by the tenant's name, so the caller has made sure that the name is `owner`'s.
    pub fn owns(&self, owner: &TenantId) -> bool {
        owner.generation == self.generation || self.adopted.contains(&owner.generation)
    }
}

//! What the gateway stands on at one moment: who is which tenant, and what each may do. Swapped whole, so that no
//! request is judged half by one configuration and half by another.

use std::collections::{BTreeMap, BTreeSet};
use wharf_model::{TenantId, TenantName, User};
use wharf_policy::{Grants, TenantStanding};

/// One configuration, in force.
#[derive(Debug, Default)]
pub struct Standing {
    /// What is allowed.
    pub grants: Grants,
    /// Whether containers of tenants that were removed are stopped.
    pub stop_removed: bool,
}

/// What an account is, by its name and its groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// A tenant's.
    Tenant(TenantId),
    /// No tenant's.
    Nobody,
    /// More than one tenant's, which is nobody's until the administrator says whose.
    Several(BTreeSet<TenantName>),
}

impl Standing {
    /// Which tenant acts through an account of this name; `is_in` says whether it is in a group.
    pub fn membership(&self, account: &str, is_in: &dyn Fn(&str) -> bool) -> Membership {
        let fits = |user: &User| match user {
            User::Account(name) => name == account,
            User::Group(group) => is_in(group),
        };
        let tenants: BTreeMap<&TenantName, &TenantStanding> = self
            .grants
            .tenants
            .iter()
            .filter(|(_, standing)| standing.grant.users.iter().any(fits))
            .map(|(name, standing)| (name, standing.as_ref()))
            .collect();
        match tenants.len() {
            0 => Membership::Nobody,
            1 => tenants.into_iter().next().map_or(Membership::Nobody, |(name, standing)| {
                Membership::Tenant(TenantId { name: name.clone(), generation: standing.generation })
            }),
            _ => Membership::Several(tenants.into_keys().cloned().collect()),
        }
    }

    /// Whose that is now which was this tenant's: its own, or of the tenant that adopted it.
    pub(crate) fn successor_of(&self, owner: &TenantId) -> Option<TenantId> {
        let standing = self.grants.tenants.get(&owner.name).filter(|standing| standing.owns(owner))?;
        Some(TenantId { name: owner.name.clone(), generation: standing.generation })
    }

    /// A tenant's standing, while it is the tenant of that name.
    pub fn of(&self, tenant: &TenantId) -> Option<&TenantStanding> {
        let standing = self.grants.tenants.get(&tenant.name)?;
        (standing.generation == tenant.generation).then_some(standing.as_ref())
    }
}

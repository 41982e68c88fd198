//! tenant: a call is made by a tenant that exists today.

use crate::{Denial, Facts, Grants, Rule, TenantActor, TenantFacts, TenantStanding};
use std::collections::BTreeMap;
use wharf_model::{ImageId, TenantGrant, TenantId};

/// Everything that the rules for tenants look at, once it is known that the tenant exists.
pub(crate) struct Case<'a> {
    pub(crate) tenant: &'a TenantId,
    pub(crate) user: &'a str,
    pub(crate) standing: &'a TenantStanding,
    pub(crate) facts: &'a TenantFacts,
    pub(crate) image_labels: &'a BTreeMap<ImageId, Vec<String>>,
    pub(crate) grants: &'a Grants,
}

impl<'a> Case<'a> {
    /// The standing is that of today: a tenant that was removed, and made again, is another.
    pub(crate) fn of(actor: &'a TenantActor, facts: &'a Facts, grants: &'a Grants) -> Result<Self, Denial> {
        let TenantActor { tenant, user } = actor;
        match grants.tenants.get(&tenant.name) {
            Some(standing) if standing.generation == tenant.generation => Ok(Self {
                tenant,
                user,
                standing,
                facts: &facts.tenant,
                image_labels: &facts.image_labels,
                grants,
            }),
            _ => Err(Denial::new(
                Rule::Tenant,
                format!("there is no tenant `{}` on this machine any more", tenant.name),
                "connect anew, or ask the administrator (`tenants`)",
            )),
        }
    }

    pub(crate) fn grant(&self) -> &'a TenantGrant {
        &self.standing.grant
    }

    /// Whether what belongs to `owner` is the tenant's.
    pub(crate) fn owns(&self, owner: &TenantId) -> bool {
        owner.name == self.tenant.name && self.standing.owns(owner)
    }

    /// Whom to ask for more of what the configuration's `key` grants.
    pub(crate) fn ask_for(&self, key: &str) -> String {
        format!("ask the administrator (`tenants.{}.{key}`)", self.tenant.name)
    }
}

//! Whose an object is: labels on the engine, and nothing beside them.

use std::collections::BTreeMap;
use wharf_model::{Generation, TenantId};

/// The tenant's name.
pub const TENANT_LABEL: &str = "wharf.tenant";
/// Which tenant of that name.
pub const GENERATION_LABEL: &str = "wharf.generation";
/// The account that asked.
pub const USER_LABEL: &str = "wharf.user";
/// What the tenant wrote, where ids were sent: shown back to it.
pub const ASKED_LABEL: &str = "wharf.asked";

/// Every label that says whose an object is. All of them are written on every object, so that none is inherited from
/// an image.
pub const OWNER_LABELS: [&str; 4] = [TENANT_LABEL, GENERATION_LABEL, USER_LABEL, ASKED_LABEL];

/// Whose an object is going to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The tenant.
    pub tenant: TenantId,
    /// The account that asks.
    pub user: String,
    /// What it wrote: a JSON document, empty where nothing needs remembering.
    pub asked: String,
}

impl Owner {
    /// The labels that say so.
    pub fn labels(&self) -> BTreeMap<String, String> {
        [
            (TENANT_LABEL, self.tenant.name.to_string()),
            (GENERATION_LABEL, self.tenant.generation.to_string()),
            (USER_LABEL, self.user.clone()),
            (ASKED_LABEL, self.asked.clone()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The tenant that an object's labels name; `None` when they name none.
    pub fn read(labels: &BTreeMap<String, String>) -> Option<TenantId> {
        let name = labels.get(TENANT_LABEL)?.parse().ok()?;
        let generation = Generation(labels.get(GENERATION_LABEL)?.parse().ok()?);
        Some(TenantId { name, generation })
    }
}

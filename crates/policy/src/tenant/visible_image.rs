//! Proofs that a tenant may see an image.

use crate::TenantStanding;
use wharf_model::{ImageId, ImagePattern, ImageRef, TenantId};
use wharf_wire::tenant::TenantTag;

/// An image that a tenant may see: it carries a tag of the tenant's own, or one that the administrator shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleImage {
    id: ImageId,
    seen_by: SeenBy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum SeenBy {
    /// The tenant whose tag it carries.
    Tenant(TenantId),
    /// Every tenant.
    Everyone,
}

impl VisibleImage {
    /// An image as the engine lists it, with every tag that it carries. Digests prove nothing: a pull by one tenant
    /// leaves them on the image for all to see.
    pub fn observed(
        id: ImageId,
        repo_tags: &[String],
        tenant: &TenantId,
        standing: &TenantStanding,
        shared: &[ImagePattern],
    ) -> Option<Self> {
        let own = |tag: &String| {
            let owner = TenantTag::from_engine(tag)?.tenant().clone();
            (owner.name == tenant.name && standing.owns(&owner)).then_some(owner)
        };
        if let Some(owner) = repo_tags.iter().find_map(own) {
            return Some(Self { id, seen_by: SeenBy::Tenant(owner) });
        }
        let is_shared = |tag: &String| match tag.parse() {
            Ok(ImageRef::Named(image)) => shared.iter().any(|pattern| pattern.matches(&image)),
            _ => false,
        };
        repo_tags.iter().any(is_shared).then_some(Self { id, seen_by: SeenBy::Everyone })
    }

    /// Its full id.
    pub fn id(&self) -> &ImageId {
        &self.id
    }

    /// Whose tag it carries; `None` when it is shared with all.
    pub(crate) fn owner(&self) -> Option<&TenantId> {
        match &self.seen_by {
            SeenBy::Tenant(tenant) => Some(tenant),
            SeenBy::Everyone => None,
        }
    }
}

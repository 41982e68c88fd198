//! ownership: what is not proved to be the tenant's is not there. The gateway answers these refusals as the engine
//! answers a name that nothing bears.

use super::case::Case;
use super::objects::Object;
use crate::{Denial, Rule, TenantFacts};
use wharf_model::TenantId;

const HINT: &str = "look for it in the tenant's own lists";

pub(crate) fn check(object: Object<'_>, case: &Case<'_>) -> Result<(), Denial> {
    let is_own = match object {
        // An image that is shared is everyone's to see.
        Object::Image(id) => {
            case.facts.images_of(id).any(|image| image.owner().is_none_or(|owner| case.owns(owner)))
        }
        other => owner_of(other, case.facts).is_some_and(|owner| case.owns(owner)),
    };
    if is_own { Ok(()) } else { Err(hidden(object)) }
}

/// Whether it is some tenant's at all.
pub(crate) fn check_anyones(object: Object<'_>, facts: &TenantFacts) -> Result<(), Denial> {
    let is_known = match object {
        Object::Image(id) => facts.images_of(id).next().is_some(),
        other => owner_of(other, facts).is_some(),
    };
    if is_known { Ok(()) } else { Err(hidden(object)) }
}

fn owner_of<'a>(object: Object<'a>, facts: &'a TenantFacts) -> Option<&'a TenantId> {
    match object {
        Object::Container(id) => facts.container(id).map(crate::Owned::tenant),
        Object::Network(id) => facts.network(id).map(crate::Owned::tenant),
        Object::Volume(name) => facts.volume(name).map(crate::Owned::tenant),
        Object::Exec(id) => facts.exec(id).map(crate::Owned::tenant),
        Object::Image(id) => facts.images_of(id).find_map(crate::VisibleImage::owner),
        Object::Tag(tag) => Some(tag.tenant()),
        Object::AllOf(tenant) => Some(tenant),
    }
}

fn hidden(object: Object<'_>) -> Denial {
    let what = match object {
        Object::Container(id) => format!("container: {id}"),
        Object::Network(id) => format!("network: {id}"),
        Object::Volume(volume) => format!("volume: {}", volume.shown()),
        Object::Exec(id) => format!("exec: {id}"),
        Object::Image(id) => format!("image: {id}"),
        Object::Tag(tag) => format!("image: {tag}"),
        Object::AllOf(tenant) => format!("tenant: {}", tenant.name),
    };
    Denial::new(Rule::Ownership, format!("no such {what}"), HINT)
}

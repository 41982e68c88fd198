//! registry: the host's registry accounts are lent to the pods that the host configuration names.

use crate::{Actor, Denial, Grants, Rule};
use wharf_model::NamedImage;
use wharf_wire::RegistryCredentials;

/// An account is told to its own registry alone.
pub(crate) fn check(
    actor: &Actor,
    image: &NamedImage,
    credentials: Option<&RegistryCredentials>,
    grants: &Grants,
) -> Result<(), Denial> {
    let Some(credentials) = credentials else {
        return Ok(());
    };
    if credentials.registry != image.domain() {
        let reason = format!("the account at `{}` is not for `{}`", credentials.registry, image.domain());
        return Err(Denial::new(Rule::Registry, reason, "an account is told to its own registry alone"));
    }
    let lent = match actor {
        Actor::Administrator => true,
        Actor::Pod(pod) => {
            grants.registries.get(&credentials.registry).is_some_and(|pods| pods.contains(pod))
        }
        Actor::Tenant(_) => false,
    };
    if lent || grants.own_credentials {
        return Ok(());
    }
    let reason = format!("the host's account at `{}` is not lent to this pod", credentials.registry);
    Err(Denial::new(Rule::Registry, reason, "ask the administrator (`registries`)"))
}

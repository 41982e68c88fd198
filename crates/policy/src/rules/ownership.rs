//! ownership: what wharf did not make for this pod, it does not touch.

use crate::{Denial, Facts, OwnedContainer, Rule};
use wharf_model::{ContainerId, EngineName, ExecId};

const HINT: &str = "look at it with `docker inspect`; remove or rename it yourself if it is in the way";

pub(crate) fn check_container<'a>(id: &ContainerId, facts: &'a Facts) -> Result<&'a OwnedContainer, Denial> {
    facts.owner_of(id).ok_or_else(|| {
        Denial::new(
            Rule::Ownership,
            format!("container {} is no pod's own, by label and name", id.short()),
            HINT,
        )
    })
}

pub(crate) fn check_exec<'a>(id: &ExecId, facts: &'a Facts) -> Result<&'a OwnedContainer, Denial> {
    facts
        .owner_of_exec(id)
        .ok_or_else(|| Denial::new(Rule::Ownership, "that exec does not run in a container of a pod", HINT))
}

/// A root container's name has no member part, and a member joins the namespaces of its own pod's root container.
pub(crate) fn check_place(
    name: &EngineName,
    joins: Option<&ContainerId>,
    facts: &Facts,
) -> Result<(), Denial> {
    let fits = match (joins, &name.member) {
        (None, None) => true,
        (Some(root), Some(_)) => {
            facts.owner_of(root).is_some_and(|owner| *owner.name() == EngineName::root(&name.pod))
        }
        (None, Some(_)) | (Some(_), None) => false,
    };
    if fits {
        return Ok(());
    }
    let reason = format!(
        "container `{name}` would join the namespaces of something that is not the pod's root container"
    );
    Err(Denial::new(
        Rule::Ownership,
        reason,
        "a member joins the root container of its own pod, and nothing else",
    ))
}

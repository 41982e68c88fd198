//! administrator: what is passed on as it was said, and judged by nobody, is the administrator's alone.

use crate::{Actor, Denial, Rule};

pub(crate) fn check(actor: &Actor) -> Result<(), Denial> {
    match actor {
        Actor::Administrator => Ok(()),
        Actor::Pod(_) | Actor::Tenant(_) => Err(Denial::new(
            Rule::Administrator,
            "only the administrator speaks to the engine in its own words",
            "use `wharf`, or the gateway's socket for tenants",
        )),
    }
}

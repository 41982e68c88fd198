//! network: a pod joins the network that the host configuration names.

use crate::{Denial, Facts, Grants, Rule};
use wharf_wire::NetworkChoice;

pub(crate) fn check(network: &NetworkChoice, facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    if facts.networks.get(&grants.network) == Some(network) {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Network,
        "the pod would join a network other than the one for pods",
        "ask the administrator (`network_name`)",
    ))
}

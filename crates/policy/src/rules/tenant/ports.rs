//! ports: a tenant publishes on the host's ports and addresses that it is granted, and says which.

use super::case::Case;
use crate::{Denial, Rule};
use wharf_wire::tenant::{HostSettings, PortBinding};

pub(crate) fn check(case: &Case<'_>, host: &HostSettings) -> Result<(), Denial> {
    if host.publish_all {
        return Err(unchosen(case));
    }
    host.published.iter().try_for_each(|binding| check_binding(case, binding))
}

fn check_binding(case: &Case<'_>, binding: &PortBinding) -> Result<(), Denial> {
    // The engine would choose any port that is free, another tenant's or the host's.
    let Some(port) = binding.port else { return Err(unchosen(case)) };
    let grants = &case.grant().ports;
    if grants.iter().any(|grant| grant.covers(binding.address, port.number())) {
        return Ok(());
    }
    let reason = match binding.address {
        Some(address) => format!("port {port} at {address} of the host is not granted"),
        None => format!("port {port} at every address of the host is not granted"),
    };
    let granted: Vec<String> = grants.iter().map(ToString::to_string).collect();
    let hint = match granted.as_slice() {
        [] => case.ask_for("ports"),
        some => format!("publish on {}, or {}", some.join(", "), case.ask_for("ports")),
    };
    Err(Denial::new(Rule::Ports, reason, hint))
}

fn unchosen(case: &Case<'_>) -> Denial {
    Denial::new(
        Rule::Ports,
        "a port of the host would be the engine's to choose",
        format!("name one, or {}", case.ask_for("ports")),
    )
}

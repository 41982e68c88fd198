//! ports: a fixed host port belongs to the pod that the whitelist names. Ephemeral ports are everyone's.

use crate::{Denial, Grants, Rule};
use wharf_model::PodName;
use wharf_wire::PublishSpec;

pub(crate) fn check(pod: &PodName, published: &[PublishSpec], grants: &Grants) -> Result<(), Denial> {
    let refused = |entry: &&PublishSpec| entry.host.is_some_and(|port| grants.ports.get(&port) != Some(pod));
    let Some(port) = published.iter().find(refused).and_then(|entry| entry.host) else {
        return Ok(());
    };
    let reason = format!("host port {port} is not this pod's to publish");
    let hint = format!(
        "publish to an ephemeral port (leave the host's port out), or ask the administrator (`port_whitelist: {{{port}: {pod}}}`)"
    );
    Err(Denial::new(Rule::Ports, reason, hint))
}

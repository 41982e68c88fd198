//! Ports: exposed ones, and those that the host answers on.

use crate::ask::object::Object;
use crate::ask::{Refusal, endpoint};
use crate::tenant::PortBinding;
use wharf_model::{ContainerPort, Port};

/// `PortBindings`: what is published, and what is merely exposed since its list is empty.
pub(crate) fn bindings(said: &mut Object) -> Result<(Vec<PortBinding>, Vec<ContainerPort>), Refusal> {
    let (mut published, mut exposed) = (Vec::new(), Vec::new());
    for (key, bindings) in said.list_map("PortBindings")? {
        let container = port(&key)?;
        if bindings.is_empty() {
            exposed.push(container);
        }
        for binding in bindings {
            published.push(read(binding, container)?);
        }
    }
    published.sort_unstable();
    published.dedup();
    Ok((published, exposed))
}

fn read(mut said: Object, container: ContainerPort) -> Result<PortBinding, Refusal> {
    let address = said.text("HostIp")?.map(|text| endpoint::address(&said, "HostIp", &text)).transpose()?;
    // The engine takes 0 for "any".
    let port = match said.text("HostPort")?.filter(|text| text != "0") {
        Some(text) => Some(host_port(&said, &text)?),
        None => None,
    };
    Ok(PortBinding { container, address, port })
}

fn host_port(said: &Object, text: &str) -> Result<Port, Refusal> {
    if let Some((first, last)) = text.split_once('-') {
        if first == last {
            return host_port(said, first);
        }
        return Err(said.malformed("HostPort", "cannot be a range; give one port, or none for a free one"));
    }
    text.parse().map_err(|error| said.malformed("HostPort", &format!("cannot be `{text}`: {error}")))
}

/// `80/tcp`.
pub(crate) fn port(text: &str) -> Result<ContainerPort, Refusal> {
    text.parse().map_err(|error| Refusal::malformed(format!("invalid port `{text}`: {error}")))
}

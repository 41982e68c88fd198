//! Ports of the host that a tenant may publish: `8443`, or a mapping that calls them shared.

use super::grammars::text;
use serde_json::json;
use wharf_document::{Errors, Flag, Grammar, Misfit, Node, Parsed, Read, Shape, Value, mapping};
use wharf_model::{PortGrant, PortGrantError};

mapping! {
    /// Ports that more than one tenant may publish.
    pub(crate) struct RawPorts {
        /// Such as `8443` or `127.0.0.1:20000-20099`.
        required "range" range: Parsed<PortRange>,
        /// Other tenants may be granted them, too; whoever comes first has one. Default: false.
        optional "shared" shared: Flag,
    }
    refused {
        "port" => "did you mean `range`? it may be one port",
        "ports" => "did you mean `range`?",
        "address" => "it is written before the ports: `range: \"127.0.0.1:8443\"`",
        "host_ip" => "it is written before the ports: `range: \"127.0.0.1:8443\"`",
    }
}

/// One entry, in either form.
#[derive(Debug)]
pub(crate) struct OnePort;

/// `[ADDRESS:]PORT[-PORT]`.
#[derive(Debug)]
pub(crate) enum PortRange {}

impl Read for OnePort {
    type Value = PortGrant;

    fn shape() -> Shape {
        Shape::any_of([PortRange::shape(), RawPorts::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<PortGrant> {
        if !matches!(node.value, Value::Map(_)) {
            return Parsed::<PortRange>::read(node, errors);
        }
        let RawPorts { range, shared } = RawPorts::read(node, errors)?;
        let range = range?.value;
        Some(if shared.is_some_and(|shared| shared.value) { range.shared() } else { range })
    }
}

impl Grammar for PortRange {
    type Value = PortGrant;
    const WHAT: &'static str = "ports such as `8443`, or a mapping with `range` and `shared`";

    fn shape() -> Shape {
        let number = Shape::of(json!({ "type": "integer", "minimum": 1, "maximum": 65535 }));
        let port = "[1-9][0-9]{0,4}";
        Shape::any_of([number, text(&format!("^([0-9.]+:|\\[[0-9A-Fa-f:.]+\\]:)?{port}(-{port})?$"))])
    }

    fn parse(text: &str) -> Result<PortGrant, Misfit> {
        text.parse().map_err(|error: PortGrantError| {
            let help = match &error {
                PortGrantError::Backwards(_) => "write the lower port first",
                PortGrantError::NotAnAddress(_) => "such as `127.0.0.1:8443` or `[::1]:8443`",
                PortGrantError::NotAPort => "such as `8443`, `20000-20099` or `127.0.0.1:20000-20099`",
            };
            Misfit::new(error.to_string()).with_help(help)
        })
    }
}

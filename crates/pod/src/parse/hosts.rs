//! The pod's host name, name servers, and lines of `/etc/hosts`.

use super::grammars::text;
use crate::ExtraHost;
use serde_json::json;
use std::net::IpAddr;
use wharf_document::{
    Errors, Grammar, List, Map, Misfit, Node, Parsed, Read, ReadKey, Shape, Spanned, Value, quoted, refuse,
};

/// A host's name, RFC 1123, as long as the kernel allows.
#[derive(Debug)]
pub(crate) enum Hostname {}

/// An address of either kind.
#[derive(Debug)]
pub(crate) enum Address {}

/// `name:address` or `name=address`.
#[derive(Debug)]
enum HostLine {}

/// A list of lines, or a map from names to addresses.
#[derive(Debug)]
pub(crate) struct ExtraHosts;

/// `HOST_NAME_MAX`, sethostname(2): with a longer one the container does not start.
const LONGEST: usize = 64;
/// RFC 1035: a name in the domain name system.
const LONGEST_IN_DNS: usize = 253;

const LABELS: &str =
    "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";

impl Grammar for Hostname {
    type Value = String;
    const WHAT: &'static str = "a host name";

    fn shape() -> Shape {
        text(&format!("^{LABELS}$"))
            .with("type", json!(["string", "number"]))
            .with("maxLength", json!(LONGEST))
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        if text.len() > LONGEST {
            return Err(
                Misfit::new(format!("a host name has at most {LONGEST} characters")).with_help("shorten it")
            );
        }
        check_name(text).map(|()| text.to_owned())
    }
}

fn check_name(text: &str) -> Result<(), Misfit> {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.len() <= LONGEST_IN_DNS && text.split('.').all(label_fits) {
        return Ok(());
    }
    let help = "letters, digits and `-` between dots, at most 63 between two, and no `-` at either end";
    Err(Misfit::new(format!("{} is not a host name", quoted(text))).with_help(help))
}

impl Grammar for Address {
    type Value = IpAddr;
    const WHAT: &'static str = "an IP address";

    fn shape() -> Shape {
        text("^(([0-9]{1,3}\\.){3}[0-9]{1,3}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]?)$")
    }

    fn parse(text: &str) -> Result<IpAddr, Misfit> {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        bare.parse().map_err(|_| match text {
            "host-gateway" => {
                Misfit::new("`host-gateway` is not offered: what runs on the host is not the pod's to reach")
                    .with_help("write the address itself")
            }
            _ => Misfit::new(format!("{} is not an IP address", quoted(text)))
                .with_help("such as `192.0.2.1` or `2001:db8::1`"),
        })
    }
}

impl Grammar for HostLine {
    type Value = ExtraHost;
    const WHAT: &'static str = "`name:address`";

    fn shape() -> Shape {
        text(&format!(
            "^{LABELS}[:=](([0-9]{{1,3}}\\.){{3}}[0-9]{{1,3}}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]?)$"
        ))
    }

    fn parse(text: &str) -> Result<ExtraHost, Misfit> {
        let Some((name, address)) = text.split_once([':', '=']) else {
            return Err(Misfit::new("this line has no address").with_help("write `name:192.0.2.1`"));
        };
        check_name(name)?;
        Ok(ExtraHost { name: name.to_owned(), address: Address::parse(address)? })
    }
}

impl ReadKey for Hostname {
    type Key = String;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": format!("^{LABELS}$"), "maxLength": LONGEST_IN_DNS }))
    }

    fn read_key(text: &str) -> Result<String, Misfit> {
        check_name(text).map(|()| text.to_owned())
    }
}

impl Read for ExtraHosts {
    type Value = Vec<ExtraHost>;

    fn shape() -> Shape {
        Shape::any_of([List::<Parsed<HostLine>>::shape(), Map::<Hostname, Parsed<Address>>::shape()])
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Vec<ExtraHost>> {
        match &node.value {
            Value::List(_) => {
                let lines = List::<Parsed<HostLine>>::read(node, errors)?;
                Some(lines.into_iter().map(|line| line.value).collect())
            }
            Value::Map(_) => {
                let lines = Map::<Hostname, Parsed<Address>>::read(node, errors)?;
                Some(
                    lines
                        .into_iter()
                        .map(|(name, address)| ExtraHost { name: name.value, address: address.value })
                        .collect(),
                )
            }
            Value::Scalar(_) => {
                refuse(node, errors, "a list of `name:address`", Some("write each after a `- `"))
            }
        }
    }
}

/// Values without their places.
pub(super) fn plain<T>(raw: Option<Spanned<Vec<Spanned<T>>>>) -> Vec<T> {
    raw.into_iter().flat_map(|list| list.value).map(|item| item.value).collect()
}

//! Addresses: of the engine, of the gateway, and those that tenants' networks get.

use super::RawItems;
use super::grammars::text;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::IpAddr;
use wharf_document::{
    Errors, Grammar, List, Meaning, Misfit, Node, Parsed, Place, Read, Shape, Spanned, Value, quoted,
};
use wharf_model::{ListenAddress, ListenAddressError, Port, Subnet, SubnetError};

/// `unix:///path` or `tcp://host:port`.
#[derive(Debug)]
pub(crate) enum EngineAddress {}

/// `unix:///path` or `tcp://address:port`.
#[derive(Debug)]
pub(crate) enum Listen {}

/// An address of a name server.
#[derive(Debug)]
pub(crate) enum Resolver {}

/// At least one subnet.
#[derive(Debug)]
pub(crate) struct Pools;

/// A subnet that is ours to give out.
#[derive(Debug)]
pub(crate) enum Pool {}

impl Grammar for EngineAddress {
    type Value = String;
    const WHAT: &'static str = "the address of an engine";

    fn shape() -> Shape {
        text("^(unix:///[^/]|tcp://.+:[1-9][0-9]{0,4}$)")
    }

    fn parse(text: &str) -> Result<String, Misfit> {
        let is_socket = text.parse::<ListenAddress>().is_ok() || socket_path(text).is_some();
        let is_tcp =
            text.strip_prefix("tcp://").and_then(|rest| rest.rsplit_once(':')).is_some_and(|(host, port)| {
                let is_host = !host.is_empty() && !host.contains(['/', '@', ' ']);
                is_host && !port.starts_with('0') && port.parse::<Port>().is_ok()
            });
        if is_socket || is_tcp {
            return Ok(text.to_owned());
        }
        Err(Misfit::new(format!("{} is not the address of an engine", quoted(text)))
            .with_help("such as `unix:///var/run/docker.sock`, a plain absolute path after `unix://`"))
    }
}

/// The path of a socket, when the address is one and the path is absolute and plain.
fn socket_path(address: &str) -> Option<&str> {
    let path = address.strip_prefix("unix://")?;
    let is_plain = path.strip_prefix('/')?.split('/').all(|part| !matches!(part, "" | "." | ".."));
    (is_plain && path.len() <= 107).then_some(path)
}

impl Grammar for Listen {
    type Value = ListenAddress;
    const WHAT: &'static str = "an address to listen at, such as `unix:///run/wharf/docker.sock`";

    fn shape() -> Shape {
        text("^(unix://(/(?!\\.{1,2}(/|$))[^/]+)+|tcp://([0-9.]+|\\[[0-9A-Fa-f:.%]+\\]):[1-9][0-9]{0,4})$")
            .with("maxLength", json!(114))
    }

    fn parse(text: &str) -> Result<ListenAddress, Misfit> {
        text.parse().map_err(|error: ListenAddressError| {
            let help = match &error {
                ListenAddressError::TooLong => "choose a shorter path; the kernel's limit is 107 bytes",
                ListenAddressError::NotAnIpAddress | ListenAddressError::NoPort => {
                    "such as `tcp://0.0.0.0:2376` or `tcp://[::]:2376`"
                }
                ListenAddressError::NotPlain | ListenAddressError::NotSupported => {
                    "such as `unix:///run/wharf/docker.sock`"
                }
            };
            Misfit::new(error.to_string()).with_help(help)
        })
    }
}

impl Grammar for Resolver {
    type Value = IpAddr;
    const WHAT: &'static str = "the address of a name server";

    fn shape() -> Shape {
        text("^[0-9A-Fa-f:.]+$")
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<IpAddr, Misfit> {
        text.parse().map_err(|_| {
            let message = format!("{} is not the address of a name server", quoted(text));
            Misfit::new(message).with_help("such as `192.168.7.1` or `\"fd00:7::1\"`; a name is no address")
        })
    }
}

/// Addresses that no network of a tenant may have, with what they are.
const NOT_OURS: [(&str, &str); 8] = [
    ("0.0.0.0/8", "this host itself"),
    ("127.0.0.0/8", "this host itself"),
    ("169.254.0.0/16", "link-local, where clouds keep their metadata"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/8", "this host itself, or IPv4 in disguise"),
    ("fe80::/10", "link-local"),
    ("ff00::/8", "multicast"),
];

/// Longest prefixes of a pool: room for a network of sixteen addresses, at least.
const LONGEST: (u8, u8) = (28, 120);

impl Grammar for Pool {
    type Value = Subnet;
    const WHAT: &'static str = "a subnet";

    fn shape() -> Shape {
        text("^[0-9A-Fa-f:.]+/(0|[1-9][0-9]{0,2})$")
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<Subnet, Misfit> {
        let subnet: Subnet = text.parse().map_err(|error: SubnetError| {
            let misfit = Misfit::new(error.to_string());
            match error {
                SubnetError::HostBits(meant) => misfit.with_help(format!("write `{meant}`")),
                _ => misfit.with_help("such as `10.89.0.0/16` or `fd00:89::/48`"),
            }
        })?;
        let taken = NOT_OURS.iter().find(|(not_ours, _)| {
            not_ours.parse::<Subnet>().is_ok_and(|not_ours| not_ours.overlaps(&subnet))
        });
        if let Some((range, what)) = taken {
            let message = format!("{} holds addresses of `{range}`: {what}", quoted(text));
            return Err(Misfit::new(message).with_help("choose a private range, such as `10.89.0.0/16`"));
        }
        let longest = if subnet.address().is_ipv4() { LONGEST.0 } else { LONGEST.1 };
        if subnet.prefix() > longest {
            let message = format!("{} is too small to divide among networks", quoted(text));
            return Err(Misfit::new(message).with_help(format!("its prefix has at most {longest} bits")));
        }
        Ok(subnet)
    }
}

impl Read for Pools {
    type Value = Vec<Spanned<Subnet>>;

    fn shape() -> Shape {
        List::<Parsed<Pool>>::shape().with("minItems", json!(1))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Self::Value> {
        if matches!(&node.value, Value::List(items) if items.is_empty()) {
            let help = "remove the key for the default, or write a subnet such as `10.89.0.0/16`".to_owned();
            errors.push(node.span, "tenants' networks need addresses", Some(help));
        }
        List::<Parsed<Pool>>::read(node, errors)
    }
}

/// No door is written twice, and none is the engine's own.
pub(super) fn check_listen(
    listen: Option<&RawItems<ListenAddress>>,
    engine: Option<&Spanned<String>>,
    errors: &mut Errors,
) {
    let mut seen: BTreeMap<String, &Place> = BTreeMap::new();
    let engine = engine.and_then(|engine| Some((real_path(socket_path(&engine.value)?), &engine.place)));
    for Spanned { value, place } in listen.into_iter().flat_map(|list| &list.value) {
        let (what, address) = match value {
            ListenAddress::Unix(path) => ("socket", real_path(path)),
            ListenAddress::Tcp(_) => ("address", value.to_string()),
        };
        if let Some((_, at)) = engine.as_ref().filter(|(engine, _)| *engine == address) {
            let help = format!("the engine's is at line {}; give the tenants another", at.line());
            errors.push_at(place, "the engine's own socket cannot be the tenants' door", Some(help));
        }
        if let Some(first) = seen.get(&address) {
            let help = format!("it is first given at line {}; keep one", first.line());
            errors.push_at(place, format!("the {what} {} is given twice", quoted(&address)), Some(help));
        } else {
            seen.insert(address, place);
        }
    }
}

/// Nearly every Linux has `/var/run` as a link to `/run`.
pub(super) fn real_path(path: &str) -> String {
    match path.strip_prefix("/var/run") {
        Some(below) if below.is_empty() || below.starts_with('/') => format!("/run{below}"),
        _ => path.to_owned(),
    }
}

/// The pool holds no address twice.
pub(super) fn check_pool(pool: Option<&RawItems<Subnet>>, errors: &mut Errors) {
    let Some(pool) = pool else { return };
    let mut subnets: Vec<&Spanned<Subnet>> = pool.value.iter().collect();
    // An outer subnet comes before all that lie in it.
    subnets.sort_by_key(|subnet| (subnet.value.address(), subnet.value.prefix(), subnet.place.span.start));
    let mut outer: Option<(&Spanned<Subnet>, bool)> = None;
    for inner in subnets {
        match &mut outer {
            Some((outer, is_told)) if outer.value.overlaps(&inner.value) => {
                errors.push_at(
                    &inner.place,
                    overlap(&inner.value, &outer.value),
                    Some(other_at(&outer.place)),
                );
                if !std::mem::replace(is_told, true) {
                    errors.push_at(
                        &outer.place,
                        overlap(&outer.value, &inner.value),
                        Some(other_at(&inner.place)),
                    );
                }
            }
            _ => outer = Some((inner, false)),
        }
    }
}

fn overlap(one: &Subnet, other: &Subnet) -> String {
    format!("the subnet `{one}` overlaps with `{other}`")
}

fn other_at(place: &Place) -> String {
    format!("the other is at line {}; keep the larger one", place.line())
}

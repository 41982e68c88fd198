//! Ports: what the pod exposes, and what the host answers on for it.

use super::grammars::text;
use crate::Publish;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use wharf_document::{Errors, Grammar, List, Misfit, Parsed, Place, Shape, Spanned, quoted};
use wharf_model::{ContainerPort, Port, PortError, Protocol};

/// Ports that one pod may publish; each is a rule in the host's packet filter.
const MOST_PUBLISHED: usize = 1024;

/// `80`, `80/tcp`, `53/udp`.
#[derive(Debug)]
pub(crate) enum Exposed {}

/// `[[address:]host[-range]]:container[-range][/tcp|/udp]`.
#[derive(Debug)]
pub(crate) enum Published {}

/// Ports that the root container's metadata lists.
pub(crate) type Exposes = List<Parsed<Exposed>>;

/// Ports that the host answers on.
pub(crate) type Publishes = List<Parsed<Published>>;

/// One entry of `publish`, its ranges not yet paired up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publication {
    address: Option<IpAddr>,
    host: Option<RangeInclusive<u16>>,
    container: RangeInclusive<u16>,
    protocol: Protocol,
}

impl Grammar for Exposed {
    type Value = ContainerPort;
    const WHAT: &'static str = "a port";

    fn shape() -> Shape {
        let number = Shape::of(json!({ "type": "integer", "minimum": 1, "maximum": 65535 }));
        Shape::any_of([number, text("^[0-9]{1,5}(/(tcp|udp))?$")])
    }

    fn parse(text: &str) -> Result<ContainerPort, Misfit> {
        text.parse().map_err(misfit("such as `80`, `80/tcp` or `53/udp`"))
    }
}

const HELP: &str = "`:80` publishes port 80 on a host port that the engine chooses, `8080:80` on the host's port 8080; \
                    an address may precede, ranges `8000-8003:9000-9003` pair up, and `/udp` may follow";

impl Grammar for Published {
    type Value = Publication;
    const WHAT: &'static str = "what to publish";

    fn shape() -> Shape {
        let range = "[0-9]{1,5}(-[0-9]{1,5})?";
        text(&format!("^(([0-9.]+:|\\[[0-9A-Fa-f:.]+\\]:)?({range})?)?:{range}(/(tcp|udp))?$"))
    }

    fn parse(text: &str) -> Result<Publication, Misfit> {
        let (ports, protocol) = match text.split_once('/') {
            Some((ports, protocol)) => (ports, protocol.parse().map_err(misfit(HELP))?),
            None => (text, Protocol::Tcp),
        };
        let Some((host, container)) = ports.rsplit_once(':') else {
            let message = format!("{} does not say where the host answers", quoted(text));
            let help = format!(
                "write `:{ports}` for a host port that the engine chooses, or `{ports}:{ports}` for the same one"
            );
            return Err(Misfit::new(message).with_help(if range(ports).is_ok() { &help } else { HELP }));
        };
        let container = range(container)?;
        let (address, host) = host_side(host)?;
        if host.as_ref().is_some_and(|host| host.len() != container.len()) {
            let message = format!("the two ranges of {} differ in length", quoted(text));
            return Err(
                Misfit::new(message).with_help("ranges pair up, port by port, as in `8000-8003:9000-9003`")
            );
        }
        Ok(Publication { address, host, container, protocol })
    }
}

/// Reads `[address:][range]`.
fn host_side(text: &str) -> Result<(Option<IpAddr>, Option<RangeInclusive<u16>>), Misfit> {
    let (address, ports) = match text.rsplit_once(':') {
        Some((address, ports)) => (Some(checked_address(address)?), ports),
        None => (None, text),
    };
    let ports = if ports.is_empty() { None } else { Some(range(ports)?) };
    Ok((address, ports))
}

fn checked_address(text: &str) -> Result<IpAddr, Misfit> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let read = match bracketed {
        Some(v6) => v6.parse().map(IpAddr::V6).ok(),
        None => text.parse().map(IpAddr::V4).ok(),
    };
    read.ok_or_else(|| {
        let message = format!("{} is not an address of the host", quoted(text));
        Misfit::new(message).with_help("such as `127.0.0.1:8080:80` or `[::1]:8080:80`")
    })
}

/// Reads `80` or `8000-8003`.
fn range(text: &str) -> Result<RangeInclusive<u16>, Misfit> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let port = |text: &str| text.parse::<Port>().map(Port::number).map_err(misfit(HELP));
    let (first, last) = (port(first)?, port(last)?);
    if first > last {
        return Err(Misfit::new(format!("the range {} runs backwards", quoted(text)))
            .with_help("write the lower port first"));
    }
    Ok(first..=last)
}

fn misfit(help: &str) -> impl Fn(PortError) -> Misfit {
    move |error| Misfit::new(error.to_string()).with_help(help)
}

/// The exposed ports, each once.
pub(super) fn exposed(raw: Option<Spanned<Vec<Spanned<ContainerPort>>>>) -> Vec<ContainerPort> {
    let mut ports: Vec<ContainerPort> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for port in raw.into_iter().flat_map(|list| list.value).map(|port| port.value) {
        if seen.insert((port.port, port.protocol)) {
            ports.push(port);
        }
    }
    ports
}

/// The published ports, ranges paired up; no two for the same port of the host.
pub(super) fn published(
    raw: Option<Spanned<Vec<Spanned<Publication>>>>,
    errors: &mut Errors,
) -> Vec<Publish> {
    let mut ports = Vec::new();
    let mut taken = Taken::default();
    for Spanned { value, place } in raw.into_iter().flat_map(|list| list.value) {
        if ports.len() + value.container.len() > MOST_PUBLISHED {
            let message = format!("a pod publishes at most {MOST_PUBLISHED} ports");
            errors.push_at(
                &place,
                message,
                Some("publish fewer; each port is a rule in the host's packet filter".to_owned()),
            );
            return ports;
        }
        let pairs = value.pairs();
        if let Some((host, first)) = pairs.iter().find_map(|pair| taken.conflict(pair)) {
            let message = format!("the host's port {host} is published twice");
            errors.push_at(&place, message, Some(format!("{}; keep one", super::first_at(first))));
        }
        for pair in &pairs {
            taken.add(pair, &place);
        }
        ports.extend(pairs);
    }
    ports
}

impl Publication {
    fn pairs(&self) -> Vec<Publish> {
        let port = |number: u16| Port::try_from(u64::from(number)).ok();
        let mut hosts = self.host.clone();
        let pairs = self.container.clone().map(|container| {
            let host = hosts.as_mut().and_then(Iterator::next).and_then(port);
            port(container).map(|container| Publish {
                address: self.address,
                host,
                container,
                protocol: self.protocol,
            })
        });
        pairs.flatten().collect()
    }
}

/// The host's ports that earlier entries took.
#[derive(Default)]
struct Taken(BTreeMap<(Port, Protocol), Vec<Taker>>);

/// The address that an entry took a port of, and where it is written.
type Taker = (Option<IpAddr>, Place);

impl Taken {
    fn conflict(&self, wanted: &Publish) -> Option<(Port, &Place)> {
        let host = wanted.host?;
        let earlier = self.0.get(&(host, wanted.protocol))?;
        earlier.iter().find(|(address, _)| overlap(*address, wanted.address)).map(|(_, place)| (host, place))
    }

    fn add(&mut self, publish: &Publish, place: &Place) {
        if let Some(host) = publish.host {
            self.0.entry((host, publish.protocol)).or_default().push((publish.address, place.clone()));
        }
    }
}

/// Whether the kernel would refuse to bind both; no address means every address.
fn overlap(a: Option<IpAddr>, b: Option<IpAddr>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            a == b || (a.is_ipv4() == b.is_ipv4() && (a.is_unspecified() || b.is_unspecified()))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, String> {
        let publication = Published::parse(text).map_err(|misfit| misfit.message)?;
        let one = |publish: &Publish| {
            let address = publish.address.map(|a| format!("{a} ")).unwrap_or_default();
            let host = publish.host.map_or("*".to_owned(), |port| port.to_string());
            format!("{address}{host}>{}/{}", publish.container, publish.protocol)
        };
        Ok(publication.pairs().iter().map(one).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn every_form_of_publish_is_read() {
        assert_eq!(shown(":80"), Ok("*>80/tcp".into()));
        assert_eq!(shown(":1234-1236"), Ok("*>1234/tcp *>1235/tcp *>1236/tcp".into()));
        assert_eq!(shown("22:22"), Ok("22>22/tcp".into()));
        assert_eq!(shown("8000-8001:9000-9001/udp"), Ok("8000>9000/udp 8001>9001/udp".into()));
        assert_eq!(shown("127.0.0.1::80"), Ok("127.0.0.1 *>80/tcp".into()));
        assert_eq!(shown("127.0.0.1:8080:80"), Ok("127.0.0.1 8080>80/tcp".into()));
        assert_eq!(shown("[::1]:80:80"), Ok("::1 80>80/tcp".into()));
    }

    #[test]
    fn what_is_no_publication_is_refused() {
        for wrong in [
            "80",
            "",
            ":",
            "80:",
            ":0",
            ":65536",
            "80:80/sctp",
            "8000-8001:80",
            "81-80:81-80",
            "::1:80:80",
            "localhost:80:80",
            ":80:80",
            "[127.0.0.1]:80:80",
            "127.0.0.1:80",
            "1:2:3:4",
            ":+80",
            ":80/",
            "[::1:80:80",
            ": 80",
            ":80-",
        ] {
            assert!(shown(wrong).is_err(), "{wrong}: {:?}", shown(wrong));
        }
    }
}

//! `wharf ca names`: by which names and addresses the server is known. The first is where people are told to come to.

use crate::args::CaNamesArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, Identity, opened};
use crate::setting::Setting;
use crate::show;
use std::io::{BufRead, IsTerminal};
use std::net::{IpAddr, UdpSocket};
use wharf_host::{BRIDGE_PREFIX, full_names, hostname, interface_addresses};
use wharf_store::OwnName;

/// More than any host answers to; each is in every handshake.
const MOST: usize = 100;
/// Networks between containers or machines in this machine, where nobody else comes from.
const INSIDE: [&str; 9] = ["docker", "br-", "veth", "virbr", "cni", "podman", "lxc", "lxd", BRIDGE_PREFIX];

pub(super) fn run(setting: &Setting<'_>, wanted: &CaNamesArgs) -> Result<Exit, Failure> {
    let identity = Identity::of(setting, "ca names")?;
    let book = identity.book()?;
    identity.check_finished()?;
    let names = changed(&book.names, wanted)?;
    // Issued anew also when nothing has changed: what a run that was killed left undone is done by the next.
    let is_look = wanted.set.is_empty() && wanted.add.is_empty() && wanted.remove.is_empty();
    let names = if is_look { asked(setting, names)? } else { names };
    let is_well = identity.server()?.names() == names && identity.server_authority().is_ok();
    if is_look && names == book.names && is_well {
        shown(setting, &names);
        return Ok(Exit::Done);
    }
    let signer = identity.servers_pem()?;
    let (authority, _) = opened(setting, &signer, &wanted.passphrase)?;
    let server = authority.issue_server(&names, identity.now)?;
    identity.record(&Change { action: "ca-names", object: "server.pem", detail: &names.join(", ") })?;
    let held = identity.store.hold(identity.moment())?;
    if identity.servers_pem()? != signer {
        return Err(Failure::new(Exit::Failed, "another authority has taken this one's place meanwhile")
            .hint("try again"));
    }
    held.change(|book| {
        book.names.clone_from(&names);
        Ok::<_, Failure>(())
    })?;
    held.write(OwnName::Server, server.as_bytes())?;
    shown(setting, &names);
    if !setting.common.quiet {
        show::say("the server's certificate was issued anew; `wharf serve` takes it up by itself");
    }
    Ok(Exit::Done)
}

fn shown(setting: &Setting<'_>, names: &[String]) {
    if setting.common.json { show::print_json(&names) } else { show::print(&names.join("\n")) }
}

fn changed(before: &[String], wanted: &CaNamesArgs) -> Result<Vec<String>, Failure> {
    if !wanted.set.is_empty() {
        return checked(&wanted.set);
    }
    let removed = if wanted.remove.is_empty() { Vec::new() } else { checked(&wanted.remove)? };
    if let Some(stranger) = removed.iter().find(|name| !before.contains(name)) {
        return Err(
            Failure::usage(format!("`{stranger}` is not among the names")).hint("`wharf ca show` lists them")
        );
    }
    let kept = before.iter().filter(|name| !removed.contains(name)).cloned();
    checked(&kept.chain(wanted.add.iter().cloned()).collect::<Vec<_>>())
}

/// Names as certificates have them, each once.
pub(crate) fn checked(names: &[String]) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
        let name = match bare.parse::<IpAddr>() {
            Ok(address) if address.is_unspecified() => {
                return Err(Failure::usage(format!(
                    "`{name}` is where one listens, and nowhere that anybody comes to"
                ))
                .hint("write the addresses that others use"));
            }
            Ok(address) => address.to_string(),
            Err(_) => checked_name(name)?,
        };
        if !all.contains(&name) {
            all.push(name);
        }
    }
    match all.len() {
        0 => Err(Failure::usage("a server needs a name or an address to be known by")),
        1..=MOST => Ok(all),
        _ => Err(Failure::usage(format!("these are more than {MOST} names"))),
    }
}

fn checked_name(name: &str) -> Result<String, Failure> {
    let label_fits = |label: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        (1..=63).contains(&label.len())
            && label.bytes().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // The last label of a name is no number, or it were an address that is written badly.
    let ends = name.rsplit('.').next().is_some_and(|label| !label.bytes().all(|b| b.is_ascii_digit()));
    if name.len() <= 253 && ends && name.split('.').all(label_fits) {
        return Ok(name.to_ascii_lowercase());
    }
    Err(Failure::usage(format!("`{name}` is neither a host's name nor an address"))
        .hint("write names and addresses without ports: `quay.example.org,192.0.2.7`"))
}

/// Every name and address that this host is found to answer to: the one that others most likely reach it by first.
pub(crate) fn found() -> Vec<String> {
    let inside = |interface: &str| INSIDE.iter().any(|prefix| interface.starts_with(prefix));
    let mut addresses: Vec<IpAddr> = interface_addresses()
        .unwrap_or_default()
        .into_iter()
        .filter(|(interface, _)| !inside(interface))
        .map(|(_, address)| address)
        .collect();
    let way_out = way_out();
    // `false` comes first.
    addresses.sort_by_key(|address| (Some(*address) != way_out, address.is_ipv6()));
    let (here, outside): (Vec<_>, Vec<_>) = addresses.into_iter().partition(IpAddr::is_loopback);
    let host = hostname();
    let own_names = full_names(&host).into_iter().chain([host]).filter(|name| !name.starts_with("localhost"));
    let outside = outside.iter().map(ToString::to_string);
    let here = ["localhost".to_owned()].into_iter().chain(here.iter().map(ToString::to_string));
    let (first, others): (Vec<_>, Vec<_>) =
        outside.partition(|address| way_out.is_some_and(|way| way.to_string() == *address));
    let all: Vec<String> = first.into_iter().chain(own_names).chain(others).chain(here).collect();
    let fitting = |name: String| checked(&[name]).ok()?.pop();
    checked(&all.into_iter().filter_map(fitting).take(MOST).collect::<Vec<_>>()).unwrap_or_default()
}

/// This host's address on the way to everywhere. Nothing is sent: the kernel says which it would use.
fn way_out() -> Option<IpAddr> {
    let by = |from: &str, to: &str| {
        let socket = UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    by("0.0.0.0:0", "192.0.2.1:9").or_else(|| by("[::]:0", "[2001:db8::1]:9"))
}

/// Shows them, and at a terminal has them changed.
pub(super) fn asked(setting: &Setting<'_>, names: Vec<String>) -> Result<Vec<String>, Failure> {
    if setting.common.json || setting.common.quiet || !std::io::stdin().is_terminal() {
        return Ok(names);
    }
    show::say("This host answers to these names and addresses; people are told to come to the first:");
    show::say(&format!("  {}", names.join(", ")));
    show::say("Enter takes them; or write others, with commas between:");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::of(Exit::Failed, &error))?;
    match line.trim() {
        "" => Ok(names),
        said => checked(&said.split(',').map(str::to_owned).collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Result<Vec<String>, String> {
        checked(&names.iter().map(ToString::to_string).collect::<Vec<_>>()).map_err(|failure| failure.message)
    }

    #[test]
    fn names_are_read_as_certificates_have_them() {
        let names = [
            "Quay.Example.ORG",
            " 192.0.2.7",
            "[2001:DB8:0::7]",
            "2001:db8::7",
            "",
            "quay_1",
            "3com.example",
        ];
        assert_eq!(
            read(&names).unwrap(),
            ["quay.example.org", "192.0.2.7", "2001:db8::7", "quay_1", "3com.example"]
        );
        for wrong in [
            "quay:2376",
            "192.0.2.300",
            "192.0.2.7:1",
            "*.example.org",
            "a b",
            "-a",
            "a-",
            "a..b",
            "é",
            "a/b",
        ] {
            assert!(read(&[wrong]).is_err(), "{wrong}");
        }
        assert!(
            read(&["0.0.0.0"]).is_err()
                && read(&["::"]).is_err()
                && read(&[]).is_err()
                && read(&[","]).is_err()
        );
        let many: Vec<String> = (0..101).map(|n| format!("n{n}")).collect();
        assert!(checked(&many).is_err() && checked(&many[..100]).is_ok());
    }

    #[test]
    fn what_is_found_can_be_used() {
        let names = found();
        assert!(
            names.contains(&"localhost".to_owned()) && names.contains(&"127.0.0.1".to_owned()),
            "{names:?}"
        );
        assert_eq!(checked(&names).unwrap_or_default(), names);
    }
}

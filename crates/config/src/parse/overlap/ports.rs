//! A port of the host at one of its addresses is one tenant's, unless both say that it is shared; and none is the gateway's
//! own, which somebody could take while the gateway is restarted.

use super::rivals::{Claim, Rivals};
use super::{Granted, Told, granted};
use crate::parse::RawConfig;
use std::collections::BTreeMap;
use std::net::IpAddr;
use wharf_document::{Errors, Place, Spanned};
use wharf_model::{ListenAddress, PodName, Port, PortGrant};

type Ports<'a> = Granted<'a, PortGrant>;

/// No port is granted to two tenants, nor to a tenant and a pod of the administrator's.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    let mut ports: Vec<Ports<'_>> = granted(raw, |tenant| tenant.ports.as_ref()).collect();
    check_whitelist(raw, &ports, errors);
    check_doors(raw, &ports, errors);
    ports.sort_by_key(|ports| (ports.what.first(), ports.place.span.start));
    check_tenants(&ports, errors);
}

/// Goes through the grants by their first port. What began before and reaches here holds the first port, too, so at
/// each address only the claim that reaches farthest is of interest.
fn check_tenants(ports: &[Ports<'_>], errors: &mut Errors) {
    let mut so_far = Claims::default();
    let mut told = Told::none_of(ports.len());
    for (index, one) in ports.iter().enumerate() {
        let claim =
            Claim { tenant: one.number, reach: one.what.last(), is_shared: one.what.is_shared(), index };
        let rival = so_far.rival(&claim, one.what.address()).filter(|rival| rival.reach >= one.what.first());
        if let Some((rival, other)) = rival.and_then(|rival| Some((rival.index, ports.get(rival.index)?))) {
            for (index, one, other) in [(rival, other, one), (index, one, other)] {
                if told.is_news(index) {
                    tell(one, other, errors);
                }
            }
        }
        so_far.add(claim, one.what.address());
    }
}

fn tell(one: &Ports<'_>, other: &Ports<'_>, errors: &mut Errors) {
    let message = format!("`{}` overlaps with `{}` of the tenant `{}`", one.what, other.what, other.tenant);
    let help = format!(
        "the other is at line {}; give each ports of its own, or write `{{range: \"\u{2026}\", shared: true}}` at both",
        other.place.line()
    );
    errors.push_at(one.place, message, Some(help));
}

/// The claims so far, by the addresses at which they hold.
#[derive(Debug, Default)]
struct Claims {
    /// Every claim.
    all: Rivals,
    /// Claims to every address of the host.
    anywhere: Rivals,
    /// Claims to any addresses of a family; IPv4 first.
    family: [Rivals; 2],
    /// Claims to all addresses of a family.
    whole_family: [Rivals; 2],
    /// Claims to one address.
    exact: BTreeMap<IpAddr, Rivals>,
}

impl Claims {
    fn add(&mut self, claim: Claim, address: Option<IpAddr>) {
        self.all.add(claim);
        let Some(address) = address else { return self.anywhere.add(claim) };
        pick(&mut self.family, address).add(claim);
        if address.is_unspecified() {
            pick(&mut self.whole_family, address).add(claim);
        } else {
            self.exact.entry(address).or_default().add(claim);
        }
    }

    /// The rival that reaches farthest where this claim holds.
    fn rival(&self, claim: &Claim, address: Option<IpAddr>) -> Option<Claim> {
        let Some(address) = address else { return self.all.of(claim) };
        let [v4, v6] = &self.family;
        let [whole_v4, whole_v6] = &self.whole_family;
        let (family, whole) = if address.is_ipv4() { (v4, whole_v4) } else { (v6, whole_v6) };
        let at_address = if address.is_unspecified() {
            family.of(claim)
        } else {
            self.exact.get(&address).and_then(|rivals| rivals.of(claim))
        };
        let rivals = [self.anywhere.of(claim), whole.of(claim), at_address];
        rivals.into_iter().flatten().max_by_key(|rival| rival.reach)
    }
}

fn pick([v4, v6]: &mut [Rivals; 2], address: IpAddr) -> &mut Rivals {
    if address.is_ipv4() { v4 } else { v6 }
}

/// A whitelisted port is a pod's, whatever the address and whether tenants share it or not.
fn check_whitelist(raw: &RawConfig, ports: &[Ports<'_>], errors: &mut Errors) {
    let entries = raw.port_whitelist.iter().flat_map(|whitelist| &whitelist.value);
    let whitelist: BTreeMap<u16, &(Spanned<Port>, Spanned<PodName>)> =
        entries.map(|entry| (entry.0.value.number(), entry)).collect();
    let mut held: BTreeMap<u16, (&Place, &Ports<'_>)> = BTreeMap::new();
    for one in ports {
        let Some((number, (port, pod))) = whitelist.range(one.what.first()..=one.what.last()).next() else {
            continue;
        };
        let message = format!("`port_whitelist` gives {number} to the pod `{}`", pod.value);
        let help = format!("that is at line {}; a port is a pod's or a tenant's", port.place.line());
        errors.push_at(one.place, message, Some(help));
        held.entry(*number).or_insert((&port.place, one));
    }
    for (number, (place, one)) in held {
        let message = format!("{number} is one of the ports of the tenant `{}`, `{}`", one.tenant, one.what);
        let help = format!("they are at line {}; a port is a pod's or a tenant's", one.place.line());
        errors.push_at(place, message, Some(help));
    }
}

/// Where the gateway listens, nobody else does.
fn check_doors(raw: &RawConfig, ports: &[Ports<'_>], errors: &mut Errors) {
    for Spanned { value, place } in raw.listen.iter().flat_map(|list| &list.value) {
        let ListenAddress::Tcp(door) = value else { continue };
        let takes = |ports: &&Ports<'_>| {
            let is_in = (ports.what.first()..=ports.what.last()).contains(&door.port());
            is_in && ports.what.address().is_none_or(|address| meets(address, door.ip()))
        };
        let help = || format!("it listens at line {}; choose another port for one of them", place.line());
        for one in ports.iter().filter(takes) {
            let message = format!("the gateway itself listens at `{value}`, one of these ports");
            errors.push_at(one.place, message, Some(help()));
        }
        let whitelist = raw.port_whitelist.iter().flat_map(|whitelist| &whitelist.value);
        for (port, _) in whitelist.filter(|(port, _)| port.value.number() == door.port()) {
            errors.push_at(&port.place, format!("the gateway itself listens at `{value}`"), Some(help()));
        }
    }
}

/// Whether the same packets could come to both.
fn meets(one: IpAddr, other: IpAddr) -> bool {
    let is_wide = one.is_unspecified() || other.is_unspecified();
    one == other || (one.is_ipv4() == other.is_ipv4() && is_wide)
}

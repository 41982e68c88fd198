//! net-raw: pods share a network, and a raw socket lets one speak in another's name (ARP, DNS). Ping works without.

use crate::{Denial, Grants, Rule};
use std::collections::BTreeSet;
use wharf_model::EngineName;

pub(crate) fn check(name: &EngineName, cap_drop: &BTreeSet<String>, grants: &Grants) -> Result<(), Denial> {
    let dropped = cap_drop.contains("NET_RAW") || cap_drop.contains("ALL");
    if dropped || grants.net_raw.contains(&name.pod) {
        return Ok(());
    }
    let reason = format!("container `{name}` would keep NET_RAW");
    Err(Denial::new(Rule::NetRaw, reason, "ask the administrator (`allow_net_raw`)"))
}

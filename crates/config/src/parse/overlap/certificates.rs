//! A key acts for one tenant, by one name.

use super::Told;
use crate::parse::RawConfig;
use std::collections::BTreeMap;
use wharf_document::{Errors, Place};
use wharf_model::{ClientName, Fingerprint, TenantName};

struct Entry<'a> {
    tenant: &'a TenantName,
    client: &'a ClientName,
    key: &'a Fingerprint,
    place: &'a Place,
}

/// No key is written twice: who its bearer is would be a matter of chance.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    let tenants = raw.tenants.iter().flat_map(|tenants| &tenants.value);
    let entries: Vec<Entry<'_>> = tenants
        .flat_map(|(tenant, below)| {
            let clients = below.value.certificates.iter().flat_map(|certificates| &certificates.value);
            clients.map(move |(client, key)| Entry {
                tenant: &tenant.value,
                client: &client.value,
                key: &key.value,
                place: &key.place,
            })
        })
        .collect();
    let mut first_of: BTreeMap<&Fingerprint, usize> = BTreeMap::new();
    let mut told = Told::none_of(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let first = *first_of.entry(entry.key).or_insert(index);
        let Some(other) = entries.get(first).filter(|_| first != index) else { continue };
        for (index, one, other) in [(first, other, entry), (index, entry, other)] {
            if told.is_news(index) {
                let message = format!("this key is `{}` of the tenant `{}`, too", other.client, other.tenant);
                let help =
                    format!("the other is at line {}; a key has one bearer: keep one", other.place.line());
                errors.push_at(one.place, message, Some(help));
            }
        }
    }
}

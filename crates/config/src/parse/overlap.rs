//! What two tenants, or a tenant and the administrator, cannot both have. Every clash is told at both places.
//!
//! Nothing here compares all with all: a file may hold tens of thousands of grants.

mod certificates;
mod mounts;
mod pods;
mod ports;
mod rivals;
mod users;

use super::RawConfig;
use wharf_document::{Errors, Place, Spanned};
use wharf_model::TenantName;

/// Something granted to one tenant.
#[derive(Debug)]
struct Granted<'a, T> {
    /// Which tenant, by its place in the file.
    number: usize,
    /// Its name.
    tenant: &'a TenantName,
    /// What.
    what: &'a T,
    /// Where it is written.
    place: &'a Place,
}

/// Everything that clashes.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    users::check(raw, errors);
    certificates::check(raw, errors);
    ports::check(raw, errors);
    mounts::check(raw, errors);
    pods::check(raw, errors);
}

/// One kind of grant, of all tenants, in the order of the text.
fn granted<'a, T: 'a>(
    raw: &'a RawConfig,
    pick: impl Fn(&'a super::RawTenant) -> Option<&'a Spanned<Vec<Spanned<T>>>> + Copy,
) -> impl Iterator<Item = Granted<'a, T>> {
    let tenants = raw.tenants.iter().flat_map(|tenants| tenants.value.iter()).enumerate();
    tenants.flat_map(move |(number, (name, tenant))| {
        let items = pick(&tenant.value).into_iter().flat_map(|list| &list.value);
        items.map(move |item| Granted { number, tenant: &name.value, what: &item.value, place: &item.place })
    })
}

/// Which places were told already, so that one grant that clashes with thousands is one error.
#[derive(Debug)]
struct Told(Vec<bool>);

impl Told {
    fn none_of(count: usize) -> Self {
        Self(vec![false; count])
    }

    /// Whether this is the first time for `index`.
    fn is_news(&mut self, index: usize) -> bool {
        self.0.get_mut(index).is_some_and(|told| !std::mem::replace(told, true))
    }
}

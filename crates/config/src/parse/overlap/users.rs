//! An account acts for one tenant.

use super::{Told, granted};
use crate::parse::RawConfig;
use std::collections::BTreeMap;
use wharf_document::Errors;
use wharf_model::User;

/// No account and no group is named by two tenants. Whether somebody is in groups of two is seen when they knock.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    let users: Vec<_> = granted(raw, |tenant| tenant.users.as_ref()).collect();
    let mut first_of: BTreeMap<&User, usize> = BTreeMap::new();
    let mut told = Told::none_of(users.len());
    for (index, user) in users.iter().enumerate() {
        let first = *first_of.entry(user.what).or_insert(index);
        let Some(other) = users.get(first).filter(|other| other.number != user.number) else { continue };
        for (index, one, other) in [(first, other, user), (index, user, other)] {
            if told.is_news(index) {
                let message = format!("`{}` is a user of the tenant `{}`, too", one.what, other.tenant);
                let help = format!(
                    "the other is at line {}; an account acts for one tenant: keep one",
                    other.place.line()
                );
                errors.push_at(one.place, message, Some(help));
            }
        }
    }
}

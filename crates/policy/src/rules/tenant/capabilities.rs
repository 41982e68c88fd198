//! capabilities: beyond the base they are granted, and two of the engine's default set are not in the base.
//!
//! With `NET_RAW` a container speaks in another's name on their network; with `MKNOD` it makes device files, which are
//! obeyed wherever a user of the host reaches them.

use super::case::Case;
use crate::tenant::{BASE_CAPABILITIES, UNGRANTED_CAPABILITIES};
use crate::{Denial, Rule};
use wharf_wire::tenant::HostSettings;

pub(crate) fn check(case: &Case<'_>, host: &HostSettings) -> Result<(), Denial> {
    let granted = &case.grant().capabilities;
    let may_have = |name: &str| BASE_CAPABILITIES.contains(&name) || granted.contains(name);
    // The engine lets what is added stand over what is dropped, and takes an added `ALL` at its word.
    if let Some(added) = host.cap_add.iter().find(|added| !may_have(added)) {
        return Err(Denial::new(
            Rule::Capabilities,
            format!("capability `{added}` is not granted"),
            case.ask_for("capabilities"),
        ));
    }
    let keeps = |name: &&&str| !host.cap_drop.contains("ALL") && !host.cap_drop.contains(**name);
    match UNGRANTED_CAPABILITIES.iter().filter(|name| !granted.contains(**name)).find(keeps) {
        Some(kept) => Err(Denial::new(
            Rule::Capabilities,
            format!("the container would keep `{kept}`, which is not granted"),
            case.ask_for("capabilities"),
        )),
        None => Ok(()),
    }
}

//! devices: containers make no device files. Containers' user numbers are the host's: a local user whose number a process
//! in the container takes reaches the container's files through `/proc/<pid>/root`, and a device file is obeyed there.

use crate::{Denial, Rule};
use std::collections::BTreeSet;
use wharf_model::EngineName;

pub(crate) fn check(name: &EngineName, cap_drop: &BTreeSet<String>) -> Result<(), Denial> {
    if cap_drop.contains("MKNOD") || cap_drop.contains("ALL") {
        return Ok(());
    }
    let reason = format!("container `{name}` would keep MKNOD");
    Err(Denial::new(
        Rule::Devices,
        reason,
        "no pod's container makes device files; wharf drops MKNOD from all of them",
    ))
}

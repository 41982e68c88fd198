//! All that is asked of a tenant's new container, beyond that everything it names is the tenant's own.

use super::case::Case;
use super::{capabilities, labels, limits, mounts, names, network, ports, process, resources};
use crate::{Denial, Rule};
use wharf_wire::tenant::{MountKind, TenantContainer};

pub(crate) fn check(case: &Case<'_>, container: &TenantContainer) -> Result<(), Denial> {
    names::check_owner(case, &container.owner)?;
    names::check(case, &container.name)?;
    let own_labels = container.process.labels.as_ref();
    labels::check_container(case, &container.name.name, own_labels)?;
    labels::check_image(case, &container.image, own_labels)?;
    process::check_directory(container.process.working_dir.as_deref())?;
    capabilities::check(case, &container.host)?;
    mounts::check(case, container)?;
    network::check_mode(&container.network)?;
    ports::check(case, &container.host)?;
    check_cgroup(case, container)?;
    resources::check_creation(container)?;
    limits::check_creation(case, container)?;
    let anonymous = container.mounts.iter().filter(|m| matches!(m.kind, MountKind::AnonymousVolume { .. }));
    limits::check_volumes(case, anonymous.count())?;
    limits::check_disk(case)
}

/// The tenant's own control group, whichever way the engine makes them, or the engine's choice where it takes none.
fn check_cgroup(case: &Case<'_>, container: &TenantContainer) -> Result<(), Denial> {
    use crate::CgroupDriver::{Cgroupfs, Systemd};
    let Some(parent) = &container.cgroup_parent else { return Ok(()) };
    let own = |driver| crate::cgroup_parent(case.tenant, driver).is_some_and(|own| own == *parent);
    if own(Systemd) || own(Cgroupfs) {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Limits,
        format!("control group `{parent}` is not the tenant's own"),
        "leave it out: every container of a tenant runs under the tenant's own",
    ))
}

//! The control group under which a tenant's containers run.

use wharf_model::TenantId;

/// How the engine makes control groups, as its `/info` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CgroupDriver {
    /// Slices of systemd's: `-` in a name nests.
    Systemd,
    /// Plain directories.
    Cgroupfs,
    /// None at all (a rootless engine on cgroup v1).
    None,
}

/// The tenant's own control group, in the words of the engine's driver. All generations of a name share one: it
/// carries the grant, and only one of them has one.
pub fn cgroup_parent(tenant: &TenantId, driver: CgroupDriver) -> Option<String> {
    match driver {
        // systemd reads `a-b.slice` as `b` within `a`; a tenant's own `-` would nest it in another tenant's slice.
        CgroupDriver::Systemd => Some(format!("wharf-{}.slice", tenant.name.as_str().replace('-', "_"))),
        CgroupDriver::Cgroupfs => Some(format!("/wharf/{}", tenant.name)),
        CgroupDriver::None => None,
    }
}

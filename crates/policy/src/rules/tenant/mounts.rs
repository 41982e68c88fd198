//! mounts: of the host a container sees what was pinned for this very call, and the tenant's own socket.

use super::case::Case;
use crate::rules::mounts::is_kernels;
use crate::{Denial, Rule};
use wharf_model::VolumeName;
use wharf_wire::tenant::{MountKind, TenantContainer};

pub(crate) fn check(case: &Case<'_>, container: &TenantContainer) -> Result<(), Denial> {
    for mount in &container.mounts {
        if is_kernels(&mount.target) {
            return Err(Denial::new(
                Rule::Mounts,
                format!("target `{}` lies in a directory of the kernel's", mount.target),
                "nothing is mounted over /proc or /sys; choose another target",
            ));
        }
        check_kind(case, &mount.kind)?;
    }
    Ok(())
}

fn check_kind(case: &Case<'_>, kind: &MountKind<VolumeName>) -> Result<(), Denial> {
    match kind {
        // Whose the volume is was asked already; how much memory, `resources` asks.
        MountKind::Volume { subpath, .. } => match subpath.as_deref().filter(|path| !is_below(path)) {
            Some(path) => Err(Denial::new(
                Rule::Mounts,
                format!("`{path}` is not a path below the volume's root"),
                "name a directory in the volume, without `..`",
            )),
            None => Ok(()),
        },
        MountKind::AnonymousVolume { .. } | MountKind::Tmpfs { .. } => Ok(()),
        MountKind::Host { path } => Err(Denial::new(
            Rule::Mounts,
            format!("`{path}` of the host is not mounted as it is"),
            format!("use a named volume, or {}", case.ask_for("mounts")),
        )),
        MountKind::Pinned { place } if case.facts.places.contains(place) => Ok(()),
        MountKind::GatewaySocket { path } if case.facts.gateway_socket.as_ref() == Some(path) => Ok(()),
        MountKind::Pinned { place: path } | MountKind::GatewaySocket { path } => Err(Denial::new(
            Rule::Mounts,
            format!("`{path}` was not prepared for this container"),
            "try again; a directory is prepared anew for each container",
        )),
    }
}

/// Relative, and no component climbs.
fn is_below(path: &str) -> bool {
    !path.starts_with('/') && !path.contains('\0') && path.split('/').all(|part| part != "..")
}

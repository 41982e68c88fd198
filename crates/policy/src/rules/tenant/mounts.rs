//! mounts: of the host a container sees what was pinned for this very call, and the tenant's own socket.

use super::case::Case;
use super::labels;
use crate::rules::mounts::{check_pod_directories, is_kernels};
use crate::{Denial, Rule};
use wharf_model::VolumeName;
use wharf_wire::tenant::{MountKind, PodDirectory, TenantContainer};

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
    check_pod_directories(pod_directories(container), &case.facts.mounted_paths)
}

/// Directories of the tenant's pods that the container is to have.
pub(crate) fn pod_directories(container: &TenantContainer) -> impl Iterator<Item = &PodDirectory> {
    container.mounts.iter().filter_map(|mount| match &mount.kind {
        MountKind::PodDirectory(directory) => Some(directory),
        _ => None,
    })
}

/// The tenant's own, or a former one's that was adopted, of a pod that it may manage.
fn check_pod_directory(case: &Case<'_>, directory: &PodDirectory) -> Result<(), Denial> {
    let is_below = case.grants.mount_root.as_ref() == Some(&directory.root);
    if !is_below || !case.owns(&directory.tenant) {
        return Err(Denial::new(
            Rule::Mounts,
            format!("`{}` is not a directory of your pods", directory.path()),
            "`wharf whoami` says where those are; or use a named volume",
        ));
    }
    labels::check_managed(case, directory.pod.as_str())
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
        MountKind::PodDirectory(directory) => check_pod_directory(case, directory),
        MountKind::Host { path, .. } => Err(Denial::new(
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

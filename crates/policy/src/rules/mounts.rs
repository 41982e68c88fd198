//! mounts: host directories come from below the pod's own, and never from inside one another.
//!
//! A container that has `data` can make `data/sub` a link to `/etc`; a member that mounts `data/sub` then sees the
//! host's `/etc` (proved on moby-derp, on a real engine). Where no source lies inside another, wished or observed, no
//! container can change a component above any mounted directory.

use crate::{Denial, Facts, Grants, Rule};
use wharf_model::{MountSource, PodName, TargetPath};
use wharf_wire::tenant::PodDirectory;
use wharf_wire::{Bind, BindSource, Settings};

pub(crate) fn check(pod: &PodName, binds: &[Bind], facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    let sources: Vec<&MountSource> = binds
        .iter()
        .map(|bind| check_source(pod, bind, facts, grants))
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    let observed = observed_sources(pod, facts, grants);
    for source in &sources {
        let others = sources.iter().copied().chain(&observed);
        if let Some(other) =
            others.into_iter().find(|other| source.is_inside(other) || other.is_inside(source))
        {
            return Err(nested(pod, source, other));
        }
    }
    Ok(())
}

/// What lies over the kernel's own directories takes the engine's protection of them away; runc refuses most of it, and
/// not a memory file system over `/proc/sys` (seen on 20.10).
pub(crate) fn check_targets(settings: &Settings) -> Result<(), Denial> {
    let targets = settings
        .binds
        .iter()
        .map(|bind| &bind.target)
        .chain(settings.tmpfs.iter().map(|tmpfs| &tmpfs.target));
    match targets.into_iter().find(|target| is_kernels(target)) {
        Some(target) => {
            let reason = format!("target `{target}` lies in a directory of the kernel's");
            Err(Denial::new(
                Rule::Mounts,
                reason,
                "nothing is mounted over /proc or /sys; choose another target",
            ))
        }
        None => Ok(()),
    }
}

pub(crate) fn is_kernels(target: &TargetPath) -> bool {
    matches!(target.as_str().split('/').nth(1), Some("proc" | "sys"))
}

fn check_source<'a>(
    pod: &PodName,
    bind: &'a Bind,
    facts: &Facts,
    grants: &Grants,
) -> Result<Option<&'a MountSource>, Denial> {
    match &bind.source {
        BindSource::HostResolvConf if grants.host_resolv_conf && bind.readonly => Ok(None),
        BindSource::HostResolvConf => Err(Denial::new(
            Rule::Mounts,
            "the host's /etc/resolv.conf is not for containers on this host",
            "ask the administrator (`use_host_resolv_conf`)",
        )),
        // The rule `secrets` judges it.
        BindSource::Secrets(_) => Ok(None),
        BindSource::PodDirectory { root, pod: owner, source } => {
            let Some(mount_root) = root_of(facts, grants) else {
                return Err(Denial::new(
                    Rule::Mounts,
                    format!("source `{source}` cannot be mounted: this host has no mount root"),
                    "the administrator sets `mount_root` in /etc/wharf/host.yml",
                ));
            };
            if owner == pod && root == mount_root {
                return Ok(Some(source));
            }
            let reason = format!("source `{source}` is outside the pod's own directory");
            Err(Denial::new(Rule::Mounts, reason, format!("a pod mounts what lies below {mount_root}/{pod}")))
        }
    }
}

/// What the pod's containers mount now, below the pod's own directory.
fn observed_sources(pod: &PodName, facts: &Facts, grants: &Grants) -> Vec<MountSource> {
    let Some(root) = root_of(facts, grants) else {
        return Vec::new();
    };
    let prefix = format!("{}/{pod}/", root.trim_end_matches('/'));
    facts.mounted_paths.iter().filter_map(|path| path.strip_prefix(&prefix)?.parse().ok()).collect()
}

/// A gateway's own, when the engine is one.
fn root_of<'a>(facts: &'a Facts, grants: &'a Grants) -> Option<&'a String> {
    facts.kept_root.as_ref().or(grants.mount_root.as_ref())
}

/// What a tenant's container is to have of the tenant's pods, beside what its other containers have.
pub(crate) fn check_pod_directories<'a>(
    wished: impl Iterator<Item = &'a PodDirectory>,
    mounted: &[String],
) -> Result<(), Denial> {
    let wished: Vec<&PodDirectory> = wished.collect();
    for directory in &wished {
        let PodDirectory { root, tenant, pod, source } = *directory;
        let observed: Vec<PodDirectory> =
            mounted.iter().filter_map(|path| PodDirectory::from_path(root, path)).collect();
        let of_the_pod = wished
            .iter()
            .copied()
            .chain(&observed)
            .filter(|other| (&other.tenant, &other.pod) == (tenant, pod));
        for other in of_the_pod.map(|other| &other.source) {
            if source.is_inside(other) || other.is_inside(source) {
                return Err(nested(pod, source, other));
            }
        }
    }
    Ok(())
}

fn nested(pod: &PodName, source: &MountSource, other: &MountSource) -> Denial {
    let (inner, outer) = if source.is_inside(other) { (source, other) } else { (other, source) };
    let reason = format!("source `{inner}` lies inside source `{outer}` of the same pod");
    let hint = format!(
        "a container that has `{outer}` could make `{inner}` a link to anywhere; give each its own directory side by \
         side (if `{outer}` is of a container that goes away, `wharf down {pod}` first)"
    );
    Denial::new(Rule::Mounts, reason, hint)
}

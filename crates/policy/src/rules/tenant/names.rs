//! names: what is made for a tenant bears the tenant's name, and the labels of whoever asked.

use super::case::Case;
use crate::{Denial, Grants, Owned, Rule};
use wharf_model::{ContainerId, PodName, TenantId, TenantObject, VolumeName};
use wharf_wire::tenant::{Owner, TenantCall};

/// The same for a volume: nobody makes one under a name as the engine chooses them, which says nobody's.
pub(crate) fn check_volume(case: &Case<'_>, name: &VolumeName) -> Result<(), Denial> {
    match name {
        VolumeName::Named(name) => check(case, name),
        VolumeName::Anonymous(_) => Err(Denial::new(
            Rule::Names,
            format!("`{name}` is a name as the engine gives them"),
            "choose another name, or none",
        )),
    }
}

pub(crate) fn check(case: &Case<'_>, name: &TenantObject) -> Result<(), Denial> {
    bears(name, case.tenant)
}

/// What was adopted keeps its former tenant's name before its own, as in its labels.
pub(crate) fn check_renamed(
    case: &Case<'_>,
    container: &ContainerId,
    name: &TenantObject,
) -> Result<(), Denial> {
    // That it is the tenant's was asked before.
    bears(name, case.facts.container(container).map_or(case.tenant, Owned::tenant))
}

fn bears(name: &TenantObject, tenant: &TenantId) -> Result<(), Denial> {
    if name.tenant == *tenant {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Names,
        format!("`{}` would bear another tenant's name", name.name),
        "names are the tenant's own",
    ))
}

/// Never an earlier generation's: what is made now is the present tenant's.
pub(crate) fn check_owner(case: &Case<'_>, owner: &Owner) -> Result<(), Denial> {
    if owner.user == case.user { check_tenant(case, &owner.tenant) } else { Err(in_anothers_name()) }
}

/// As [`check_owner`], where no account is remembered.
pub(crate) fn check_tenant(case: &Case<'_>, tenant: &TenantId) -> Result<(), Denial> {
    if tenant == case.tenant { Ok(()) } else { Err(in_anothers_name()) }
}

fn in_anothers_name() -> Denial {
    Denial::new(
        Rule::Tenant,
        "it would be made in another's name",
        "what a tenant makes is its own, and says which account asked",
    )
}

/// Name and labels agree, or nobody would own what is made.
pub(crate) fn check_agreement(call: &TenantCall) -> Result<(), Denial> {
    let made = match call {
        TenantCall::CreateContainer { container, .. } => Some((&container.name, &container.owner)),
        TenantCall::CreateVolume(volume) => match &volume.name {
            VolumeName::Named(name) => Some((name, &volume.owner)),
            VolumeName::Anonymous(_) => None,
        },
        TenantCall::CreateNetwork(network) => Some((&network.name, &network.owner)),
        _ => None,
    };
    match made {
        Some((name, owner)) if name.tenant != owner.tenant => Err(Denial::new(
            Rule::Names,
            format!("`{name}` would bear another name than that of its tenant `{}`", owner.tenant),
            "name and labels say the same",
        )),
        _ => Ok(()),
    }
}

/// A pod of the machine's own is not called as a tenant's containers are: `alice--web` would be either's.
pub(crate) fn check_pod(pod: &PodName, grants: &Grants) -> Result<(), Denial> {
    if let (Some(root), Some(tenant)) = (&grants.mount_root, TenantId::from_engine(pod.as_str()))
        && grants.tenants.contains_key(&tenant.name)
    {
        return Err(Denial::new(
            Rule::Names,
            format!("`{}/{pod}` has the directories of tenant `{}`", root.trim_end_matches('/'), tenant.name),
            "call the pod otherwise than the tenant",
        ));
    }
    match TenantObject::from_engine(pod.as_str()) {
        Some(object) if grants.tenants.contains_key(&object.tenant.name) => Err(Denial::new(
            Rule::Names,
            format!("pod `{pod}` is called as what tenant `{}` has", object.tenant),
            format!("choose a name that does not begin with `{}--`", object.tenant),
        )),
        _ => Ok(()),
    }
}

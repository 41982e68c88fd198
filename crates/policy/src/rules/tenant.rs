//! What tenants may do: each kind of their calls states its rules here. The rules are one file each below.
//!
//! Nothing is compared with words of the request's: every name is a full id, or of a type that knows whose it is.

mod capabilities;
mod case;
mod creation;
mod images;
mod labels;
mod limits;
mod mounts;
mod names;
mod network;
mod objects;
mod ownership;
mod ports;
mod process;
mod quantity;
mod registry;
mod resources;

pub(crate) use names::check_pod as check_pod_name;

use crate::{Actor, Denial, Effect, Facts, Grants, Rule};
use case::Case;
use wharf_wire::tenant::{ContainerAct, PodDirectory, TenantCall};

/// What must be done on the host before a tenant's call.
pub(crate) fn effects(call: &TenantCall, facts: &Facts) -> Vec<Effect> {
    let TenantCall::CreateContainer { container, .. } = call else { return Vec::new() };
    let source = |directory: &PodDirectory| Effect::MountSource {
        tenant: Some(directory.tenant.clone()),
        pod: directory.pod.clone(),
        source: directory.source.clone(),
        owner: facts.container_root,
    };
    mounts::pod_directories(container).map(source).collect()
}

/// A tenant's request is always a call of the gateway's.
pub(crate) fn not_through_the_gateway() -> Denial {
    Denial::new(
        Rule::Tenant,
        "a tenant reaches the engine through the gateway alone",
        "use the gateway's socket",
    )
}

pub(crate) fn check(actor: &Actor, call: &TenantCall, facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    match actor {
        // Not limited, but held to what is some tenant's: what wharf did not make, it does not touch.
        Actor::Administrator => {
            names::check_agreement(call)?;
            objects::check_each(call, &mut |object| ownership::check_anyones(object, &facts.tenant))
        }
        Actor::Pod(_) => Err(Denial::new(
            Rule::Tenant,
            "tenants' objects are not for those who manage one pod",
            "ask the tenant, or the administrator",
        )),
        Actor::Tenant(actor) => {
            let case = Case::of(actor, facts, grants)?;
            objects::check_each(call, &mut |object| ownership::check(object, &case))?;
            check_kind(&case, call)
        }
    }
}

/// Beyond that every object which the call names is the tenant's own.
fn check_kind(case: &Case<'_>, call: &TenantCall) -> Result<(), Denial> {
    match call {
        TenantCall::CreateContainer { container, .. } => creation::check(case, container),
        TenantCall::Container { act, .. } => check_act(case, act),
        TenantCall::RenameContainer { container, name } => names::check_renamed(case, container, name),
        TenantCall::CreateExec { exec, .. } => process::check_directory(exec.working_dir.as_deref()),
        TenantCall::Commit { commit, owner, .. } => {
            names::check_owner(case, owner)?;
            process::check_changes(&commit.changes)?;
            labels::check_changes(case, &commit.changes)?;
            limits::check_disk(case)
        }
        TenantCall::InspectDistribution { image, credentials } => {
            images::check_known(case, image)?;
            registry::check(image, credentials.as_ref())?;
            // A pull begins with this question, and is refused before a registry hears of it.
            limits::check_disk(case)
        }
        TenantCall::Pull { image, digest, credentials, .. } => {
            images::check_pull(case, image, digest)?;
            registry::check(image, credentials.as_ref())?;
            limits::check_disk(case)
        }
        TenantCall::LoadImages { tenant, .. } => {
            names::check_tenant(case, tenant)?;
            limits::check_disk(case)
        }
        TenantCall::TagImage { image, tag } => images::check_tag(case, image, tag),
        TenantCall::RemoveDigest { image, digest } => images::check_pull(case, image, digest),
        TenantCall::TagForPush { to: image, .. } | TenantCall::UntagAfterPush { image } => {
            images::check_push(case, image)
        }
        TenantCall::RestoreAfterPush { image, to } => images::check_restored(case, image, to),
        TenantCall::Push { image, credentials } => {
            images::check_push(case, image)?;
            registry::check(image, credentials.as_ref())
        }
        TenantCall::CheckCredentials(account) => registry::check_granted(case, account),
        TenantCall::CreateVolume(volume) => {
            names::check_owner(case, &volume.owner)?;
            names::check_volume(case, &volume.name)?;
            labels::check(case, &volume.labels)?;
            limits::check_volumes(case, 1)?;
            limits::check_disk(case)
        }
        TenantCall::CreateNetwork(wish) => {
            names::check_owner(case, &wish.owner)?;
            names::check(case, &wish.name)?;
            labels::check(case, &wish.labels)?;
            network::check_creation(case, wish)?;
            limits::check_networks(case, &wish.name)
        }
        // Whose they are is all there is to ask.
        TenantCall::ListContainers { .. }
        | TenantCall::ListImages { .. }
        | TenantCall::ListVolumes { .. }
        | TenantCall::ListNetworks { .. }
        | TenantCall::Exec { .. }
        | TenantCall::SaveImages { .. }
        | TenantCall::Image { .. }
        | TenantCall::RemoveTag { .. }
        | TenantCall::Volume { .. }
        | TenantCall::Network { .. }
        | TenantCall::Connect { .. }
        | TenantCall::Disconnect { .. } => Ok(()),
    }
}

fn check_act(case: &Case<'_>, act: &ContainerAct) -> Result<(), Denial> {
    match act {
        ContainerAct::Start { .. } | ContainerAct::Restart { .. } => limits::check_start(case),
        ContainerAct::Update { resources, restart } => {
            resources::check_update(resources, &case.facts.asking)?;
            limits::check_update(case, resources, *restart)
        }
        ContainerAct::WritePath { .. } => limits::check_disk(case),
        ContainerAct::Inspect { .. }
        | ContainerAct::Top { .. }
        | ContainerAct::Logs(_)
        | ContainerAct::Changes
        | ContainerAct::Export
        | ContainerAct::Stats { .. }
        | ContainerAct::StatPath { .. }
        | ContainerAct::ReadPath { .. }
        | ContainerAct::Attach(_)
        | ContainerAct::Stop { .. }
        | ContainerAct::Kill { .. }
        | ContainerAct::Pause
        | ContainerAct::Unpause
        | ContainerAct::Wait { .. }
        | ContainerAct::Resize(_)
        | ContainerAct::Remove { .. } => Ok(()),
    }
}

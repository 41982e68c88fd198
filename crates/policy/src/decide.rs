//! The one decision.

use crate::rules::{
    administrator, devices, labels, mounts, net_raw, network, ownership, pod_scope, ports, registry, secrets,
    tenant, workstation,
};
use crate::{Actor, Denial, Effect, Facts, Grants, Permit, SecretDelivery};
use wharf_model::{ContainerId, EngineName, ImageId, PodName};
use wharf_wire::{BindSource, Call, ContainerSpec, Place, RootPlace, Settings};

/// May `actor` have this done? Deny by default: each kind of call states its rules here, and a kind without a line
/// does not compile.
///
/// # Errors
/// The first rule that refuses.
pub fn decide(actor: &Actor, call: Call, facts: &Facts, grants: &Grants) -> Result<Permit, Denial> {
    if let (Actor::Tenant(_), false) = (actor, matches!(call, Call::Tenant(_))) {
        return Err(tenant::not_through_the_gateway());
    }
    let effects = match &call {
        Call::Tenant(call) => {
            tenant::check(actor, call, facts, grants)?;
            tenant::effects(call, facts)
        }
        Call::Workstation(call) => {
            workstation::check(actor, call, &facts.workstations)?;
            Vec::new()
        }
        Call::Verbatim(_) => {
            administrator::check(actor)?;
            Vec::new()
        }
        Call::CreateContainer { name, image, spec } => {
            if let Place::Member(_) = spec.place {
                labels::check_image(image, facts, grants)?;
            }
            creation(actor, name, spec, facts, grants)?
        }
        Call::StartContainer(id)
        | Call::StopContainer(id)
        | Call::RestartContainer(id)
        | Call::SignalContainer { container: id, .. }
        | Call::RemoveContainer(id)
        | Call::ReadLogs { container: id, .. }
        | Call::CreateExec { container: id, .. } => own_container(actor, id, facts)?,
        Call::StartExec { exec, .. } | Call::ResizeExec { exec, .. } => {
            pod_scope::check(actor, ownership::check_exec(exec, facts)?.pod())?;
            Vec::new()
        }
        Call::PullImage { image, credentials } => {
            registry::check(actor, image, credentials.as_ref(), grants)?;
            Vec::new()
        }
        Call::LoadPauseImage(_) => Vec::new(), // the content is ours, whoever asks
    };
    Ok(Permit::new(call, effects))
}

/// May `actor` manage this pod at all? For refusing before anything is read or asked.
///
/// # Errors
/// [`crate::Rule::PodScope`].
pub fn check_pod_scope(actor: &Actor, pod: &PodName) -> Result<(), Denial> {
    pod_scope::check(actor, pod)
}

fn own_container(actor: &Actor, id: &ContainerId, facts: &Facts) -> Result<Vec<Effect>, Denial> {
    pod_scope::check(actor, ownership::check_container(id, facts)?.pod())?;
    Ok(Vec::new())
}

fn creation(
    actor: &Actor,
    name: &EngineName,
    spec: &ContainerSpec,
    facts: &Facts,
    grants: &Grants,
) -> Result<Vec<Effect>, Denial> {
    let root = match &spec.place {
        Place::Root(root) => {
            ownership::check_place(name, None, facts)?;
            Some(root.as_ref())
        }
        Place::Member(member) => {
            ownership::check_place(name, Some(&member.root), facts)?;
            None
        }
    };
    foresee_creation(actor, name, &spec.settings, root, facts, grants)?;
    Ok(spec.settings.binds.iter().filter_map(|bind| effect_of(&bind.source, facts)).collect())
}

/// Would a container with these settings be permitted, once its root container exists? The same rules as [`decide`],
/// less the one about the root container's id: so that a refusal comes before anything is stopped.
///
/// # Errors
/// The first rule that refuses.
pub fn foresee_creation(
    actor: &Actor,
    name: &EngineName,
    settings: &Settings,
    root: Option<&RootPlace>,
    facts: &Facts,
    grants: &Grants,
) -> Result<(), Denial> {
    let pod = &name.pod;
    pod_scope::check(actor, pod)?;
    tenant::check_pod_name(pod, grants)?;
    labels::check(pod, &settings.labels, grants)?;
    devices::check(name, &settings.cap_drop)?;
    net_raw::check(name, &settings.cap_drop, grants)?;
    mounts::check_targets(settings)?;
    mounts::check(pod, &settings.binds, facts, grants)?;
    secrets::check(name, settings, grants)?;
    if let Some(root) = root {
        network::check(&root.network, facts, grants)?;
        ports::check(pod, &root.published, grants)?;
    }
    Ok(())
}

/// Would a member made of this image be permitted, as far as the image's own labels go?
///
/// # Errors
/// [`crate::Rule::Labels`].
pub fn foresee_image(image: &ImageId, facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    labels::check_image(image, facts, grants)
}

fn effect_of(source: &BindSource, facts: &Facts) -> Option<Effect> {
    match source {
        // A gateway makes it itself.
        BindSource::PodDirectory { .. } if facts.kept_root.is_some() => None,
        BindSource::PodDirectory { pod, source, .. } => Some(Effect::MountSource {
            tenant: None,
            pod: pod.clone(),
            source: source.clone(),
            owner: facts.container_root,
        }),
        BindSource::HostResolvConf => None,
        BindSource::Secrets(bind) => Some(Effect::DeliverSecrets(SecretDelivery::new((**bind).clone()))),
    }
}

/// May what a container has at present be brought up to date, as far as its secrets go? The same rules as for making it.
///
/// # Errors
/// The first rule that refuses.
pub fn decide_delivery(
    actor: &Actor,
    name: &EngineName,
    settings: &Settings,
    facts: &Facts,
    grants: &Grants,
) -> Result<Option<SecretDelivery>, Denial> {
    foresee_creation(actor, name, settings, None, facts, grants)?;
    let secrets = settings.binds.iter().find_map(|bind| match &bind.source {
        BindSource::Secrets(bind) => Some(SecretDelivery::new((**bind).clone())),
        _ => None,
    });
    Ok(secrets)
}

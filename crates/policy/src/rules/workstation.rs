//! workstation: pet containers are of whoever holds the engine's endpoint himself; what is not a workstation's own, by
//! name and label, is left alone; and no workstation is given an engine's socket.

use crate::rules::mounts;
use crate::{Actor, Denial, Home, OwnedWorkstation, Rule, WorkstationFacts};
use wharf_model::{ContainerId, ImageId, TargetPath, WorkstationContainer, WorkstationName, WorkstationRole};
use wharf_wire::workstation::{HostBind, WorkstationAct, WorkstationCall, WorkstationImage, WorkstationSpec};

const LOOK: &str = "look at it with `docker inspect`; remove or rename it yourself if it is in the way";

pub(crate) fn check(actor: &Actor, call: &WorkstationCall, facts: &WorkstationFacts) -> Result<(), Denial> {
    check_actor(actor)?;
    match call {
        WorkstationCall::CreateHome(name) => check_home(name, facts, &[Home::Absent, Home::Own]),
        WorkstationCall::RemoveHome(name) => check_home(name, facts, &[Home::Own]),
        WorkstationCall::Create { container, spec, .. } => {
            check_place(container)?;
            check_home(&container.workstation, facts, &[Home::Own])?;
            check_mounts(spec)
        }
        // Whatever stands in its way is refused by the engine, and what it makes is labelled by us.
        WorkstationCall::CreateMaker { .. } | WorkstationCall::Build { .. } => Ok(()),
        WorkstationCall::Container { container, act } => check_act(owned(container, facts)?, act),
        WorkstationCall::CreateExec { container, .. } => check_entered(owned(container, facts)?),
        WorkstationCall::StartExec { exec, .. } | WorkstationCall::ResizeExec { exec, .. } => facts
            .owner_of_exec(exec)
            .map(drop)
            .ok_or_else(|| Denial::new(Rule::Ownership, "that exec does not run in a workstation", LOOK)),
        WorkstationCall::Commit { container, image } => check_commit(owned(container, facts)?, image),
        WorkstationCall::RemoveImage(image) => check_image(image, facts),
        WorkstationCall::RemoveUntagged(image) => check_untagged(image, facts),
    }
}

fn check_actor(actor: &Actor) -> Result<(), Denial> {
    match actor {
        Actor::Administrator => Ok(()),
        Actor::Pod(_) => Err(Denial::new(
            Rule::Workstation,
            "workstations are not managed for somebody else",
            "run it without sudo, as somebody who reaches the engine or its gateway",
        )),
        Actor::Tenant(_) => Err(Denial::new(
            Rule::Workstation,
            "a tenant's workstations are containers of its own",
            "ask through the gateway",
        )),
    }
}

fn owned<'a>(id: &ContainerId, facts: &'a WorkstationFacts) -> Result<&'a OwnedWorkstation, Denial> {
    facts.owner_of(id).ok_or_else(|| {
        let reason = format!("container {} is no workstation's own, by label and name", id.short());
        Denial::new(Rule::Ownership, reason, LOOK)
    })
}

fn check_home(name: &WorkstationName, facts: &WorkstationFacts, allowed: &[Home]) -> Result<(), Denial> {
    if facts.homes.get(name).is_some_and(|home| allowed.contains(home)) {
        return Ok(());
    }
    let reason = format!("volume `{}` is not known to be the workstation's own", name.home());
    Err(Denial::new(
        Rule::Ownership,
        reason,
        "look at it with `docker volume inspect`; remove it yourself if it is in the way",
    ))
}

/// What is made is the workstation, or is to become it.
fn check_place(container: &WorkstationContainer) -> Result<(), Denial> {
    if matches!(container.role, WorkstationRole::Itself | WorkstationRole::Next) {
        return Ok(());
    }
    let reason =
        format!("container `{container}` would have the name of something else of the workstation's");
    Err(Denial::new(
        Rule::Workstation,
        reason,
        "a workstation is made under its own name, or as the next one",
    ))
}

fn check_act(owned: &OwnedWorkstation, act: &WorkstationAct) -> Result<(), Denial> {
    let WorkstationAct::Rename(to) = act else { return Ok(()) };
    let from = owned.name();
    let steps = [
        (WorkstationRole::Itself, WorkstationRole::Former),
        (WorkstationRole::Former, WorkstationRole::Itself),
        (WorkstationRole::Next, WorkstationRole::Itself),
    ];
    if from.workstation == to.workstation && steps.contains(&(from.role, to.role)) {
        return Ok(());
    }
    let reason = format!("container `{from}` cannot become `{to}`");
    Err(Denial::new(Rule::Workstation, reason, "a workstation's containers keep to its own names"))
}

/// Commands are run where the workstation's user is whoever runs them: in a maker it would be root.
fn check_entered(owned: &OwnedWorkstation) -> Result<(), Denial> {
    if owned.name().role == WorkstationRole::Itself {
        return Ok(());
    }
    let reason = format!("container `{}` is not there to be entered", owned.name());
    Err(Denial::new(Rule::Workstation, reason, "enter the workstation itself"))
}

fn check_commit(owned: &OwnedWorkstation, image: &WorkstationImage) -> Result<(), Denial> {
    let maker = owned.name();
    if maker.role == WorkstationRole::Maker && maker.workstation == *image.workstation() {
        return Ok(());
    }
    let reason = format!("image `{image}` is not what container `{maker}` makes");
    Err(Denial::new(Rule::Workstation, reason, "an image is made in a maker of its own workstation"))
}

fn check_image(image: &WorkstationImage, facts: &WorkstationFacts) -> Result<(), Denial> {
    if facts.images.iter().any(|known| known.image() == image) {
        return Ok(());
    }
    let reason = format!("image `{image}` is not known to be made for the workstation");
    Err(Denial::new(Rule::Ownership, reason, "remove it yourself with `docker image rm`"))
}

fn check_untagged(image: &ImageId, facts: &WorkstationFacts) -> Result<(), Denial> {
    if facts.untagged.iter().any(|known| known.id() == image) {
        return Ok(());
    }
    let reason = format!("image `{image}` is not known to be made for the workstation");
    Err(Denial::new(Rule::Ownership, reason, "remove it yourself with `docker image rm`"))
}

/// What a workstation sees of its host is written in its file, and takes nothing of the walls around it away.
fn check_mounts(spec: &WorkstationSpec) -> Result<(), Denial> {
    spec.mounts.iter().try_for_each(|mount| check_mount(mount, spec))
}

fn check_mount(mount: &HostBind, spec: &WorkstationSpec) -> Result<(), Denial> {
    let denial = |reason: String, hint: &str| Err(Denial::new(Rule::Mounts, reason, hint));
    let HostBind { source, target, .. } = mount;
    if !is_plain(source) {
        let reason = format!("source `{source}` is no plain absolute path");
        return denial(reason, "write it from `/` on, without `..`");
    }
    if has_engine_socket(source) {
        let reason = format!("source `{source}` is, or holds, the socket of an engine");
        return denial(
            reason,
            "a workstation reaches engines by `contexts:`; whoever has a socket is root there",
        );
    }
    if mounts::is_kernels(target) {
        let reason = format!("target `{target}` lies in a directory of the kernel's");
        return denial(reason, "nothing is mounted over /proc or /sys; choose another target");
    }
    if OWN.into_iter().any(|own| overlap(own, target.as_str())) || is_above(target, &spec.home) {
        let reason = format!("target `{target}` lies over what wharf keeps or writes in a workstation");
        return denial(reason, "choose a target beside or below the home");
    }
    Ok(())
}

/// What wharf keeps or writes in a workstation: through a mount it would write the host's.
const OWN: [&str; 4] = ["/run/wharf", "/etc/passwd", "/etc/group", "/etc/gitconfig"];

fn is_plain(source: &str) -> bool {
    source.starts_with('/')
        && source.len() <= 4096
        && !source.contains('\0')
        && source.split('/').all(|part| part != "..")
}

/// Where engines listen, rootful ones; a rootless one's lies below its user's own directory of `/run/user`.
const SOCKETS: [&str; 3] = ["/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock"];

/// Whether a path is an engine's socket or a directory above one. The path is on the engine's host, where nobody can
/// look: this keeps mistakes out, and the gateway, where there is one, keeps out those who mean it.
fn has_engine_socket(source: &str) -> bool {
    let parts: Vec<&str> = source.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = format!("/{}", parts.join("/"));
    let path = path.strip_prefix("/var").filter(|rest| rest.starts_with("/run")).unwrap_or(&path);
    let is_socket = ["docker.sock", "containerd.sock", "podman.sock"].iter().any(|name| path.ends_with(name));
    let above = |socket: &&str| path == "/" || *socket == path || socket.starts_with(&format!("{path}/"));
    is_socket || path == "/var" || path == "/run/user" || SOCKETS.iter().any(above)
}

fn is_above(target: &TargetPath, home: &TargetPath) -> bool {
    target == home || home.as_str().starts_with(&format!("{target}/"))
}

fn overlap(own: &str, target: &str) -> bool {
    own == target || own.starts_with(&format!("{target}/")) || target.starts_with(&format!("{own}/"))
}

//! secrets: a container has its own secrets at `/run/secrets`, in memory and read-only, and nothing else reaches them.
//!
//! Whoever could mount the place, or a part of it that is not its own, would have other containers' secrets. So the place
//! is the host configuration's, everything below it follows from who the container is, and no other source lies in it.

use crate::{Denial, Grants, Rule};
use std::collections::BTreeSet;
use wharf_model::{EngineName, SecretOwner, TargetPath};
use wharf_wire::{Bind, BindSource, MOST_SECRETS, SECRETS_TARGET, SecretBind, Settings};

pub(crate) fn check(name: &EngineName, settings: &Settings, grants: &Grants) -> Result<(), Denial> {
    let place = grants.secret_place.as_deref();
    if let Some(bind) = place.and_then(|place| settings.binds.iter().find(|bind| reaches(bind, place))) {
        let reason = format!("`{}` would show secrets: the source lies where they are kept", bind.target);
        return Err(denial(reason, "the administrator keeps `mount_root` and `secret_place` apart"));
    }
    let mut own = settings.binds.iter().filter_map(|bind| match &bind.source {
        BindSource::Secrets(secrets) => Some((bind, secrets.as_ref())),
        _ => None,
    });
    let Some((bind, secrets)) = own.next() else { return Ok(()) };
    if own.next().is_some() {
        return Err(denial("a container has one directory of secrets", "remove the other"));
    }
    let Some(place) = place else {
        return Err(denial(
            "there is no place for secrets on this host",
            "`secret_place` in the host configuration names it",
        ));
    };
    check_whose(name, secrets, place)?;
    check_where(bind, settings)?;
    check_files(secrets)?;
    check_core(settings)
}

/// A pod's own directory that lies where secrets do, or around it.
fn reaches(bind: &Bind, place: &str) -> bool {
    matches!(bind.source, BindSource::PodDirectory { .. }) && {
        let path = bind.source.path();
        is_within(&path, place) || is_within(place, &path)
    }
}

fn is_within(inner: &str, outer: &str) -> bool {
    let mut inner = inner.split('/').filter(|part| !part.is_empty());
    outer.split('/').filter(|part| !part.is_empty()).all(|part| inner.next() == Some(part))
}

fn check_whose(name: &EngineName, secrets: &SecretBind, place: &str) -> Result<(), Denial> {
    let is_own = secrets.place == place
        && secrets.owner == SecretOwner::Machine
        && secrets.pod == name.pod
        && name.member.as_ref() == Some(&secrets.container);
    if is_own {
        return Ok(());
    }
    Err(denial(
        format!("`{}` holds the secrets of another container than `{name}`", secrets.path()),
        "a container has the secrets that its own entry of the pod file lists",
    ))
}

fn check_where(bind: &Bind, settings: &Settings) -> Result<(), Denial> {
    if bind.target.as_str() != SECRETS_TARGET || !bind.readonly {
        let reason = format!("secrets are seen at {SECRETS_TARGET}, read-only, and not at `{}`", bind.target);
        return Err(denial(reason, "images read where they are from variables: `env: DB_PASSWORD_FILE`"));
    }
    let others = settings.binds.iter().filter(|other| !std::ptr::eq(*other, bind)).map(|other| &other.target);
    let mut others = others.chain(settings.tmpfs.iter().map(|tmpfs| &tmpfs.target));
    let lies_there = |target: &&TargetPath| is_within(target.as_str(), SECRETS_TARGET);
    match others.find(lies_there) {
        Some(target) => {
            let reason = format!("`{target}` is where the container's secrets are");
            Err(denial(reason, "nothing else is mounted at /run/secrets or below; choose another target"))
        }
        None => Ok(()),
    }
}

fn check_files(secrets: &SecretBind) -> Result<(), Denial> {
    if secrets.files.len() > MOST_SECRETS {
        let reason = format!("a container has at most {MOST_SECRETS} secrets, and this one would have more");
        return Err(denial(reason, "they lie in memory that is never swapped out; remove some"));
    }
    let names: BTreeSet<_> = secrets.files.iter().map(|file| &file.file).collect();
    let fits = |mode: u32| mode & !0o777 == 0;
    if names.len() == secrets.files.len() && secrets.files.iter().all(|file| fits(file.mode)) {
        return Ok(());
    }
    Err(denial(
        "two secrets have one file, or a file has bits that are no permissions",
        "give each a `target` of its own",
    ))
}

/// A core dump would bring what a process has read to a disk.
fn check_core(settings: &Settings) -> Result<(), Denial> {
    let is_none = |limit: &wharf_wire::UlimitSpec| limit.name == "core" && limit.soft == 0 && limit.hard == 0;
    if settings.ulimits.iter().filter(|limit| limit.name == "core").all(is_none)
        && settings.ulimits.iter().any(is_none)
    {
        return Ok(());
    }
    Err(denial("a container with secrets would leave core dumps", "it has `ulimit-core: 0`"))
}

fn denial(reason: impl Into<String>, hint: &str) -> Denial {
    Denial::new(Rule::Secrets, reason, hint)
}

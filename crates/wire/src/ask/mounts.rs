//! What a container sees of file systems: binds, mounts, memory, and volumes without a name.

mod options;

use crate::ask::object::Object;
use crate::ask::reading::{container, is_name, one_line};
use crate::ask::{Forbidden, Refusal, volume};
use crate::tenant::{MountKind, MountSpec, VolumesFrom};
use options::BindOptions;
use std::collections::BTreeSet;
use wharf_model::TargetPath;

type Mount = MountSpec<String>;

/// The engine's sockets: who asks for one gets the gateway's.
const ENGINE_SOCKETS: [&str; 2] = ["/var/run/docker.sock", "/run/docker.sock"];

/// All mounts. Of two at one place the engine refuses the second, except for volumes without a name, which it leaves out.
pub(crate) fn read(said: &mut Object, anonymous: Vec<String>) -> Result<Vec<Mount>, Refusal> {
    let mut mounts = Vec::new();
    for text in said.texts("Binds")?.unwrap_or_default() {
        mounts.push(bind(&text)?);
    }
    for mount in said.objects("Mounts")? {
        mounts.push(options::mount(mount)?);
    }
    for (path, text) in said.text_map("Tmpfs")?.unwrap_or_default() {
        mounts.push(options::tmpfs(target(&path)?, &text)?);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = mounts.iter().find(|mount| !seen.insert(mount.target.as_str())) {
        return Err(Refusal::malformed(format!("Duplicate mount point: {}", twice.target)));
    }
    for path in anonymous {
        let target = target(&path)?;
        if !mounts.iter().any(|mount| mount.target == target) {
            mounts.push(MountSpec {
                target,
                readonly: false,
                kind: MountKind::AnonymousVolume { no_copy: false },
            });
        }
    }
    Ok(mounts)
}

/// `VolumesFrom`: `container[:ro]`.
pub(crate) fn volumes_from(said: &mut Object) -> Result<Vec<VolumesFrom<String>>, Refusal> {
    let read = |text: String| {
        let (name, mode) = text.split_once(':').unwrap_or((&text, ""));
        let readonly = match mode {
            "" | "rw" => false,
            "ro" => true,
            _ => return Err(Refusal::malformed(format!("invalid mode for volumes-from: {mode}"))),
        };
        Ok(VolumesFrom { container: container(name)?, readonly })
    };
    said.texts("VolumesFrom")?.unwrap_or_default().into_iter().map(read).collect()
}

pub(crate) fn target(text: &str) -> Result<TargetPath, Refusal> {
    let text = one_line("a mount's target", text.to_owned())?;
    text.parse().map_err(|error| Refusal::malformed(format!("invalid mount target `{text}`: {error}")))
}

/// `source:target[:options]`, or `target` alone.
fn bind(text: &str) -> Result<Mount, Refusal> {
    let invalid = || Refusal::malformed(format!("invalid volume specification: '{text}'"));
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [alone] => {
            let kind = MountKind::AnonymousVolume { no_copy: false };
            Ok(MountSpec { target: target(alone)?, readonly: false, kind })
        }
        [source, path] => from_source(source, path, &BindOptions::default()),
        [source, path, words] => from_source(source, path, &BindOptions::parse(words)?),
        _ => Err(invalid()),
    }
}

fn from_source(source: &str, path: &str, options: &BindOptions) -> Result<Mount, Refusal> {
    let target = target(path)?;
    let kind = if source.starts_with('/') {
        options.check_for_host()?;
        host(source, true)?
    } else if is_name(source) {
        MountKind::Volume { volume: source.to_owned(), no_copy: options.no_copy, subpath: None }
    } else {
        return Err(volume::bad_name(source));
    };
    Ok(MountSpec { target, readonly: options.readonly, kind })
}

/// A directory or file of the host; whether it is to be made when it is missing.
pub(crate) fn host(source: &str, make: bool) -> Result<MountKind<String>, Refusal> {
    if ENGINE_SOCKETS.contains(&source) {
        return Ok(MountKind::GatewaySocket { path: String::new() });
    }
    if !source.starts_with('/') || source.len() > 4096 {
        return Err(Refusal::malformed(format!("`{source}` is not an absolute path")));
    }
    // Whatever it climbs to is not what was looked at (V15).
    if source.split('/').any(|part| part == "..") {
        return Err(Refusal::malformed(format!("`{source}` climbs with `..`; write the path that is meant")));
    }
    Ok(MountKind::Host { path: one_line("a mount's source", source.to_owned())?, make })
}

/// A kind of mount that does not exist here.
pub(crate) fn no_such_kind(what: &str, hint: &str) -> Refusal {
    Refusal::forbidden(Forbidden::MountKind, format!("{what} do not exist here"), hint)
}

//! One `wharf serve` at a time: two before one engine would take names from each other, and two in one network namespace
//! their rules. Whatever their state directories are, all of a machine find each other's locks.

use super::make_directory;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use serde_json::Value;
use std::path::PathBuf;
use wharf_host::own_network_namespace;
use wharf_store::{Holder, Moment, ServeLock, Served};

/// Where root's lie: not by the sockets, which tenants reach.
const DIRECTORY: &str = "/run/wharf/serve";

/// The only one before this engine.
pub(super) fn before_engine(setting: &Setting<'_>, info: &Value) -> Result<Option<ServeLock>, Failure> {
    match info.get("ID").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        Some(id) => take(setting, &Served::Engine(id.to_owned())).map(Some),
        None => Ok(None),
    }
}

/// The only one that makes rules in this network namespace.
pub(super) fn in_network(setting: &Setting<'_>, is_guarded: bool) -> Result<Option<ServeLock>, Failure> {
    match own_network_namespace().filter(|_| is_guarded) {
        Some((device, inode)) => take(setting, &Served::Network(device, inode)).map(Some),
        None => Ok(None),
    }
}

fn take(setting: &Setting<'_>, served: &Served) -> Result<ServeLock, Failure> {
    let directory = match setting.invocation.uid {
        0 => PathBuf::from(DIRECTORY),
        _ => setting.state_dir()?.join("serve"),
    };
    if let Some(parent) = directory.parent().filter(|parent| !parent.exists()) {
        make_directory(parent, 0o755)?;
    }
    let note = Holder {
        pid: std::process::id(),
        verb: "serve".to_owned(),
        since: Moment::from(std::time::SystemTime::now()),
    };
    ServeLock::take(&directory, served, &note).map_err(|error| Failure::of(Exit::Failed, &error))
}

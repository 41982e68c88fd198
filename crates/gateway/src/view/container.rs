//! A container as its tenant sees it.

use super::{replace, show, shown, without_owner};
use crate::asked::Asked;
use serde_json::{Map, Value};
use wharf_model::TenantId;

/// Host paths and handles in an inspection: nothing that a client could use.
const OF_THE_HOST: [&str; 4] = ["ResolvConfPath", "HostnamePath", "HostsPath", "LogPath"];

/// `GET /containers/{id}/json`.
pub(crate) fn container_details(tenant: &TenantId, details: &mut Value) {
    let asked = Asked::of_labels(details.pointer("/Config/Labels").unwrap_or(&Value::Null));
    let Some(fields) = details.as_object_mut() else { return };
    if let Some(name) = fields.get_mut("Name") {
        show(tenant, name);
    }
    for field in OF_THE_HOST {
        replace(fields, field, "");
    }
    if let Some(driver) = fields.get_mut("GraphDriver").and_then(Value::as_object_mut) {
        replace(driver, "Data", Value::Null);
    }
    if let Some(config) = fields.get_mut("Config").and_then(Value::as_object_mut) {
        if !asked.image.is_empty() {
            replace(config, "Image", asked.image.clone());
        }
        if let Some(labels) = config.get_mut("Labels") {
            without_owner(labels);
        }
    }
    if let Some(host) = fields.get_mut("HostConfig").and_then(Value::as_object_mut) {
        host_config(tenant, &asked, host);
    }
    show_error(&asked, fields);
    if let Some(mounts) = fields.get_mut("Mounts") {
        show_mounts(tenant, &asked, mounts);
    }
    if let Some(settings) = fields.get_mut("NetworkSettings").and_then(Value::as_object_mut) {
        replace(settings, "SandboxKey", "");
        network_settings(tenant, settings);
    }
}

/// A row of `GET /containers/json`.
pub(crate) fn container_row(tenant: &TenantId, row: &mut Value) {
    let asked = Asked::of_labels(row.get("Labels").unwrap_or(&Value::Null));
    let Some(fields) = row.as_object_mut() else { return };
    if let Some(names) = fields.get_mut("Names").and_then(Value::as_array_mut) {
        for name in names {
            show(tenant, name);
        }
    }
    if !asked.image.is_empty() {
        replace(fields, "Image", asked.image.clone());
    }
    if let Some(labels) = fields.get_mut("Labels") {
        without_owner(labels);
    }
    if let Some(host) = fields.get_mut("HostConfig").and_then(Value::as_object_mut) {
        show_network_mode(&asked, host);
    }
    if let Some(mounts) = fields.get_mut("Mounts") {
        show_mounts(tenant, &asked, mounts);
    }
    if let Some(settings) = fields.get_mut("NetworkSettings").and_then(Value::as_object_mut) {
        network_settings(tenant, settings);
    }
}

fn show_network_mode(asked: &Asked, host: &mut Map<String, Value>) {
    if !asked.network.is_empty() {
        replace(host, "NetworkMode", asked.network.clone());
    }
}

fn host_config(tenant: &TenantId, asked: &Asked, host: &mut Map<String, Value>) {
    show_network_mode(asked, host);
    replace(host, "CgroupParent", "");
    replace(host, "ContainerIDFile", "");
    show_binds(asked, host);
    if let Some(mounts) = host.get_mut("Mounts").and_then(Value::as_array_mut) {
        for mount in mounts.iter_mut().filter_map(Value::as_object_mut) {
            let is_volume = mount.get("Type").and_then(Value::as_str) == Some("volume");
            match mount.get_mut("Source") {
                Some(source) if is_volume => show(tenant, source),
                Some(source) => *source = Value::from(""),
                None => {}
            }
            if let Some(labels) = mount.get_mut("VolumeOptions").and_then(|options| options.get_mut("Labels"))
            {
                without_owner(labels);
            }
        }
    }
}

/// Directories of the host, which are sent as `Mounts`, where most clients write them and look for them: in `Binds`.
fn show_binds(asked: &Asked, host: &mut Map<String, Value>) {
    let Some(mounts) = host.get_mut("Mounts").and_then(Value::as_array_mut) else { return };
    let mut binds = Vec::new();
    mounts.retain(|mount| {
        let of_the_host = mount.get("Type").and_then(Value::as_str) == Some("bind");
        let target = mount.get("Target").and_then(Value::as_str).filter(|_| of_the_host);
        let Some((target, bind)) = target.and_then(|target| asked.binds.get_key_value(target)) else {
            return true;
        };
        let mode = if bind.readonly { ":ro" } else { "" };
        binds.push(Value::from(format!("{}:{target}{mode}", bind.source)));
        false
    });
    if mounts.is_empty() {
        host.remove("Mounts");
    }
    if !binds.is_empty() {
        host.insert("Binds".to_owned(), Value::Array(binds));
    }
}

/// Why the last start failed may name a place of the host's.
fn show_error(asked: &Asked, fields: &mut Map<String, Value>) {
    let at = |mount: &Value| {
        let text = |name: &str| mount.get(name).and_then(Value::as_str);
        Some((text("Source")?.to_owned(), asked.binds.get(text("Destination")?)?.source.clone()))
    };
    let mounts = fields.get("Mounts").and_then(Value::as_array);
    let swaps: Vec<(String, String)> = mounts.into_iter().flatten().filter_map(at).collect();
    let Some(Value::String(error)) = fields.get_mut("State").and_then(|state| state.get_mut("Error")) else {
        return;
    };
    for (place, path) in swaps {
        *error = error.replace(&place, &path);
    }
}

/// `Mounts`, of an inspection or a row: a volume by the tenant's name, a directory of the host by what the tenant wrote.
fn show_mounts(tenant: &TenantId, asked: &Asked, mounts: &mut Value) {
    for mount in mounts.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        let name = mount.get("Name").and_then(Value::as_str).map(|name| shown(tenant, name).to_owned());
        match name {
            Some(name) => {
                let path = super::volume::mountpoint(&name);
                replace(mount, "Source", path);
                replace(mount, "Name", name);
            }
            None => show_bind(asked, mount),
        }
    }
}

fn show_bind(asked: &Asked, mount: &mut Map<String, Value>) {
    let bind = mount.get("Destination").and_then(Value::as_str).and_then(|target| asked.binds.get(target));
    let Some(bind) = bind else { return replace(mount, "Source", "") };
    replace(mount, "Source", bind.source.clone());
    if bind.readonly {
        replace(mount, "Mode", "ro");
        replace(mount, "RW", false);
    }
}

/// `NetworkSettings`: its networks under the tenant's names.
fn network_settings(tenant: &TenantId, settings: &mut Map<String, Value>) {
    let Some(networks) = settings.get_mut("Networks").and_then(Value::as_object_mut) else { return };
    let renamed = std::mem::take(networks).into_iter().map(|(name, mut endpoint)| {
        for list in ["Aliases", "DNSNames"] {
            let names = endpoint.get_mut(list).and_then(Value::as_array_mut);
            for name in names.into_iter().flatten() {
                show(tenant, name);
            }
        }
        (shown(tenant, &name).to_owned(), endpoint)
    });
    *networks = renamed.collect();
}

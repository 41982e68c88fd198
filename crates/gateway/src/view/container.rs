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
    if let Some(mounts) = fields.get_mut("Mounts") {
        show_mounts(tenant, mounts);
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
        show_mounts(tenant, mounts);
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
    if let Some(mounts) = host.get_mut("Mounts").and_then(Value::as_array_mut) {
        for mount in mounts.iter_mut().filter_map(Value::as_object_mut) {
            let is_volume = mount.get("Type").and_then(Value::as_str) == Some("volume");
            match mount.get_mut("Source") {
                Some(source) if is_volume => show(tenant, source),
                Some(source) => *source = Value::from(""),
                None => {}
            }
            if let Some(labels) = mount.get_mut("VolumeOptions").and_then(|options| options.get_mut("Labels")) {
                without_owner(labels);
            }
        }
    }
}

/// `Mounts`, of an inspection or a row: a volume by the tenant's name, and of host paths nothing.
fn show_mounts(tenant: &TenantId, mounts: &mut Value) {
    for mount in mounts.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        let name = mount.get("Name").and_then(Value::as_str).map(|name| shown(tenant, name).to_owned());
        match name {
            Some(name) => {
                let path = super::volume::mountpoint(&name);
                replace(mount, "Source", path);
                replace(mount, "Name", name);
            }
            None => replace(mount, "Source", ""),
        }
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

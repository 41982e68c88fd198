//! A container as its tenant sees it.

use super::document::Document;
use super::{replace, show, shown, without_owner};
use crate::asked::Asked;
use serde_json::{Map, Value};
use wharf_model::TenantId;

/// Host paths and handles in an inspection: nothing that a client could use.
const OF_THE_HOST: [&str; 4] = ["ResolvConfPath", "HostnamePath", "HostsPath", "LogPath"];

/// `GET /containers/{id}/json`.
pub(crate) fn container_details(tenant: &TenantId, details: &mut Document<'_>) {
    let labels = details.open("Config").and_then(|config| config.value("Labels"));
    let asked = Asked::of_labels(labels.as_deref().unwrap_or(&Value::Null));
    if let Some(labels) = labels {
        without_owner(labels);
    }
    if let Some(name) = details.value("Name") {
        show(tenant, name);
    }
    for field in OF_THE_HOST {
        details.replace(field, "");
    }
    if let Some(driver) = details.open("GraphDriver") {
        driver.replace("Data", Value::Null);
    }
    if let Some(config) = details.open("Config").filter(|_| !asked.image.is_empty()) {
        config.replace("Image", asked.image.clone());
    }
    if let Some(host) = details.open("HostConfig") {
        host_config(tenant, &asked, host);
    }
    show_error(&asked, details);
    if let Some(mounts) = details.value("Mounts") {
        show_mounts(tenant, &asked, mounts);
    }
    if let Some(settings) = details.open("NetworkSettings") {
        settings.replace("SandboxKey", "");
        if let Some(networks) = settings.value("Networks") {
            show_networks(tenant, networks);
        }
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
    if let Some(host) = fields.get_mut("HostConfig").and_then(Value::as_object_mut)
        && !asked.network.is_empty()
    {
        replace(host, "NetworkMode", asked.network.clone());
    }
    if let Some(mounts) = fields.get_mut("Mounts") {
        show_mounts(tenant, &asked, mounts);
    }
    if let Some(networks) =
        fields.get_mut("NetworkSettings").and_then(|settings| settings.get_mut("Networks"))
    {
        show_networks(tenant, networks);
    }
}

fn host_config(tenant: &TenantId, asked: &Asked, host: &mut Document<'_>) {
    if !asked.network.is_empty() {
        host.replace("NetworkMode", asked.network.clone());
    }
    host.replace("CgroupParent", "");
    host.replace("ContainerIDFile", "");
    let Some(mounts) = host.value("Mounts").and_then(Value::as_array_mut) else { return };
    let binds = take_binds(asked, mounts);
    let is_empty = mounts.is_empty();
    for mount in mounts.iter_mut().filter_map(Value::as_object_mut) {
        let is_volume = mount.get("Type").and_then(Value::as_str) == Some("volume");
        match mount.get_mut("Source") {
            Some(source) if is_volume => show(tenant, source),
            Some(source) => *source = Value::from(""),
            None => {}
        }
        let options = mount.get_mut("VolumeOptions").and_then(Value::as_object_mut);
        if let Some((options, labels)) =
            options.and_then(|options| options.remove("Labels").map(|labels| (options, labels)))
        {
            show_labels(options, labels);
        }
    }
    if is_empty {
        host.remove("Mounts");
    }
    if !binds.is_empty() {
        host.set("Binds", binds);
    }
}

/// The labels that a client gave a volume, if it did.
fn show_labels(options: &mut Map<String, Value>, mut labels: Value) {
    without_owner(&mut labels);
    if labels.as_object().is_some_and(|labels| !labels.is_empty()) {
        options.insert("Labels".to_owned(), labels);
    }
}

/// Directories of the host, which are sent as `Mounts`, where most clients write them and look for them: in `Binds`.
fn take_binds(asked: &Asked, mounts: &mut Vec<Value>) -> Vec<Value> {
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
    binds
}

/// Why the last start failed may name a place of the host's.
fn show_error(asked: &Asked, details: &mut Document<'_>) {
    let at = |mount: &Value| {
        let text = |name: &str| mount.get(name).and_then(Value::as_str);
        Some((text("Source")?.to_owned(), asked.binds.get(text("Destination")?)?.source.clone()))
    };
    let mounts = details.value("Mounts").and_then(|mounts| mounts.as_array());
    let swaps: Vec<(String, String)> = mounts.into_iter().flatten().filter_map(at).collect();
    if swaps.is_empty() {
        return;
    }
    let error = details.open("State").and_then(|state| state.value("Error"));
    let Some(Value::String(error)) = error else { return };
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

/// `NetworkSettings.Networks`, under the tenant's names.
fn show_networks(tenant: &TenantId, networks: &mut Value) {
    let Some(networks) = networks.as_object_mut() else { return };
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

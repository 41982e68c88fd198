//! The administrator's pods are not called as tenants' objects are.

use crate::parse::RawConfig;
use std::collections::BTreeMap;
use wharf_document::{Errors, Place, Spanned};
use wharf_model::PodName;

/// No pod that the file names begins with `<tenant>--`: on the engine, that is the tenant's own.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    let names = raw.tenants.iter().flat_map(|tenants| &tenants.value).map(|(name, _)| name);
    let tenants: BTreeMap<&str, &Place> = names.map(|name| (name.value.as_str(), &name.place)).collect();
    let mut told = BTreeMap::new();
    for pod in pods(raw) {
        let Some((tenant, _)) = pod.value.as_str().split_once("--") else { continue };
        let Some(tenant_at) = tenants.get(tenant) else { continue };
        let message =
            format!("on the engine, names that begin with `{tenant}--` are the tenant `{tenant}`'s");
        let help = format!("the tenant is at line {}; give the pod another name", tenant_at.line());
        errors.push_at(&pod.place, message, Some(help));
        told.entry(tenant).or_insert((*tenant_at, pod));
    }
    for (tenant, (tenant_at, pod)) in told {
        let message = format!("the pod `{}` has a name that would be of the tenant `{tenant}`", pod.value);
        let help = format!("the pod is at line {}; give one of them another name", pod.place.line());
        errors.push_at(tenant_at, message, Some(help));
    }
}

/// All pods that the file names.
fn pods(raw: &RawConfig) -> impl Iterator<Item = &Spanned<PodName>> {
    let whitelisted = raw.port_whitelist.iter().flat_map(|ports| &ports.value).map(|(_, pod)| pod);
    let with_raw_sockets = raw.allow_net_raw.iter().flat_map(|pods| &pods.value);
    let registries = raw.registries.iter().flat_map(|registries| &registries.value);
    whitelisted.chain(with_raw_sockets).chain(registries.flat_map(|(_, pods)| &pods.value))
}

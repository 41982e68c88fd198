//! Each rule for tenants refuses what it is for, with its reason and its hint, and lets the neighbouring case pass. The
//! attacks are those of the engine's whole API, where a field of it can be said at all.

#[path = "tenant_rules/container.rs"]
mod container_settings;
#[path = "tenant_rules/images.rs"]
mod images;
#[path = "tenant_rules/labels.rs"]
mod labels;
#[path = "tenant_rules/limits.rs"]
mod limits;
#[path = "tenant_rules/network.rs"]
mod networks;
#[path = "tenant_rules/whose.rs"]
mod whose;

use crate::tenant_world::{as_alice, container, facts, grants};
use wharf_policy::{Denial, Facts, Grants, Rule, decide};
use wharf_wire::Call;
use wharf_wire::tenant::{TenantCall, TenantContainer};

fn judge(call: TenantCall, facts: &Facts, grants: &Grants) -> Result<(), Denial> {
    decide(&as_alice(), Call::Tenant(call), facts, grants).map(drop)
}

/// Judged for alice.
fn judged(call: TenantCall) -> Result<(), Denial> {
    judge(call, &facts(), &grants())
}

/// A completed container of alice's, changed.
fn changed(change: impl FnOnce(&mut TenantContainer)) -> TenantCall {
    let mut container = container();
    change(&mut container);
    TenantCall::CreateContainer { container: Box::new(container), platform: None }
}

fn denial(rule: Rule, reason: &str, hint: &str) -> Result<(), Denial> {
    Err(Denial { rule, reason: reason.into(), hint: Some(hint.into()) })
}

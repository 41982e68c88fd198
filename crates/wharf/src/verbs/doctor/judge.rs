//! Facts in, findings out. Looks at nothing but its arguments.

mod engine;
mod files;
mod network;
mod people;
mod pods;
mod rootless;
mod secrets;

use crate::verbs::doctor::facts::{Facts, Seen};
use crate::verbs::doctor::finding::Finding;

/// Everything that weakens the host, worst first.
pub(crate) fn judge(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(files::host_config(&facts.config));
    findings.extend(facts.mount_root.iter().flat_map(files::mount_root));
    findings.extend(files::program(facts.program.as_ref()));
    findings.extend(files::trail(facts.trail.as_ref()));
    findings.extend(files::registries(&facts.registries));
    findings.extend(people::groups(&facts.groups));
    findings.extend(people::socket(&facts.engine));
    findings.extend(engine::engine(&facts.engine));
    findings.extend(facts.rules.iter().filter_map(network::rules));
    findings.extend(facts.soft_disk.as_deref().map(soft_disk));
    findings.extend(secrets::delivered(&facts.secrets));
    findings.extend(network::loopback(facts.rules.as_ref(), &facts.engine));
    if let Seen::There(there) = &facts.engine.seen {
        findings.extend(rootless::rootless(facts.engine.owner.as_deref(), &there.info));
        findings.extend(pods::published(&there.pods));
        findings.extend(pods::left_behind(&there.left_behind));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

/// Measured as it is everywhere, but by nobody but us.
fn soft_disk(why: &str) -> Finding {
    Finding::note(
        "soft-disk",
        format!("tenants' disk limits are measured, and not held by the kernel: {why}"),
        "what a tenant's containers write between two measurements may be more than was granted; a data root on ext4 or XFS \
         with project quotas holds it (docs/reference/host-configuration.md, How limits are held)",
    )
}

//! Facts in, findings out. Looks at nothing but its arguments.

mod engine;
mod files;
mod network;
mod people;
mod pods;

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
    findings.extend(network::loopback(facts.rules.as_ref(), &facts.engine));
    if let Seen::There(there) = &facts.engine.seen {
        findings.extend(pods::published(&there.pods));
        findings.extend(pods::left_behind(&there.left_behind));
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

//! Attacks on the sudo boundary. Bob has one line in sudoers, for one pod; he is a real user behind a real sudo, the
//! engines are real, and every attack is judged by its effect on the host as well as by what wharf answers.
//!
//! `docs/security/attacks.md` is the table of them; `table.rs` holds that it and the tests agree.

mod account;
mod accounts;
mod effects;
mod environment;
mod environment_files;
mod files;
mod host_config;
mod labels;
mod mounts;
mod other_pods;
mod ports;
mod privilege;
mod table;
mod trail;
mod words;

use wharf_conformance::Boundary;
use wharf_testkit::{Engine, Engines, or_skip};

/// On Docker 20.10, for attacks that wharf answers before any engine could matter. Skips where there is none.
fn old_engine() -> Option<&'static Engine> {
    or_skip(Engines::shared()).map(Engines::docker20)
}

/// On Docker 28.5. Tests are divided between the two engines, so that both are busy; what depends on the engine is
/// tried on each.
fn new_engine() -> Option<&'static Engine> {
    or_skip(Engines::shared()).map(Engines::docker28)
}

/// Bob's host on Docker 20.10.
fn on_old() -> Option<Boundary<'static>> {
    Boundary::on(old_engine()?)
}

/// Bob's host on Docker 28.5.
fn on_new() -> Option<Boundary<'static>> {
    Boundary::on(new_engine()?)
}

/// A pod with nothing special about it.
const PLAIN: &str = "containers: {web: {$idle}}\n";

//! Every kind of call, and what each actor is answered: a table to be reviewed, in `calls.txt`.
//!
//! `WHARF_REGENERATE=1 cargo test -p wharf-policy` writes it anew; read the difference before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::world::{
    BLOG, OTHER, STRANGER, WEB, blog, credentials, exec_id, facts, grants, id, member, named_image, other,
    root, root_place, settings,
};
use wharf_policy::{Actor, Grants, decide};
use wharf_wire::{Architecture, Call, ExecSpec, LogsSpec, TerminalSize, Verbatim};

/// A kind of call has one line here, or this does not compile.
macro_rules! kinds {
    ($($pattern:pat => $name:literal,)*) => {
        const KINDS: &[&str] = &[$($name),*];

        fn kind(call: &Call) -> &'static str {
            match call {
                $($pattern => $name,)*
                Call::Tenant(call) => call.verb(), // `tenant_calls.rs` has their table
                Call::Workstation(call) => call.verb(), // `workstation_calls.rs` has theirs
            }
        }
    };
}

kinds! {
    Call::CreateContainer { .. } => "create container",
    Call::StartContainer(_) => "start container",
    Call::StopContainer(_) => "stop container",
    Call::RestartContainer(_) => "restart container",
    Call::SignalContainer { .. } => "signal container",
    Call::RemoveContainer(_) => "remove container",
    Call::PullImage { .. } => "pull image",
    Call::LoadPauseImage(_) => "load pause image",
    Call::CreateExec { .. } => "create exec",
    Call::StartExec { .. } => "start exec",
    Call::ResizeExec { .. } => "resize exec",
    Call::ReadLogs { .. } => "read logs",
    Call::Verbatim(_) => "ask the engine",
}

/// Calls that anybody may make: their whole content is wharf's own.
const FOR_EVERYONE: [&str; 1] = ["load pause image"];

/// A call, and in words what it is about.
type Case = (&'static str, Call);

/// Each call that names a container, for one of the pod's own, another pod's, and nobody's.
fn about_containers() -> Vec<Case> {
    let exec = || ExecSpec { command: vec!["sh".into()], tty: false, stdin: false };
    let logs = || LogsSpec { follow: false, tail: None, timestamps: false };
    let size = TerminalSize { columns: 80, rows: 24 };
    let targets = [("of blog", WEB), ("of other", OTHER), ("of nobody", STRANGER)];
    let cases = targets.into_iter().flat_map(|(whose, target)| {
        [
            Call::StartContainer(id(target)),
            Call::StopContainer(id(target)),
            Call::RestartContainer(id(target)),
            Call::SignalContainer { container: id(target), signal: "HUP".parse().unwrap() },
            Call::RemoveContainer(id(target)),
            Call::CreateExec { container: id(target), exec: exec() },
            Call::StartExec { exec: exec_id(target), tty: false },
            Call::ResizeExec { exec: exec_id(target), size },
            Call::ReadLogs { container: id(target), logs: logs() },
        ]
        .map(|call| (whose, call))
    });
    cases.collect()
}

fn others() -> Vec<Case> {
    vec![
        ("blog, its root container", root("blog", root_place())),
        ("blog.db, joining blog", member("blog.db", BLOG, settings())),
        ("blog.db, joining other", member("blog.db", OTHER, settings())),
        ("blog.db, joining nobody's", member("blog.db", STRANGER, settings())),
        ("blog.db, joining blog.web", member("blog.db", WEB, settings())),
        ("without an account", Call::PullImage { image: named_image(), credentials: None }),
        (
            "with the host's account, lent to blog",
            Call::PullImage { image: named_image(), credentials: Some(credentials()) },
        ),
        ("for amd64", Call::LoadPauseImage(Architecture::Amd64)),
        ("in its own words", Call::Verbatim(Verbatim::new("GET", "/info", [].into_iter(), None).unwrap())),
    ]
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = about_containers().into_iter().chain(others()).collect();
    let place = |case: &Case| KINDS.iter().position(|name| *name == kind(&case.1));
    cases.sort_by_key(place);
    cases
}

fn actors() -> [Actor; 3] {
    [Actor::Administrator, blog(), other()]
}

/// `permitted`, or the rule that refuses.
fn answer(actor: &Actor, call: Call, grants: &Grants) -> &'static str {
    decide(actor, call, &facts(), grants).map_or_else(|denial| denial.rule.name(), |_| "permitted")
}

#[test]
fn the_table_of_calls_is_as_it_was_reviewed() {
    let mut table = format!("{:<18} {:<38}", "call", "about");
    for actor in actors() {
        write!(table, " {:<14}", actor.to_string()).unwrap();
    }
    for (about, call) in cases() {
        write!(table, "\n{:<18} {about:<38}", kind(&call)).unwrap();
        for actor in actors() {
            write!(table, " {:<14}", answer(&actor, call.clone(), &grants())).unwrap();
        }
    }
    let table: String = table.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/calls.txt");
    if std::env::var_os("WHARF_REGENERATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(table == reviewed, "the answers have changed; see the head of this file:\n{table}");
}

#[test]
fn every_kind_of_call_is_refused_to_somebody() {
    let refused =
        cases().into_iter().filter(|(_, call)| answer(&other(), call.clone(), &grants()) != "permitted");
    let refused: BTreeSet<&str> = refused.map(|(_, call)| kind(&call)).chain(FOR_EVERYONE).collect();
    assert_eq!(refused, KINDS.iter().copied().collect(), "a kind has no case of a caller who may not");
}

#[test]
fn names_of_calls_are_those_of_the_audit_trail() {
    assert!(cases().iter().all(|(_, call)| call.verb() == kind(call)));
}

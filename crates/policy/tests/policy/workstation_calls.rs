//! Every kind of call about workstations, and what each actor is answered: a table to be reviewed, in
//! `workstation_calls.txt`.
//!
//! `WHARF_REGENERATE=1 cargo test -p wharf-policy` writes it anew; read the difference before it is committed.

use crate::tenant_world::as_alice;
use crate::workstation_world::{
    FOO, FOO_BAR, FORMER, MAKER, MISNAMED, UNLABELLED, act, commit, create, facts, made, maker, mounting,
    name, renamed, spec, untagged,
};
use crate::world::{blog, exec_id, grants, id};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use wharf_model::WorkstationRole as Role;
use wharf_policy::{Actor, decide};
use wharf_wire::workstation::{WorkstationAct as A, WorkstationCall as W, WorkstationExec};
use wharf_wire::{Call, LogsSpec, TerminalSize};

/// A kind of call has one line here, or this does not compile.
macro_rules! kinds {
    ($($pattern:pat => $name:literal,)*) => {
        const KINDS: &[&str] = &[$($name),*];

        fn kind(call: &W) -> &'static str {
            match call {
                $($pattern => $name,)*
            }
        }
    };
}

kinds! {
    W::CreateHome(_) => "create a workstation's home",
    W::RemoveHome(_) => "remove a workstation's home",
    W::Create { .. } => "create workstation",
    W::CreateMaker { .. } => "begin a workstation's image",
    W::Container { act: A::Start, .. } => "start workstation",
    W::Container { act: A::Stop { .. }, .. } => "stop workstation",
    W::Container { act: A::Restart { .. }, .. } => "restart workstation",
    W::Container { act: A::Rename(_), .. } => "rename workstation",
    W::Container { act: A::Restarts(_), .. } => "update workstation",
    W::Container { act: A::Remove, .. } => "remove workstation",
    W::Container { act: A::WriteArchive { .. }, .. } => "write into workstation",
    W::Container { act: A::ReadArchive { .. }, .. } => "read from workstation",
    W::Container { act: A::Watch, .. } => "watch workstation",
    W::Container { act: A::Wait, .. } => "wait for workstation",
    W::Container { act: A::Logs(_), .. } => "read logs of workstation",
    W::CreateExec { .. } => "create exec in workstation",
    W::StartExec { .. } => "start exec in workstation",
    W::ResizeExec { .. } => "resize exec in workstation",
    W::Commit { .. } => "commit a workstation's image",
    W::Build { .. } => "build a workstation's image",
    W::RemoveImage(_) => "remove a workstation's image",
    W::RemoveUntagged(_) => "remove a workstation's former image",
}

type Case = (&'static str, Call);

fn about_containers() -> Vec<Case> {
    let targets = [
        ("of foo", FOO),
        ("with its name and no label", UNLABELLED),
        ("with its label and another name", MISNAMED),
        ("with foo's label and foo-bar's name", '7'),
    ];
    let path = || "/etc/passwd".parse().unwrap();
    let logs = LogsSpec { follow: false, tail: None, timestamps: false };
    let acts = |letter| {
        [
            act(letter, A::Start),
            act(letter, A::Stop { seconds: 10 }),
            act(letter, A::Restart { seconds: 10 }),
            act(letter, A::Restarts(false)),
            act(letter, A::Remove),
            act(letter, A::WriteArchive { into: None }),
            act(letter, A::ReadArchive { path: path(), within: false }),
            act(letter, A::Watch),
            act(letter, A::Wait),
            act(letter, A::Logs(logs.clone())),
            Call::Workstation(W::CreateExec { container: id(letter), exec: WorkstationExec::default() }),
            Call::Workstation(W::StartExec { exec: exec_id(letter), tty: false }),
            Call::Workstation(W::ResizeExec {
                exec: exec_id(letter),
                size: TerminalSize { columns: 80, rows: 24 },
            }),
        ]
    };
    targets.into_iter().flat_map(|(whose, letter)| acts(letter).map(|call| (whose, call))).collect()
}

fn others() -> Vec<Case> {
    let home = |text| Call::Workstation(W::CreateHome(name(text)));
    let no_home = |text| Call::Workstation(W::RemoveHome(name(text)));
    vec![
        ("where there is none", home("fresh")),
        ("where there is its own", home("foo")),
        ("where there is somebody else's", home("taken")),
        ("where nobody has looked", home("unknown")),
        ("its own", no_home("foo")),
        ("which is not there", no_home("fresh")),
        ("which is somebody else's", no_home("taken")),
        ("foo", create("foo", Role::Itself, spec())),
        ("the next foo", create("foo", Role::Next, spec())),
        ("the former foo", create("foo", Role::Former, spec())),
        ("with the home of somebody else", create("taken", Role::Itself, spec())),
        ("without a home", create("fresh", Role::Itself, spec())),
        ("seeing a directory of the host", mounting("/srv/media", "/media")),
        ("seeing the engine's socket", mounting("/var/run/docker.sock", "/run/docker.sock")),
        ("for foo", maker("foo")),
        (
            "of foo's maker",
            Call::Workstation(W::CreateExec { container: id(MAKER), exec: WorkstationExec::default() }),
        ),
        ("foo to the former foo", renamed(FOO, "foo", Role::Former)),
        ("the former foo to foo", renamed(FORMER, "foo", Role::Itself)),
        ("the maker to foo", renamed(MAKER, "foo", Role::Itself)),
        ("foo to foo-bar", renamed(FOO, "foo-bar", Role::Itself)),
        ("foo to the former foo-bar", renamed(FOO, "foo-bar", Role::Former)),
        ("of foo's maker", commit(MAKER, made("foo"))),
        ("of foo itself", commit(FOO, made("foo"))),
        ("of foo's maker for foo-bar", commit(MAKER, made("foo-bar"))),
        ("of foo-bar for foo", commit(FOO_BAR, made("foo"))),
        ("for foo", Call::Workstation(W::Build { image: made("foo"), anew: false })),
        ("made for foo", Call::Workstation(W::RemoveImage(made("foo")))),
        ("labelled foo's, tagged foo-bar's", Call::Workstation(W::RemoveImage(made("foo-bar")))),
        ("made for foo, without a tag now", Call::Workstation(W::RemoveUntagged(untagged('a')))),
        ("with a tag of somebody's", Call::Workstation(W::RemoveUntagged(untagged('b')))),
        ("of somebody made from foo", Call::Workstation(W::RemoveUntagged(untagged('c')))),
    ]
}

fn workstation(call: &Call) -> &W {
    match call {
        Call::Workstation(call) => call,
        _ => unreachable!(),
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = about_containers().into_iter().chain(others()).collect();
    cases.sort_by_key(|(_, call)| KINDS.iter().position(|name| *name == kind(workstation(call))));
    cases
}

fn actors() -> [Actor; 3] {
    [Actor::Administrator, blog(), as_alice()]
}

/// `permitted`, or the rule that refuses.
fn answer(actor: &Actor, call: Call) -> &'static str {
    decide(actor, call, &facts(), &grants()).map_or_else(|denial| denial.rule.name(), |_| "permitted")
}

#[test]
fn the_table_of_calls_about_workstations_is_as_it_was_reviewed() {
    let mut table = format!("{:<35} {:<38}", "call", "about");
    for actor in actors() {
        write!(table, " {:<26}", actor.to_string()).unwrap();
    }
    for (about, call) in cases() {
        write!(table, "\n{:<35} {about:<38}", kind(workstation(&call))).unwrap();
        for actor in actors() {
            write!(table, " {:<26}", answer(&actor, call.clone())).unwrap();
        }
    }
    let table: String = table.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/policy/workstation_calls.txt");
    if std::env::var_os("WHARF_REGENERATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(table == reviewed, "the answers have changed; see the head of this file:\n{table}");
}

#[test]
fn every_kind_of_call_has_a_case_and_none_is_for_anybody_but_who_holds_the_engine() {
    let seen: BTreeSet<&str> = cases().iter().map(|(_, call)| kind(workstation(call))).collect();
    assert_eq!(seen, KINDS.iter().copied().collect());
    for (about, call) in cases() {
        assert_eq!(answer(&blog(), call.clone()), "workstation", "{about}");
        assert_eq!(answer(&as_alice(), call), "tenant", "{about}");
    }
}

#[test]
fn names_of_calls_are_those_of_messages() {
    assert!(cases().iter().all(|(_, call)| call.verb() == kind(workstation(call))));
}

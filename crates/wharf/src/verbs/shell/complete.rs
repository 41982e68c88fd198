//! `wharf shell complete`: what may stand next on the command line, one word a line. It starts nothing, says nothing of
//! errors, and gives up soon.

use super::place::Place;
use super::shelf::Shelf;
use super::teller::Teller;
use super::{RESERVED, sessions};
use crate::args::EnterArgs;
use crate::credentials::Accounts;
use crate::docker_folder::DockerFolder;
use crate::exit::Exit;
use crate::setting::Setting;
use crate::show;
use clap::{ArgAction, Args};
use std::time::Duration;
use wharf_docker::Engine;
use wharf_policy::Actor;
use wharf_workstation::{WorkstationName, Yard};

/// A person waits for it with a finger on the key.
const PATIENCE: Duration = Duration::from_millis(1500);

pub(super) fn run(setting: &Setting<'_>, words: &[String]) -> Exit {
    let (last, before) =
        words.split_last().map_or(("", [].as_slice()), |(last, before)| (last.as_str(), before));
    let found = match before {
        [] => names(setting),
        [name, said @ ..] => within(setting, name, said, last),
    };
    let mut found: Vec<String> = found.into_iter().filter(|word| word.starts_with(last)).collect();
    found.sort();
    found.dedup();
    for word in found {
        show::print(&word);
    }
    Exit::Done
}

/// Workstations with a file, and those on the current engine.
fn names(setting: &Setting<'_>) -> Vec<String> {
    let mut names: Vec<String> = Shelf::of(setting)
        .map(|shelf| shelf.names())
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    names.extend(RESERVED.iter().filter(|word| **word != "complete").map(ToString::to_string));
    names.extend(live(setting, &Place::current(setting), None).unwrap_or_default());
    names
}

/// What may follow a workstation's name and these words.
fn within(setting: &Setting<'_>, name: &str, said: &[String], last: &str) -> Vec<String> {
    let Ok(name) = name.parse::<WorkstationName>() else { return Vec::new() };
    if said.iter().any(|word| word == "--") {
        return Vec::new();
    }
    match said.last().map(String::as_str) {
        Some("--kill") => return terminals(setting, &name),
        Some("--context") => return contexts(setting),
        Some("--join") => return joined(setting, &name),
        Some(flag) if takes_value(flag) => return Vec::new(),
        _ => {}
    }
    if last.starts_with('-') {
        return flags();
    }
    let has_terminal = said.iter().enumerate().any(|(index, word)| {
        let follows_flag =
            index.checked_sub(1).and_then(|index| said.get(index)).is_some_and(|flag| takes_value(flag));
        !word.starts_with('-') && !follows_flag
    });
    if has_terminal { Vec::new() } else { terminals(setting, &name) }
}

fn terminals(setting: &Setting<'_>, name: &WorkstationName) -> Vec<String> {
    let pinned = Shelf::of(setting).ok().and_then(|shelf| shelf.read(name).ok().flatten());
    let pinned = pinned.and_then(|definition| definition.context);
    let place = Place::of(setting, name, pinned.as_deref(), pinned.as_deref());
    place.ok().and_then(|place| live(setting, &place, Some(name))).unwrap_or_default()
}

/// The terminals of a workstation that runs, or all workstations.
fn live(setting: &Setting<'_>, place: &Place, name: Option<&WorkstationName>) -> Option<Vec<String>> {
    let engine = Engine::new(place.endpoint(setting).ok()?);
    let (teller, accounts) = (Teller::silent(), Accounts::of(setting, &Actor::Administrator).ok()?);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let asked = async {
        let yard = Yard::new(&engine, &Actor::Administrator, &teller, &accounts);
        let Some(name) = name else {
            return Some(yard.all().await.ok()?.into_iter().map(|seen| seen.name.to_string()).collect());
        };
        let seen = yard.find(name).await.ok()?.filter(wharf_workstation::Seen::is_running)?;
        let status = sessions::status(&yard, &seen).await.ok()?;
        Some(status.sessions.into_iter().map(|session| session.name.to_string()).collect())
    };
    let found = runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await.ok().flatten() });
    runtime.shutdown_background();
    found
}

fn contexts(setting: &Setting<'_>) -> Vec<String> {
    let known = DockerFolder::of(setting).map(|folder| folder.contexts()).unwrap_or_default();
    known.into_iter().map(|context| context.name).chain(["default".to_owned()]).collect()
}

fn joined(setting: &Setting<'_>, name: &WorkstationName) -> Vec<String> {
    let definition = Shelf::of(setting).ok().and_then(|shelf| shelf.read(name).ok().flatten());
    definition.map(|definition| definition.contexts).unwrap_or_default()
}

/// Every flag of a workstation's.
fn flags() -> Vec<String> {
    let command = EnterArgs::augment_args(clap::Command::new("foo"));
    let long = command.get_arguments().filter_map(|argument| Some(format!("--{}", argument.get_long()?)));
    long.chain(["--help", "--json", "-A"].map(str::to_owned)).collect()
}

fn takes_value(flag: &str) -> bool {
    let command = EnterArgs::augment_args(clap::Command::new("foo"));
    let named =
        |argument: &&clap::Arg| argument.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
    command.get_arguments().find(named).is_some_and(|argument| {
        matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
            && argument.get_num_args().is_none_or(|count| count.takes_values())
    })
}

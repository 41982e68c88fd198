//! The order in which a run does what it was asked for: as the flags stand in the help.

use super::visit::{Held, Visit};
use super::{destroy, enter, install, join, keep, lock, once, sessions, status, sync, upgrade, watch};
use crate::args::EnterArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::verbs::block_on;
use wharf_session::SessionName;
use wharf_workstation::Yard;

const INTERRUPTED: &str = "what is done stays done; the same command goes on from there";

pub(super) fn run(setting: &Setting<'_>, args: &EnterArgs) -> Result<Exit, Failure> {
    let mut visit = Visit::begin(setting, args)?;
    if !args.command.is_empty() && args.actions.is_any() {
        return Err(Failure::usage("a command stands alone: flags that do something else go without it"));
    }
    block_on(INTERRUPTED, async {
        let held = if changes(&visit) { Some(lock::take(&visit, &doing(&visit))?) } else { None };
        prepare(&mut visit).await?;
        let visit = &visit;
        let held = held.map(|lock| visit.hold(lock));
        let yard = visit.yard();
        if !args.command.is_empty() {
            return once::run(visit, &yard).await;
        }
        if !args.actions.is_any() {
            return enter::run(visit, &yard).await;
        }
        each(visit, &yard, held).await
    })
}

/// Whether it is about the workstation itself, and not about what runs in it.
fn changes(visit: &Visit<'_>) -> bool {
    let actions = &visit.args.actions;
    let on_itself = visit.session.is_none();
    actions.configure.is_some()
        || actions.clean
        || !actions.install.is_empty()
        || actions.build
        || actions.upgrade
        || actions.restore.is_some()
        || on_itself && (actions.stop || actions.restart)
        || actions.backup.is_some()
        || actions.clone_to.is_some()
        || actions.join.is_some()
        || actions.destroy
}

/// What somebody else is told who waits for this run.
fn doing(visit: &Visit<'_>) -> String {
    let actions = &visit.args.actions;
    let words = [
        ("--upgrade", actions.upgrade),
        ("--install", !actions.install.is_empty()),
        ("--build", actions.build),
        ("--restore", actions.restore.is_some()),
        ("--backup", actions.backup.is_some()),
        ("--clone", actions.clone_to.is_some()),
        ("--destroy", actions.destroy),
        ("--join", actions.join.is_some()),
        ("--restart", actions.restart),
        ("--stop", actions.stop),
        ("--config", actions.configure.is_some()),
    ];
    let word = words.iter().find_map(|(word, said)| said.then_some(*word)).unwrap_or("--clean");
    format!("{} {word}", visit.name)
}

/// The file, as far as it is needed.
async fn prepare(visit: &mut Visit<'_>) -> Result<(), Failure> {
    let actions = &visit.args.actions;
    if actions.configure.is_some() {
        install::configure(visit).await?;
    }
    if actions.clean {
        // What it said stays known for the rest of this run.
        install::clean(visit)?;
    }
    if !actions.install.is_empty() {
        visit.before = Some(install::add(visit).await?);
    }
    let does_without = actions.configure.is_some()
        || actions.clean
        || !actions.install.is_empty()
        || actions.stop
        || actions.restart
        || actions.kill.is_some()
        || actions.backup.is_some()
        || actions.destroy
        || actions.status
        || actions.ls;
    let needs = actions.build
        || actions.upgrade
        || actions.start
        || actions.sync
        || actions.dev_sync
        || actions.restore.is_some()
        || actions.clone_to.is_some()
        || actions.join.is_some();
    if needs || !does_without {
        visit.settle().await?;
    }
    Ok(())
}

async fn each(visit: &Visit<'_>, yard: &Yard<'_>, held: Option<Held<'_>>) -> Result<Exit, Failure> {
    let actions = &visit.args.actions;
    if !actions.install.is_empty() {
        install::run(visit, yard).await?;
    }
    if actions.build {
        upgrade::build(visit, yard).await?;
    }
    if actions.upgrade {
        upgrade::run(visit, yard).await?;
    }
    if let Some(file) = &actions.restore {
        keep::restore(visit, yard, file).await?;
    }
    if actions.start {
        start(visit, yard).await?;
    }
    if actions.stop {
        stop(visit, yard).await?;
    }
    if actions.restart {
        restart(visit, yard).await?;
    }
    if let Some(session) = &actions.kill {
        kill(visit, yard, &super::visit::session_named(session)?).await?;
    }
    if let Some(file) = &actions.backup {
        keep::backup(visit, yard, file).await?;
    }
    if let Some(name) = &actions.clone_to {
        keep::clone(visit, yard, name).await?;
    }
    if let Some(context) = &actions.join {
        join::run(visit, yard, context).await?;
    }
    if actions.destroy {
        // There is nothing left to show or to copy into.
        return destroy::run(visit, yard).await.map(|()| Exit::Done);
    }
    // What follows may last as long as it likes.
    drop(held);
    if actions.status || actions.ls {
        status::run(visit, yard).await?;
    }
    if actions.sync {
        sync::run(visit, yard).await?;
    }
    if actions.dev_sync {
        watch::run(visit).await?;
    }
    Ok(Exit::Done)
}

async fn start(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let seen = enter::started(visit, yard).await?;
    if let Some(session) = &visit.session {
        sessions::act(yard, &seen, "start", session).await?;
    }
    Ok(())
}

async fn stop(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let seen = visit.found(yard).await?;
    let Some(session) = &visit.session else {
        if !seen.is_running() {
            visit.say(&format!("the workstation `{}` does not run", visit.name));
            return Ok(());
        }
        return Ok(yard.stop(&seen).await?);
    };
    let seen = visit.running(yard).await?;
    sessions::act(yard, &seen, "stop", session).await
}

async fn restart(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let seen = visit.found(yard).await?;
    match &visit.session {
        Some(session) if seen.is_running() => sessions::act(yard, &seen, "restart", session).await,
        Some(_) => start(visit, yard).await,
        None => Ok(yard.restart(&seen).await.map(drop)?),
    }
}

async fn kill(visit: &Visit<'_>, yard: &Yard<'_>, session: &SessionName) -> Result<(), Failure> {
    let seen = visit.running(yard).await?;
    sessions::act(yard, &seen, "kill", session).await
}

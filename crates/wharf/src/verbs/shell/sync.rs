//! `--sync`: folders of this machine into the home, one way, through the session server.

use super::visit::Visit;
use super::{enter, pipes, shelf};
use crate::exit::Exit;
use crate::failure::{Failure, chain};
use crate::show;
use wharf_session::sync::{self as session_sync, Excludes, Synced};
use wharf_wire::workstation::WorkstationExec;
use wharf_workstation::{PROGRAM, Seen, SyncedFolder, Yard};

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    visit.check_folders_are_meant()?;
    let folders = &visit.defined()?.sync;
    if folders.is_empty() {
        return Err(nothing_said(visit));
    }
    let seen = enter::started(visit, yard).await?;
    for folder in folders {
        let synced = once(visit, yard, &seen, folder).await?;
        tell(visit, folder, synced);
    }
    Ok(())
}

pub(super) fn nothing_said(visit: &Visit<'_>) -> Failure {
    let path = visit.shelf.path(&visit.name);
    Failure::usage(format!("`{}` names no folders to copy", path.display()))
        .hint("add `sync: [{from: ~/.config/nixpkgs, to: .config/nixpkgs}]`")
}

/// Says what was done, where anything was.
pub(super) fn tell(visit: &Visit<'_>, folder: &SyncedFolder, synced: Synced) {
    let Synced { written, deleted, unchanged, .. } = synced;
    visit.say(&format!(
        "{} -> {}: {written} written, {deleted} deleted, {unchanged} unchanged",
        show::one_line(&folder.from),
        show::one_line(&folder.to)
    ));
}

/// Copies one folder.
pub(super) async fn once(
    visit: &Visit<'_>,
    yard: &Yard<'_>,
    seen: &Seen,
    folder: &SyncedFolder,
) -> Result<Synced, Failure> {
    let from = shelf::expanded(visit.setting, &folder.from)?;
    // A source that is not there is a mistake, and not a wish to have everything deleted.
    let Some(from) = from.canonicalize().ok().filter(|from| from.is_dir()) else {
        return Err(Failure::usage(format!("`{}` is no folder; nothing was copied", from.display()))
            .hint("`sync` in the workstation's file names it"));
    };
    let excludes = Excludes::new(&folder.exclude).map_err(|error| Failure::of(Exit::Usage, &error))?;
    let words = [PROGRAM, "receive", &folder.to].map(str::to_owned).into();
    let exec = WorkstationExec { command: words, stdin: true, ..WorkstationExec::default() };
    let (_, attached) = yard.exec(seen, exec).await?;
    let (hearing, telling, complaints) = pipes::of(attached);
    let sent = tokio::task::spawn_blocking(move || session_sync::send(&from, &excludes, hearing, telling));
    let sent = sent.await.map_err(|error| Failure::of(Exit::Failed, &error))?;
    sent.map_err(|error| {
        let said = complaints.text();
        let causes = if said.is_empty() { vec![chain(&error)] } else { vec![chain(&error), said] };
        Failure { causes, ..Failure::new(Exit::Failed, format!("`{}` was not copied whole", folder.from)) }
            .hint("what is written is whole, file by file; the same command goes on from there")
    })
}

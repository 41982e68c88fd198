//! `--dev-sync`: copied again whenever something changes, until Ctrl-C. An idle hour is no end, and neither is a workstation
//! that restarts.

use super::visit::Visit;
use super::{shelf, sync};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use wharf_workstation::{SyncedFolder, Yard};

/// So long nothing more may change before it is copied: an editor writes several times.
const CALM: Duration = Duration::from_millis(150);
/// Before it is tried again what did not work.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(visit: &Visit<'_>) -> Result<(), Failure> {
    let folders = &visit.defined()?.sync;
    if folders.is_empty() {
        return Err(sync::nothing_said(visit));
    }
    visit.check_folders_are_meant()?;
    let sources = folders.iter().map(|folder| shelf::expanded(visit.setting, &folder.from));
    let sources = sources.collect::<Result<Vec<_>, _>>()?;
    let (_watcher, mut changes) = watch(&sources)?;
    visit.say("copying what changes, until Ctrl-C");
    // Everything first: what changed while nobody watched.
    let mut due: BTreeSet<usize> = (0..folders.len()).collect();
    loop {
        while !due.is_empty() {
            due = copy(visit, folders, due).await;
            if !due.is_empty() {
                tokio::time::sleep(PATIENCE).await;
            }
        }
        let Some(first) = changes.recv().await else {
            return Err(
                Failure::new(Exit::Failed, "the system says no more what changes").hint("start it again")
            );
        };
        due.extend(concerned(&sources, &first));
        while let Ok(Some(next)) = tokio::time::timeout(CALM, changes.recv()).await {
            due.extend(concerned(&sources, &next));
        }
    }
}

/// Copies what is due, and gives what has to be tried again.
async fn copy(visit: &Visit<'_>, folders: &[SyncedFolder], due: BTreeSet<usize>) -> BTreeSet<usize> {
    let mut again = BTreeSet::new();
    // Another one each time: after an upgrade there is another container.
    let yard = visit.yard();
    for index in due {
        let Some(folder) = folders.get(index) else { continue };
        match one(visit, &yard, folder).await {
            Ok(()) => {}
            Err(failure) => {
                show::failure(&failure);
                again.insert(index);
            }
        }
    }
    again
}

async fn one(visit: &Visit<'_>, yard: &Yard<'_>, folder: &SyncedFolder) -> Result<(), Failure> {
    let seen = visit.running(yard).await?;
    let synced = sync::once(visit, yard, &seen, folder).await?;
    if synced.written + synced.deleted > 0 {
        sync::tell(visit, folder, synced);
    }
    Ok(())
}

fn watch(sources: &[PathBuf]) -> Result<(RecommendedWatcher, UnboundedReceiver<Vec<PathBuf>>), Failure> {
    let (to, changes) = unbounded_channel();
    let failed = |error: &notify::Error| {
        Failure::of(Exit::Failed, error)
            .hint("does the folder exist? `sysctl fs.inotify.max_user_watches` says how many may be watched")
    };
    let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        // Reading is no change: our own copying reads.
        let paths = match event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) if event.need_rescan() => Vec::new(),
            Ok(event) => event.paths,
            Err(_) => Vec::new(),
        };
        let _nobody_watches_any_more = to.send(paths);
    });
    let mut watcher = watcher.map_err(|error| failed(&error))?;
    for source in sources {
        watcher.watch(source, RecursiveMode::Recursive).map_err(|error| failed(&error))?;
    }
    Ok((watcher, changes))
}

/// Which folders a change is in; all of them when that is not known.
fn concerned(sources: &[PathBuf], changed: &[PathBuf]) -> Vec<usize> {
    let is_in = |source: &Path| changed.is_empty() || changed.iter().any(|path| path.starts_with(source));
    sources.iter().enumerate().filter(|(_, source)| is_in(source)).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_concerns_the_folder_it_is_in() {
        let sources = [PathBuf::from("/a"), PathBuf::from("/ab")];
        assert_eq!(concerned(&sources, &["/ab/c".into()]), [1]);
        assert_eq!(concerned(&sources, &["/a".into()]), [0]);
        assert_eq!(concerned(&sources, &[]), [0, 1], "the system has lost count");
    }
}

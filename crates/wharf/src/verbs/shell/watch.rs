//! `--dev-sync`: copied again whenever something changes, until Ctrl-C. An idle hour is no end, and neither is a workstation
//! that restarts.

use super::visit::Visit;
use super::{shelf, sync};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use wharf_workstation::{SyncedFolder, Yard};

/// So long nothing more may change before it is copied: an editor writes several times.
const CALM: Duration = Duration::from_millis(150);
/// Before it is tried again what did not work.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether a folder is still the one that is watched: nobody tells that of a link on the way to it, or
/// of a folder above it.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
/// After so long everything is compared, whatever was told: on some file systems nothing is.
const LONGEST: Duration = Duration::from_secs(60);

pub(super) async fn run(visit: &Visit<'_>) -> Result<(), Failure> {
    visit.check_folders_are_meant()?;
    let folders = &visit.defined()?.sync;
    if folders.is_empty() {
        return Err(sync::nothing_said(visit));
    }
    let sources = folders.iter().map(|folder| shelf::expanded(visit.setting, &folder.from));
    let (mut watch, mut changes) = Watch::on(sources.collect::<Result<Vec<_>, _>>()?)?;
    visit.say("copying what changes, until Ctrl-C");
    // Everything first: what changed while nobody watched.
    let mut due: BTreeSet<usize> = (0..folders.len()).collect();
    let mut complaint = String::new();
    let mut everything = Instant::now();
    loop {
        while !due.is_empty() {
            // Before it is copied: what changes meanwhile is told, and copied after it.
            watch.renew();
            due = copy(visit, folders, due, &mut complaint).await;
            if !due.is_empty() {
                tokio::time::sleep(PATIENCE).await;
            }
        }
        match tokio::time::timeout(BETWEEN_LOOKS, changes.recv()).await {
            Ok(Some(first)) => due.extend(watch.concerned(&first)),
            Ok(None) => {
                return Err(
                    Failure::new(Exit::Failed, "the system says no more what changes").hint("start it again")
                );
            }
            Err(_) if everything.elapsed() >= LONGEST => {
                everything = Instant::now();
                due.extend(0..folders.len());
            }
            Err(_) => {
                due.extend(watch.replaced());
                if due.is_empty() {
                    continue;
                }
            }
        }
        while let Ok(Some(next)) = tokio::time::timeout(CALM, changes.recv()).await {
            due.extend(watch.concerned(&next));
        }
    }
}

/// Copies what is due, and gives what has to be tried again. What is wrong is said once.
async fn copy(
    visit: &Visit<'_>,
    folders: &[SyncedFolder],
    due: BTreeSet<usize>,
    complaint: &mut String,
) -> BTreeSet<usize> {
    let mut again = BTreeSet::new();
    // Another one each time: after an upgrade there is another container.
    let yard = visit.yard();
    for index in due {
        let Some(folder) = folders.get(index) else { continue };
        if let Err(failure) = one(visit, &yard, folder).await {
            if *complaint != failure.message {
                show::failure(&failure);
                visit.say("trying again until it works");
                complaint.clone_from(&failure.message);
            }
            again.insert(index);
        }
    }
    if again.is_empty() {
        complaint.clear();
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

/// Who is told of changes.
struct Watch {
    watcher: RecommendedWatcher,
    sources: Vec<Source>,
}

/// A folder, and which one it was when it was last looked at: another may have taken its place.
struct Source {
    path: PathBuf,
    /// Where it is when the links on the way are followed: changes are told with this path.
    real: PathBuf,
    was: Option<(u64, u64)>,
}

impl Watch {
    fn on(sources: Vec<PathBuf>) -> Result<(Self, UnboundedReceiver<Vec<PathBuf>>), Failure> {
        let (to, changes) = unbounded_channel();
        let tell = move |event: notify::Result<Event>| {
            let paths = match event {
                // Reading is no change: our own copying reads.
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
                Ok(event) if !event.need_rescan() => event.paths,
                // The system has lost count.
                _ => Vec::new(),
            };
            let _nobody_watches_any_more = to.send(paths);
        };
        // Links are copied as links: what they lead to does not matter.
        let watcher = RecommendedWatcher::new(tell, Config::default().with_follow_symlinks(false));
        let watcher = watcher.map_err(|error| failed(&error))?;
        let sources =
            sources.into_iter().map(|path| Source { real: path.clone(), path, was: None }).collect();
        let mut watch = Self { watcher, sources };
        // Only the first time: later it may be a moment in which the folder is away.
        watch.renewed().map_err(|error| failed(&error))?;
        Ok((watch, changes))
    }

    fn renew(&mut self) {
        // What cannot be watched cannot be copied, and that is said then.
        let _tried = self.renewed();
    }

    /// Watches what is there now; the others as well when one of them is not.
    fn renewed(&mut self) -> notify::Result<()> {
        let Self { watcher, sources } = self;
        let tried: Vec<_> = sources.iter_mut().map(|source| source.renewed(watcher)).collect();
        tried.into_iter().collect()
    }

    /// Which folders are others than those that are watched.
    fn replaced(&self) -> Vec<usize> {
        let is_another = |source: &Source| source.is().is_ok_and(|is| source.was != Some(is));
        let sources = self.sources.iter().enumerate();
        sources.filter(|(_, source)| is_another(source)).map(|(index, _)| index).collect()
    }

    /// Which folders a change is in.
    fn concerned(&self, changed: &[PathBuf]) -> Vec<usize> {
        let paths: Vec<&Path> = self.sources.iter().map(|source| source.real.as_path()).collect();
        concerned(&paths, changed)
    }
}

impl Source {
    /// Which folder it is now.
    fn is(&self) -> std::io::Result<(u64, u64)> {
        self.path.metadata().map(|meta| (meta.dev(), meta.ino()))
    }

    fn renewed(&mut self, watcher: &mut RecommendedWatcher) -> notify::Result<()> {
        let is = self.is().map_err(notify::Error::io)?;
        if self.was == Some(is) {
            return Ok(());
        }
        if self.was.take().is_some() {
            // It watches the one that was there before, when it watches any.
            let _unwatched = watcher.unwatch(&self.real);
        }
        self.real = self.path.canonicalize().map_err(notify::Error::io)?;
        watcher.watch(&self.real, RecursiveMode::Recursive)?;
        self.was = Some(is);
        Ok(())
    }
}

fn failed(error: &notify::Error) -> Failure {
    Failure::of(Exit::Failed, error)
        .hint("is the folder there? `sysctl fs.inotify.max_user_watches` says how many may be watched")
}

/// Which folders a change is in; all of them when that is not known.
fn concerned(sources: &[&Path], changed: &[PathBuf]) -> Vec<usize> {
    let is_in = |source: &Path| changed.is_empty() || changed.iter().any(|path| path.starts_with(source));
    sources.iter().enumerate().filter(|(_, source)| is_in(source)).map(|(index, _)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_replaced_by_way_of_a_link_is_noticed_and_watched() {
        let place = std::env::temp_dir().join(format!("wharf-watch-{}", std::process::id()));
        std::fs::create_dir_all(place.join("one")).unwrap();
        std::fs::create_dir_all(place.join("two")).unwrap();
        let link = place.join("conf");
        std::os::unix::fs::symlink("one", &link).unwrap();
        let (mut watch, mut changes) = Watch::on(vec![link.clone()]).unwrap();
        assert_eq!(watch.replaced(), [0_usize; 0]);
        std::os::unix::fs::symlink("two", place.join("next")).unwrap();
        std::fs::rename(place.join("next"), &link).unwrap();
        assert_eq!(watch.replaced(), [0]);
        watch.renew();
        assert_eq!(watch.replaced(), [0_usize; 0]);
        std::fs::write(place.join("two/file"), "x").unwrap();
        let told = changes.blocking_recv().unwrap();
        assert_eq!(watch.concerned(&told), [0]);
        std::fs::remove_dir_all(&place).unwrap();
    }

    #[test]
    fn a_change_concerns_the_folder_it_is_in() {
        let sources = [Path::new("/a"), Path::new("/ab")];
        assert_eq!(concerned(&sources, &["/ab/c".into()]), [1]);
        assert_eq!(concerned(&sources, &["/a".into()]), [0]);
        assert_eq!(concerned(&sources, &[]), [0, 1], "the system has lost count");
    }
}

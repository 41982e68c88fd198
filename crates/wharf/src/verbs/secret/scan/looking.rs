//! Looking at many texts, with all processors.

use super::progress::Meter;
use super::{Place, failure};
use crate::exit::Exit;
use crate::failure::Failure;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wharf_repository::{Blob, ObjectError, Objects, Repository, WorkTree};
use wharf_scan::{Finding, Scanner};

/// So many finds are told; a repository of nothing else needs no more.
const MOST_FINDS: usize = 10_000;
/// Threads take so many texts at a time, which in a history are neighbours made of one another.
const PORTION: usize = 64;
/// More processors would wait for the disk.
const MOST_THREADS: usize = 8;

/// What was looked at, and what was found.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) files: Vec<FileFinds>,
    /// How many texts were looked at.
    pub(super) count: usize,
    /// What was not looked at, and why.
    pub(super) notes: Vec<String>,
    /// Whether something could not be looked at that should have been.
    pub(super) is_partial: bool,
    /// Whether what is found is in the past, where removing a line does not help.
    pub(super) is_history: bool,
}

/// What was found in one file.
pub(super) struct FileFinds {
    pub(super) path: String,
    /// The oldest commit that has it.
    pub(super) commit: Option<String>,
    pub(super) finds: Vec<Finding>,
}

impl Looked {
    /// Takes away what is allowed, and hands it out.
    pub(super) fn take_allowed(
        &mut self,
        mut is_allowed: impl FnMut(&str, &Finding) -> bool,
    ) -> Vec<(String, Finding)> {
        let mut taken = Vec::new();
        for file in &mut self.files {
            let (allowed, finds) = std::mem::take(&mut file.finds)
                .into_iter()
                .partition(|finding| is_allowed(&file.path, finding));
            file.finds = finds;
            let allowed: Vec<Finding> = allowed;
            taken.extend(allowed.into_iter().map(|finding| (file.path.clone(), finding)));
        }
        self.files.retain(|file| !file.finds.is_empty());
        taken
    }

    pub(super) fn count(&self) -> usize {
        self.files.iter().map(|file| file.finds.len()).sum()
    }

    pub(super) fn each(&self, mut visit: impl FnMut(&str, &Finding)) {
        for file in &self.files {
            file.finds.iter().for_each(|finding| visit(&file.path, finding));
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match (self.count(), self.is_partial) {
            (0, false) => Exit::Done,
            (0, true) => Exit::Failed,
            _ => Exit::Denied,
        }
    }

    /// Says what was not looked at though it should have been.
    fn miss(&mut self, count: usize, what: &str) {
        if count > 0 {
            self.is_partial = true;
            self.notes.push(format!("{count} {what}"));
        }
    }
}

/// What came of one text.
enum Glance {
    Finds(Vec<Finding>),
    TooLarge,
    Unreadable,
    /// Gone since it was listed, or never there, as in a partial clone.
    Missing,
}

pub(super) fn files(tree: &WorkTree, place: &Place, is_quiet: bool) -> Result<Looked, Failure> {
    let mut listing = if place.is_file {
        wharf_repository::Listing::default()
    } else {
        tree.list(place.repository.as_ref(), &place.below).map_err(|error| failure(&error))?
    };
    if place.is_file {
        listing.files.push(place.below.clone());
    }
    let scanner = Scanner::new();
    let meter = Meter::new(listing.files.len(), "files", is_quiet);
    let glances = in_portions(
        listing.files.len(),
        || Ok(()),
        |(), at| {
            meter.step();
            let Some(path) = listing.files.get(at) else { return Glance::Missing };
            match tree.read(path) {
                Ok(Some(bytes)) => Glance::Finds(scanner.scan(path, &bytes)),
                Ok(None) => Glance::TooLarge,
                Err(_) => Glance::Unreadable,
            }
        },
    )?;
    drop(meter);
    let mut looked = Looked::default();
    gather(&mut looked, glances, |at| (listing.files.get(at).cloned().unwrap_or_default(), None));
    for inner in &listing.repositories {
        looked.notes.push(format!("not entered, since it is a repository of its own: {inner}"));
    }
    // Nothing is missed by it: more is looked at.
    for path in listing.unheeded.iter().take(20) {
        looked.notes.push(format!("not heeded, since it is too long: {path}"));
    }
    looked.miss(listing.unreadable.len(), "folders or names cannot be read");
    Ok(looked)
}

pub(super) fn staged(
    repository: &Repository,
    index: Option<&Path>,
    is_quiet: bool,
) -> Result<Looked, Failure> {
    let blobs = repository.staged(index).map_err(|error| failure(&error))?;
    blobs_of(repository, &blobs, is_quiet, |_| None)
}

pub(super) fn history(repository: &Repository, is_quiet: bool) -> Result<Looked, Failure> {
    let meter = Meter::new(0, "commits", is_quiet);
    let history = repository.history(&mut |count| meter.at(count)).map_err(|error| failure(&error))?;
    drop(meter);
    let commit = |blob: &Blob| history.commits.get(blob.commit).map(|id| id.to_hex().to_string());
    let mut looked = blobs_of(repository, &history.blobs, is_quiet, commit)?;
    looked.is_history = true;
    looked.miss(history.unreadable, "commits or trees are missing or damaged");
    if history.is_shallow {
        looked.notes.push(
            "the clone is shallow: older commits are not here (`git fetch --unshallow` brings them)"
                .to_owned(),
        );
    }
    for path in history.submodules.iter().take(20) {
        looked.notes.push(format!("not entered, since it is a submodule: {path}"));
    }
    Ok(looked)
}

fn blobs_of(
    repository: &Repository,
    blobs: &[Blob],
    is_quiet: bool,
    commit: impl Fn(&Blob) -> Option<String>,
) -> Result<Looked, Failure> {
    let scanner = Scanner::new();
    let meter = Meter::new(blobs.len(), "blobs", is_quiet);
    let open = || Ok((repository.objects().map_err(|error| failure(&error))?, Vec::new()));
    let glances = in_portions(blobs.len(), open, |(objects, buffer): &mut (Objects, Vec<u8>), at| {
        meter.step();
        let Some(blob) = blobs.get(at) else { return Glance::Missing };
        match objects.read(&blob.id, buffer) {
            Ok(_) => Glance::Finds(scanner.scan(&blob.path, buffer)),
            Err(ObjectError::TooLarge) => Glance::TooLarge,
            Err(ObjectError::Damaged) => Glance::Unreadable,
            Err(ObjectError::Missing) => Glance::Missing,
        }
    })?;
    drop(meter);
    let mut looked = Looked::default();
    gather(&mut looked, glances, |at| {
        blobs.get(at).map_or_else(Default::default, |blob| (blob.path.clone(), commit(blob)))
    });
    if looked.is_partial && repository.borrows_objects() {
        looked.notes.push("it borrows objects from another repository, which is not followed: `git repack -a -d` brings them here".to_owned());
    }
    Ok(looked)
}

/// Every text once, by number, on several threads with something of their own each.
fn in_portions<Own>(
    count: usize,
    open: impl Fn() -> Result<Own, Failure> + Sync,
    glance: impl Fn(&mut Own, usize) -> Glance + Sync,
) -> Result<Vec<(usize, Glance)>, Failure> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Result<Vec<(usize, Glance)>, Failure>> = Mutex::new(Ok(Vec::new()));
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = processors.min(MOST_THREADS).min(count.div_ceil(PORTION)).max(1);
    let work = || {
        let mut own = match open() {
            Ok(own) => own,
            Err(failure) => {
                if let Ok(mut done) = done.lock() {
                    *done = Err(failure);
                }
                return;
            }
        };
        let mut mine = Vec::new();
        loop {
            let start = next.fetch_add(PORTION, Ordering::Relaxed);
            if start >= count {
                break;
            }
            for at in start..count.min(start + PORTION) {
                match glance(&mut own, at) {
                    Glance::Finds(finds) if finds.is_empty() => {}
                    other => mine.push((at, other)),
                }
            }
        }
        if let Ok(mut done) = done.lock()
            && let Ok(all) = done.as_mut()
        {
            all.append(&mut mine);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let done = done.into_inner().map_err(|_| Failure::new(Exit::Failed, "a thread of the scan broke off"))?;
    let mut glances = done?;
    glances.sort_by_key(|(at, _)| *at);
    glances.push((count, Glance::Finds(Vec::new())));
    Ok(glances)
}

fn gather(
    looked: &mut Looked,
    glances: Vec<(usize, Glance)>,
    name: impl Fn(usize) -> (String, Option<String>),
) {
    let (mut too_large, mut unreadable, mut missing, mut finds_left) = (0, 0, 0, MOST_FINDS);
    looked.count = glances.last().map_or(0, |(count, _)| *count);
    for (at, glance) in glances {
        match glance {
            Glance::Finds(finds) if finds.is_empty() || finds_left == 0 => {}
            Glance::Finds(finds) => {
                finds_left = finds_left.saturating_sub(finds.len());
                let (path, commit) = name(at);
                looked.files.push(FileFinds { path, commit, finds });
            }
            Glance::TooLarge => too_large += 1,
            Glance::Unreadable => unreadable += 1,
            Glance::Missing => missing += 1,
        }
    }
    looked.files.sort_by(|one, other| one.path.cmp(&other.path));
    if too_large > 0 {
        looked.notes.push(format!("{too_large} not looked at: larger than 32 MiB, or no regular file"));
    }
    if finds_left == 0 {
        looked.notes.push(format!("more than {MOST_FINDS} finds: the rest is not told"));
    }
    looked.miss(unreadable, "cannot be read");
    looked.miss(missing, "are not in this repository");
}

//! Every blob that any commit of any ref ever held, each once, with the oldest commit that has it.

use crate::error::{ObjectError, RepositoryError};
use crate::objects::Objects;
use crate::repository::{Repository, read_small};
use gix_hash::ObjectId;
use gix_object::{CommitRefIter, Kind, TagRefIter, TreeRefIter};
use std::collections::{BTreeSet, HashSet};

/// Longer paths are somebody's joke.
const MOST_PATH: usize = 8192;
/// Tags of tags of tags.
const MOST_PEELING: usize = 16;
const MOST_SHALLOW: u64 = 16 << 20;

/// A file's content at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The content.
    pub id: ObjectId,
    /// Where it lay, from the top.
    pub path: String,
    /// In `History::commits`.
    pub commit: usize,
}

/// All blobs of a repository.
#[derive(Debug, Default)]
pub struct History {
    /// In an order in which they are read quickly.
    pub blobs: Vec<Blob>,
    /// The commits that first had them, by what they are called.
    pub commits: Vec<ObjectId>,
    /// Submodules that were met and not entered.
    pub submodules: BTreeSet<String>,
    /// Whether older commits were left out when the repository was cloned.
    pub is_shallow: bool,
    /// Commits and trees that are not there or make no sense.
    pub unreadable: usize,
}

struct Commit {
    id: ObjectId,
    tree: ObjectId,
    seconds: i64,
}

impl Repository {
    /// Walks all commits. `tell` hears how many there are so far.
    pub fn history(&self, tell: &mut dyn FnMut(usize)) -> Result<History, RepositoryError> {
        let mut objects = self.objects()?;
        let mut history = History::default();
        let shallow = read_small(&self.common_dir.join("shallow"), MOST_SHALLOW)?;
        history.is_shallow = shallow.is_some();
        let shallow =
            String::from_utf8_lossy(&shallow.unwrap_or_default()).lines().map(str::to_owned).collect();
        let (mut commits, trees) = self.commits(&mut objects, &shallow, &mut history, tell)?;
        // Oldest first, so that a blob is said to come from where it came from.
        commits.sort_by_key(|commit| (commit.seconds, commit.id));
        let mut walk = Walk { objects, seen: HashSet::new(), history, buffer: Vec::new() };
        for commit in commits {
            walk.tree(commit.tree, commit.id);
        }
        for tree in trees {
            walk.tree(tree, tree);
        }
        Ok(walk.finished())
    }

    fn commits(
        &self,
        objects: &mut Objects,
        shallow: &BTreeSet<String>,
        history: &mut History,
        tell: &mut dyn FnMut(usize),
    ) -> Result<(Vec<Commit>, Vec<ObjectId>), RepositoryError> {
        let mut waiting: Vec<(ObjectId, usize)> = self.tips()?.into_iter().map(|id| (id, 0)).collect();
        let mut seen: HashSet<ObjectId> = waiting.iter().map(|(id, _)| *id).collect();
        let (mut commits, mut trees) = (Vec::new(), Vec::new());
        let mut buffer = Vec::new();
        while let Some((id, peeled)) = waiting.pop() {
            match objects.read(&id, &mut buffer) {
                Ok(Kind::Commit) => match commit(&buffer, id, objects.hash()) {
                    Some((commit, parents)) => {
                        commits.push(commit);
                        tell(commits.len());
                        let ends = shallow.contains(&id.to_hex().to_string());
                        let parents = parents.into_iter().filter(|_| !ends);
                        waiting
                            .extend(parents.filter(|parent| seen.insert(*parent)).map(|parent| (parent, 0)));
                    }
                    None => history.unreadable += 1,
                },
                Ok(Kind::Tag) if peeled < MOST_PEELING => {
                    match TagRefIter::from_bytes(&buffer, objects.hash()).target_id() {
                        Ok(target) if seen.insert(target) => waiting.push((target, peeled + 1)),
                        Ok(_) => {}
                        Err(_) => history.unreadable += 1,
                    }
                }
                Ok(Kind::Tree) => trees.push(id),
                Ok(Kind::Blob) => {
                    history.blobs.push(Blob { id, path: id.to_hex().to_string(), commit: usize::MAX });
                }

                Ok(Kind::Tag) | Err(_) => history.unreadable += 1,
            }
        }
        Ok((commits, trees))
    }
}

fn commit(bytes: &[u8], id: ObjectId, hash: gix_hash::Kind) -> Option<(Commit, Vec<ObjectId>)> {
    let iter = || CommitRefIter::from_bytes(bytes, hash);
    let tree = iter().tree_id().ok()?;
    let seconds = iter().committer().ok().and_then(|who| who.time().ok()).map_or(0, |time| time.seconds);
    Some((Commit { id, tree, seconds }, iter().parent_ids().collect()))
}

struct Walk {
    objects: Objects,
    /// Trees and blobs: each is looked at once.
    seen: HashSet<ObjectId>,
    history: History,
    buffer: Vec<u8>,
}

impl Walk {
    fn tree(&mut self, root: ObjectId, commit: ObjectId) {
        let mut waiting = vec![(root, String::new())];
        let mut number = None;
        while let Some((id, path)) = waiting.pop() {
            if !self.seen.insert(id) {
                continue;
            }
            let mut buffer = std::mem::take(&mut self.buffer);
            match self.objects.read(&id, &mut buffer) {
                Ok(Kind::Tree) => self.entries(&buffer, &path, commit, &mut number, &mut waiting),
                Ok(_) | Err(ObjectError::Missing | ObjectError::TooLarge | ObjectError::Damaged) => {
                    self.history.unreadable += 1;
                }
            }
            self.buffer = buffer;
        }
    }

    fn entries(
        &mut self,
        tree: &[u8],
        path: &str,
        commit: ObjectId,
        number: &mut Option<usize>,
        waiting: &mut Vec<(ObjectId, String)>,
    ) {
        for entry in TreeRefIter::from_bytes(tree, self.objects.hash()) {
            let Ok(entry) = entry else {
                self.history.unreadable += 1;
                return;
            };
            let path = joined(path, &String::from_utf8_lossy(entry.filename));
            if path.len() > MOST_PATH {
                self.history.unreadable += 1;
            } else if entry.mode.is_tree() {
                waiting.push((entry.oid.to_owned(), path));
            } else if entry.mode.is_commit() {
                self.history.submodules.insert(path);
            } else if entry.mode.is_blob() && self.seen.insert(entry.oid.to_owned()) {
                let commits = &mut self.history.commits;
                let commit = *number.get_or_insert_with(|| {
                    commits.push(commit);
                    commits.len() - 1
                });
                self.history.blobs.push(Blob { id: entry.oid.to_owned(), path, commit });
            }
        }
    }

    /// Neighbours in a pack are made of one another.
    fn finished(mut self) -> History {
        let objects = &self.objects;
        self.history.blobs.sort_by_cached_key(|blob| objects.place(&blob.id));
        self.history
    }
}

pub(crate) fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

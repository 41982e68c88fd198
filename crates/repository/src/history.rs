//! Every blob that any commit of any ref ever held, each once, with the oldest commit that has it.

use crate::error::{ObjectError, RepositoryError};
use crate::objects::Objects;
use crate::paths::{MOST_PATH, Paths, joined};
use crate::repository::{Repository, read_small};
use gix_hash::ObjectId;
use gix_object::{CommitRefIter, Kind, TagRefIter, TreeRefIter};
use std::collections::{BTreeSet, HashSet};

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
        let trees = trees.into_iter().map(|tree| (tree, tree));
        let roots = commits.into_iter().map(|commit| (commit.tree, commit.id)).chain(trees);
        let paths = Paths::of(&self.git_dir);
        let mut walk = Walk { objects, seen: HashSet::new(), history, paths, buffer: Vec::new() };
        for (tree, commit) in roots {
            walk.tree(tree, commit)?;
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
    /// Trees and blobs: each is looked at once, and its path made once.
    seen: HashSet<ObjectId>,
    history: History,
    paths: Paths,
    buffer: Vec<u8>,
}

/// A tree that is being read.
struct Folder<'a> {
    path: &'a str,
    commit: ObjectId,
    /// In `History::commits`, once it is there.
    number: &'a mut Option<usize>,
}

impl Walk {
    fn tree(&mut self, root: ObjectId, commit: ObjectId) -> Result<(), RepositoryError> {
        if !self.seen.insert(root) {
            return Ok(());
        }
        let mut waiting = vec![(root, String::new())];
        let mut number = None;
        while let Some((id, path)) = waiting.pop() {
            self.paths.forget(&path);
            let mut buffer = std::mem::take(&mut self.buffer);
            match self.objects.read(&id, &mut buffer) {
                Ok(Kind::Tree) => {
                    let folder = &mut Folder { path: &path, commit, number: &mut number };
                    self.entries(&buffer, folder, &mut waiting)?;
                }
                Ok(_) | Err(ObjectError::Missing | ObjectError::TooLarge | ObjectError::Damaged) => {
                    self.history.unreadable += 1;
                }
            }
            self.buffer = buffer;
        }
        Ok(())
    }

    fn entries(
        &mut self,
        tree: &[u8],
        folder: &mut Folder<'_>,
        waiting: &mut Vec<(ObjectId, String)>,
    ) -> Result<(), RepositoryError> {
        for entry in TreeRefIter::from_bytes(tree, self.objects.hash()) {
            let Ok(entry) = entry else {
                self.history.unreadable += 1;
                return Ok(());
            };
            let (id, mode) = (entry.oid.to_owned(), entry.mode);
            // Before its path is made: a tree may name one thing a million times.
            let is_new = mode.is_commit() || (mode.is_tree() || mode.is_blob()) && self.seen.insert(id);
            if !is_new {
                continue;
            }
            if folder.path.len() + entry.filename.len() > MOST_PATH {
                self.history.unreadable += 1;
                continue;
            }
            let path = joined(folder.path, &String::from_utf8_lossy(entry.filename));
            if mode.is_commit() {
                self.submodule(path)?;
                continue;
            }
            self.paths.keep(&path)?;
            if mode.is_tree() {
                waiting.push((id, path));
            } else {
                let commits = &mut self.history.commits;
                let commit = *folder.number.get_or_insert_with(|| {
                    commits.push(folder.commit);
                    commits.len() - 1
                });
                self.history.blobs.push(Blob { id, path, commit });
            }
        }
        Ok(())
    }

    fn submodule(&mut self, path: String) -> Result<(), RepositoryError> {
        if !self.history.submodules.contains(&path) {
            self.paths.keep(&path)?;
            self.history.submodules.insert(path);
        }
        Ok(())
    }

    /// Neighbours in a pack are made of one another.
    fn finished(mut self) -> History {
        let objects = &self.objects;
        self.history.blobs.sort_by_cached_key(|blob| objects.place(&blob.id));
        self.history
    }
}

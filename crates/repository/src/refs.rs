//! Everything that points at commits: refs loose and packed, the heads of all work trees.

use crate::error::RepositoryError;
use crate::objects::id_of;
use crate::repository::{Repository, read_small};
use gix_hash::ObjectId;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const MOST_REF: u64 = 4096;
const MOST_PACKED: u64 = 256 << 20;
/// Refs within refs within refs.
const MOST_DEPTH: usize = 64;
/// Refs that name refs.
const MOST_HOPS: usize = 8;

impl Repository {
    /// The commit that is checked out, if there is one yet.
    pub(crate) fn head(&self) -> Result<Option<ObjectId>, RepositoryError> {
        let mut name = "HEAD".to_owned();
        for _ in 0..MOST_HOPS {
            let Some(text) = self.read_ref(&name)? else {
                return Ok(self.packed()?.into_iter().find(|(packed, _)| *packed == name).map(|(_, id)| id));
            };
            match text.strip_prefix("ref:") {
                Some(next) if is_ref_name(next.trim()) => next.trim().clone_into(&mut name),
                Some(_) => {
                    return Err(RepositoryError::damaged(&self.git_dir.join("HEAD"), "it names no ref"));
                }
                None => return Ok(id_of(text.trim(), self.hash)),
            }
        }
        Err(RepositoryError::damaged(&self.git_dir.join("HEAD"), "refs name one another in a circle"))
    }

    /// What any ref or head points at, each once.
    pub(crate) fn tips(&self) -> Result<BTreeSet<ObjectId>, RepositoryError> {
        let mut tips: BTreeSet<ObjectId> = self.packed()?.into_iter().map(|(_, id)| id).collect();
        tips.extend(self.head()?);
        for name in ["ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"] {
            let text = self.read_ref(name).unwrap_or_default().unwrap_or_default();
            tips.extend(text.lines().filter_map(|line| id_of(line.split_whitespace().next()?, self.hash)));
        }
        let mut directories = vec![(self.common_dir.join("refs"), 0)];
        if self.git_dir != self.common_dir {
            directories.push((self.git_dir.join("refs"), 0));
        }
        directories.push((self.common_dir.join("worktrees"), 0));
        while let Some((directory, depth)) = directories.pop() {
            self.tips_in(&directory, depth, &mut directories, &mut tips)?;
        }
        Ok(tips)
    }

    fn tips_in(
        &self,
        directory: &Path,
        depth: usize,
        deeper: &mut Vec<(PathBuf, usize)>,
        tips: &mut BTreeSet<ObjectId>,
    ) -> Result<(), RepositoryError> {
        let Ok(listed) = std::fs::read_dir(directory) else { return Ok(()) };
        let is_work_trees = directory.starts_with(self.common_dir.join("worktrees"));
        for entry in listed {
            let entry = entry.map_err(|error| RepositoryError::io(directory, error))?;
            let kind = entry.file_type().map_err(|error| RepositoryError::io(directory, error))?;
            if kind.is_dir() && depth < MOST_DEPTH {
                deeper.push((entry.path(), depth + 1));
            }
            let counts = !is_work_trees || entry.file_name() == "HEAD" || depth > 1;
            if kind.is_file() && counts {
                let text = read_small(&entry.path(), MOST_REF).unwrap_or_default().unwrap_or_default();
                tips.extend(id_of(String::from_utf8_lossy(&text).trim(), self.hash));
            }
        }
        Ok(())
    }

    /// `HEAD` and the like are this work tree's own, all others are everybody's.
    fn read_ref(&self, name: &str) -> Result<Option<String>, RepositoryError> {
        let directory = if name.contains('/') { &self.common_dir } else { &self.git_dir };
        let path = directory.join(name);
        if path.is_dir() {
            return Ok(None);
        }
        Ok(read_small(&path, MOST_REF * 16)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn packed(&self) -> Result<Vec<(String, ObjectId)>, RepositoryError> {
        let path = self.common_dir.join("packed-refs");
        let bytes = read_small(&path, MOST_PACKED)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().filter(|line| !line.starts_with(['#', '^']));
        Ok(lines
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(id, name)| Some((name.to_owned(), id_of(id, self.hash)?)))
            .collect())
    }
}

/// No way out of the directory of refs.
fn is_ref_name(name: &str) -> bool {
    name.starts_with("refs/") && !name.split('/').any(|part| part.is_empty() || part == "." || part == "..")
}

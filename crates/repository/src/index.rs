//! What is staged: the index, read as data, against what is checked out.

use crate::error::{ObjectError, RepositoryError};
use crate::history::Blob;
use crate::paths::{MOST_PATH, Paths};
use crate::repository::{Repository, read_small};
use gix_hash::ObjectId;
use gix_object::{CommitRefIter, Kind, TreeRefIter};
use std::collections::{HashMap, HashSet};
use std::path::Path;

const MOST_INDEX: u64 = 1 << 30;
const REGULAR: u32 = 0o100_000;
const KIND: u32 = 0o170_000;

/// One line of the index.
struct Entry {
    path: Vec<u8>,
    id: ObjectId,
    mode: u32,
}

impl Repository {
    /// What the next commit would bring that the present one has not. `index` names another index than the usual one, as
    /// git tells its hooks while it commits a part.
    pub fn staged(&self, index: Option<&Path>) -> Result<Vec<Blob>, RepositoryError> {
        let mut entries = self.entries(index)?;
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        let before = match self.head()? {
            Some(head) => self.checked_out(&entries, head)?,
            None => HashMap::new(),
        };
        let is_new = |entry: &Entry| before.get(&entry.path) != Some(&entry.id);
        let new = entries.into_iter().filter(|entry| entry.mode & KIND == REGULAR && is_new(entry));
        let blob = |entry: Entry| Blob {
            id: entry.id,
            path: String::from_utf8_lossy(&entry.path).into_owned(),
            commit: usize::MAX,
        };
        Ok(new.map(blob).collect())
    }

    /// The paths that git keeps, whatever .gitignore says of them.
    pub(crate) fn tracked(&self) -> Result<Vec<Vec<u8>>, RepositoryError> {
        Ok(self.entries(None)?.into_iter().map(|entry| entry.path).collect())
    }

    fn entries(&self, index: Option<&Path>) -> Result<Vec<Entry>, RepositoryError> {
        let usual = self.git_dir.join("index");
        let path = index.unwrap_or(&usual);
        let Some(bytes) = read_small(path, MOST_INDEX)? else { return Ok(Vec::new()) };
        let mut reader = Reader { bytes: &bytes, at: 0, hash_length: self.hash.len_in_bytes() };
        let damaged = || RepositoryError::damaged(path, "it is no index of git");
        let (version, count) = reader.begun().ok_or_else(damaged)?;
        let mut entries: Vec<Entry> = Vec::new();
        let mut paths = Paths::of(path);
        for _ in 0..count {
            let previous = entries.last().map(|entry| entry.path.as_slice()).unwrap_or_default();
            let entry = reader.entry(version, previous).ok_or_else(damaged)?;
            paths.keep(&entry.path)?;
            entries.push(entry);
        }
        if reader.is_split() {
            let what = "a split index".to_owned();
            return Err(RepositoryError::Unsupported {
                what,
                instead: "`git update-index --no-split-index` makes it whole",
            });
        }
        Ok(entries)
    }

    /// The files of a commit that are in the index, too, whose entries are sorted by path. Walked by what the index names
    /// and not by what the trees do: those can name themselves, and be more than anybody could walk.
    fn checked_out(
        &self,
        entries: &[Entry],
        head: ObjectId,
    ) -> Result<HashMap<Vec<u8>, ObjectId>, RepositoryError> {
        let unreadable =
            |error: ObjectError| RepositoryError::damaged(&self.git_dir.join("HEAD"), error.to_string());
        let mut objects = self.objects()?;
        let mut buffer = Vec::new();
        let mut files = HashMap::new();
        if objects.read(&head, &mut buffer).map_err(unreadable)? != Kind::Commit {
            return Ok(files);
        }
        let root = CommitRefIter::from_bytes(&buffer, self.hash)
            .tree_id()
            .map_err(|_| unreadable(ObjectError::Damaged))?;
        let mut waiting = vec![(root, Vec::new())];
        // A tree can have two folders of one name.
        let mut seen = HashSet::new();
        while let Some((id, folder)) = waiting.pop() {
            if objects.read(&id, &mut buffer).map_err(unreadable)? != Kind::Tree {
                continue;
            }
            for entry in TreeRefIter::from_bytes(&buffer, self.hash) {
                let entry = entry.map_err(|_| unreadable(ObjectError::Damaged))?;
                let mut path = folder.clone();
                path.extend_from_slice(entry.filename);
                if entry.mode.is_tree() {
                    path.push(b'/');
                    if is_folder_of(entries, &path) && seen.insert(path.clone()) {
                        waiting.push((entry.oid.to_owned(), path));
                    }
                } else if entries.binary_search_by(|kept| kept.path.cmp(&path)).is_ok() {
                    files.insert(path, entry.oid.to_owned());
                }
            }
        }
        Ok(files)
    }
}

/// Whether something in the index lies below a folder, which ends with a slash.
fn is_folder_of(entries: &[Entry], folder: &[u8]) -> bool {
    let at = entries.partition_point(|entry| entry.path.as_slice() < folder);
    entries.get(at).is_some_and(|entry| entry.path.starts_with(folder))
}

/// <https://git-scm.com/docs/index-format>, versions 2 to 4.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    hash_length: usize,
}

impl Reader<'_> {
    /// The version, and how many entries there are.
    fn begun(&mut self) -> Option<(u32, u32)> {
        let (magic, version, count) = (self.take(4)?.to_vec(), self.number()?, self.number()?);
        (magic == b"DIRC" && (2..=4).contains(&version)).then_some((version, count))
    }

    fn entry(&mut self, version: u32, previous: &[u8]) -> Option<Entry> {
        let start = self.at;
        self.take(24)?;
        let mode = self.number()?;
        self.take(12)?;
        let id = ObjectId::try_from(self.take(self.hash_length)?).ok()?;
        let flags = self.take(2)?.first().copied()?;
        if flags & 0x40 != 0 {
            self.take(2)?;
        }
        let path = if version == 4 {
            let dropped = self.offset()?;
            let kept = previous.get(..previous.len().checked_sub(dropped)?)?;
            let mut path = kept.to_vec();
            path.extend_from_slice(self.until_zero()?);
            path
        } else {
            let path = self.until_zero()?.to_vec();
            // Entries are filled up with NULs to a multiple of eight; one was taken.
            let length = self.at - start;
            self.take(length.next_multiple_of(8) - length)?;
            path
        };
        (path.len() <= MOST_PATH).then_some(Entry { path, id, mode })
    }

    /// Whether the rest of the entries is in another file.
    fn is_split(&self) -> bool {
        let mut at = self.at;
        while let Some([a, b, c, d, l0, l1, l2, l3, ..]) =
            self.bytes.get(at..).filter(|rest| rest.len() > self.hash_length + 8)
        {
            if [*a, *b, *c, *d] == *b"link" {
                return true;
            }
            let length = u32::from_be_bytes([*l0, *l1, *l2, *l3]);
            let Some(next) = usize::try_from(length).ok().and_then(|length| at.checked_add(8 + length))
            else {
                return false;
            };
            at = next;
        }
        false
    }

    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
    }

    /// As in packs: seven bits a byte, each further one adding 1.
    fn offset(&mut self) -> Option<usize> {
        let mut byte = *self.take(1)?.first()?;
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = *self.take(1)?.first()?;
            value = value.checked_add(1)?.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
        }
        Some(value)
    }

    fn until_zero(&mut self) -> Option<&[u8]> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        self.at += length + 1;
        rest.get(..length)
    }
}

//! What is staged: the index, read as data, against what is checked out.

use crate::error::{ObjectError, RepositoryError};
use crate::history::{Blob, joined};
use crate::objects::Objects;
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
        let mut objects = self.objects()?;
        let before = match self.head()? {
            Some(head) => self.checked_out(&mut objects, head)?,
            None => HashMap::new(),
        };
        let entries = self.entries(index)?;
        let is_new =
            |entry: &&Entry| before.get(String::from_utf8_lossy(&entry.path).as_ref()) != Some(&entry.id);
        let regular = entries.iter().filter(|entry| entry.mode & KIND == REGULAR);
        Ok(regular
            .filter(is_new)
            .map(|entry| Blob {
                id: entry.id,
                path: String::from_utf8_lossy(&entry.path).into_owned(),
                commit: usize::MAX,
            })
            .collect())
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
        let entries =
            reader.entries().ok_or_else(|| RepositoryError::damaged(path, "it is no index of git"))?;
        if reader.is_split() {
            let what = "a split index".to_owned();
            return Err(RepositoryError::Unsupported {
                what,
                instead: "`git update-index --no-split-index` makes it whole",
            });
        }
        Ok(entries)
    }

    fn checked_out(
        &self,
        objects: &mut Objects,
        head: ObjectId,
    ) -> Result<HashMap<String, ObjectId>, RepositoryError> {
        let unreadable =
            |error: ObjectError| RepositoryError::damaged(&self.git_dir.join("HEAD"), error.to_string());
        let mut buffer = Vec::new();
        let mut files = HashMap::new();
        if objects.read(&head, &mut buffer).map_err(unreadable)? != Kind::Commit {
            return Ok(files);
        }
        let root = CommitRefIter::from_bytes(&buffer, self.hash)
            .tree_id()
            .map_err(|_| unreadable(ObjectError::Damaged))?;
        let mut waiting = vec![(root, String::new())];
        let mut seen = HashSet::new();
        while let Some((id, path)) = waiting.pop() {
            // The same tree in two places is two; in itself it would be endless.
            if !seen.insert((id, path.clone())) || path.len() > 8192 {
                continue;
            }
            if objects.read(&id, &mut buffer).map_err(unreadable)? != Kind::Tree {
                continue;
            }
            for entry in TreeRefIter::from_bytes(&buffer, self.hash) {
                let entry = entry.map_err(|_| unreadable(ObjectError::Damaged))?;
                let path = joined(&path, &String::from_utf8_lossy(entry.filename));
                if entry.mode.is_tree() {
                    waiting.push((entry.oid.to_owned(), path));
                } else {
                    files.insert(path, entry.oid.to_owned());
                }
            }
        }
        Ok(files)
    }
}

/// <https://git-scm.com/docs/index-format>, versions 2 to 4.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    hash_length: usize,
}

impl Reader<'_> {
    fn entries(&mut self) -> Option<Vec<Entry>> {
        let (magic, version, count) = (self.take(4)?.to_vec(), self.number()?, self.number()?);
        if magic != b"DIRC" || !(2..=4).contains(&version) {
            return None;
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut previous = Vec::new();
        for _ in 0..count {
            let entry = self.entry(version, &previous)?;
            previous.clone_from(&entry.path);
            entries.push(entry);
        }
        Some(entries)
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
        Some(Entry { path, id, mode })
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

//! Objects by id: in packs, or loose.

use crate::error::{ObjectError, RepositoryError};
use crate::repository::read_small;
use flate2::read::ZlibDecoder;
use gix_hash::{Kind as Hash, ObjectId, oid};
use gix_object::Kind;
use gix_pack::cache::lru::MemoryCappedHashmap;
use gix_pack::data::decode::entry::ResolvedBase;
use gix_pack::{data, index};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Larger objects are not looked at.
pub const MOST_BLOB_BYTES: usize = 32 << 20;
/// What unpacking one object may take: the object, its base and what lies between them.
const MOST_UNPACKING: usize = 4 * MOST_BLOB_BYTES;
/// What was unpacked lately and may be the base of what comes next.
const CACHE_BYTES: usize = 32 << 20;
/// A repository that git keeps has some; thousands are somebody's joke.
const MOST_PACKS: usize = 10_000;

/// A reader of objects.
pub struct Objects {
    directory: PathBuf,
    hash: Hash,
    packs: Vec<Pack>,
    /// The pack in which the last object was: the next is there, too, mostly.
    last: usize,
    inflate: gix_zlib::Inflate,
    cache: MemoryCappedHashmap,
}

struct Pack {
    index: index::File,
    data: data::File,
}

impl Objects {
    pub(crate) fn open(directory: &Path, hash: Hash) -> Result<Self, RepositoryError> {
        let mut packs = Vec::new();
        for path in indexes(&directory.join("pack"))? {
            packs.push(Pack::open(&path, hash)?);
        }
        Ok(Self {
            directory: directory.to_owned(),
            hash,
            packs,
            last: 0,
            inflate: gix_zlib::Inflate::default(),
            cache: MemoryCappedHashmap::new(CACHE_BYTES),
        })
    }

    /// How ids are made here.
    pub(crate) fn hash(&self) -> Hash {
        self.hash
    }

    /// Reads an object into `out`.
    pub fn read(&mut self, id: &oid, out: &mut Vec<u8>) -> Result<Kind, ObjectError> {
        out.clear();
        match self.find(id) {
            Some((pack, offset)) => self.unpack(pack, offset, out),
            None => self.read_loose(id, out),
        }
    }

    /// Where an object lies, for reading many in an order that is cheap.
    pub(crate) fn place(&self, id: &oid) -> (usize, u64) {
        let found = self.packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset_of(id)?)));
        found.unwrap_or((usize::MAX, 0))
    }

    fn find(&mut self, id: &oid) -> Option<(usize, u64)> {
        if let Some(offset) = self.packs.get(self.last).and_then(|pack| pack.offset_of(id)) {
            return Some((self.last, offset));
        }
        let found = self.packs.iter().enumerate().find_map(|(at, pack)| Some((at, pack.offset_of(id)?)))?;
        self.last = found.0;
        Some(found)
    }

    fn unpack(&mut self, pack: usize, offset: u64, out: &mut Vec<u8>) -> Result<Kind, ObjectError> {
        let pack = self.packs.get(pack).ok_or(ObjectError::Damaged)?;
        let entry = pack.data.entry(offset).map_err(|_| ObjectError::Damaged)?;
        if !entry.header.is_delta() && entry.decompressed_size > MOST_BLOB_BYTES as u64 {
            return Err(ObjectError::TooLarge);
        }
        let resolve = |base: &oid, _: &mut Vec<u8>| match pack.offset_of(base) {
            Some(offset) => pack.data.entry(offset).map(|entry| Some(ResolvedBase::InPack(entry))),
            None => Ok(None),
        };
        let outcome = pack.data.decode_entry(entry, out, &mut self.inflate, &resolve, &mut self.cache);
        // What is too large and what is damaged end the same way in the library; the size is asked after.
        let outcome = outcome
            .map_err(|error| if is_limit(&error) { ObjectError::TooLarge } else { ObjectError::Damaged })?;
        if out.len() > MOST_BLOB_BYTES { Err(ObjectError::TooLarge) } else { Ok(outcome.kind) }
    }

    fn read_loose(&self, id: &oid, out: &mut Vec<u8>) -> Result<Kind, ObjectError> {
        let hex = id.to_hex().to_string();
        let (folder, name) = hex.split_at_checked(2).ok_or(ObjectError::Damaged)?;
        let path = self.directory.join(folder).join(name);
        let packed = match read_small(&path, MOST_BLOB_BYTES as u64) {
            Ok(Some(packed)) => packed,
            Ok(None) => return Err(ObjectError::Missing),
            Err(RepositoryError::TooLarge { .. }) => return Err(ObjectError::TooLarge),
            Err(_) => return Err(ObjectError::Damaged),
        };
        let limit = MOST_BLOB_BYTES as u64 + 64;
        ZlibDecoder::new(packed.as_slice())
            .take(limit + 1)
            .read_to_end(out)
            .map_err(|_| ObjectError::Damaged)?;
        if out.len() as u64 > limit {
            return Err(ObjectError::TooLarge);
        }
        let end = out.iter().take(64).position(|byte| *byte == 0).ok_or(ObjectError::Damaged)?;
        let head =
            out.get(..end).and_then(|head| std::str::from_utf8(head).ok()).ok_or(ObjectError::Damaged)?;
        let (kind, size) = head.split_once(' ').ok_or(ObjectError::Damaged)?;
        let kind = Kind::from_bytes(kind.as_bytes()).map_err(|_| ObjectError::Damaged)?;
        if size.parse() != Ok(out.len() - end - 1) {
            return Err(ObjectError::Damaged);
        }
        out.drain(..=end);
        Ok(kind)
    }
}

fn is_limit(error: &impl std::fmt::Debug) -> bool {
    format!("{error:?}").contains("AllocationLimit")
}

impl Pack {
    fn open(path: &Path, hash: Hash) -> Result<Self, RepositoryError> {
        let pack = path.with_extension("pack");
        let damaged =
            |path: &Path, error: &dyn std::fmt::Display| RepositoryError::damaged(path, error.to_string());
        is_file(&pack)?;
        let index = index::File::at(path, hash).map_err(|error| damaged(path, &error))?;
        let data = data::File::at(&pack, hash).map_err(|error| damaged(&pack, &error))?;
        Ok(Self { index, data: data.with_alloc_limit_bytes(Some(MOST_UNPACKING)) })
    }

    fn offset_of(&self, id: &oid) -> Option<u64> {
        self.index.lookup(id).map(|at| self.index.pack_offset_at_index(at))
    }
}

/// The indexes of packs. Only regular files: a pipe would be waited for.
fn indexes(directory: &Path) -> Result<Vec<PathBuf>, RepositoryError> {
    let listed = match std::fs::read_dir(directory) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RepositoryError::io(directory, error)),
    };
    let mut paths = Vec::new();
    for entry in listed.take(MOST_PACKS * 8) {
        let path = entry.map_err(|error| RepositoryError::io(directory, error))?.path();
        // An index whose pack has just been replaced is left alone.
        if path.extension().is_some_and(|end| end == "idx")
            && path.with_extension("pack").symlink_metadata().is_ok()
        {
            is_file(&path)?;
            paths.push(path);
        }
    }
    if paths.len() > MOST_PACKS {
        return Err(RepositoryError::damaged(
            directory,
            "it holds too many packs; `git gc` makes one of them",
        ));
    }
    paths.sort();
    Ok(paths)
}

fn is_file(path: &Path) -> Result<(), RepositoryError> {
    let metadata = path.symlink_metadata().map_err(|error| RepositoryError::io(path, error))?;
    if metadata.is_file() { Ok(()) } else { Err(RepositoryError::damaged(path, "it is not a regular file")) }
}

/// An id as text.
pub(crate) fn id_of(hex: &str, hash: Hash) -> Option<ObjectId> {
    ObjectId::from_hex(hex.as_bytes()).ok().filter(|id| id.kind() == hash)
}

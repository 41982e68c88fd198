//! A tenant's archive on its way to the engine. Nothing of it reaches the engine but the content of files, under names
//! of ours; which files make which images stands in a manifest of ours, which comes last.
//!
//! Seen on Docker 20.10, 28.5 and 28.5 with the containerd image store: an engine that has a layer does not look at the
//! archive's, so that a configuration that names another's layers opens them to read. Hence every layer named must
//! have come with the archive, whole.

mod config;
mod contents;
mod few;
mod judge;
mod manifest;

use crate::ArchiveError;
use crate::digest::{Packing, TELLING};
use crate::gunzip::Gunzip;
use crate::tar::Reader;
use contents::Contents;
use wharf_model::{ImageId, TenantId};
use wharf_wire::tenant::TenantTag;

/// Judges an archive for `docker load` while it streams through.
///
/// The engine gets nothing that it could load before [`Load::finish`], and needs the end of the stream as well: break off
/// the upload when anything here is an error.
pub struct Load {
    tenant: TenantId,
    front: Front,
    reader: Reader,
    contents: Contents,
    /// What was refused stays so, whatever else is pushed.
    refused: Option<ArchiveError>,
}

/// What the engine loads once it sees the end of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaded {
    /// In the archive's order.
    pub images: Vec<LoadedImage>,
    /// Bytes of all layers when unpacked, each counted once.
    pub unpacked: u64,
}

/// One image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedImage {
    /// The digest of its configuration: its id on an engine with the classic image store.
    pub config: ImageId,
    /// Never empty: one that came without a name gets the tag [`TenantTag::untagged`] of `config`.
    pub tags: Vec<TenantTag>,
}

/// How the archive comes.
enum Front {
    /// The first bytes have not all come.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<Gunzip<Vec<u8>>>),
}

pub(crate) const MANIFEST: &str = "manifest.json";

/// Deflate makes at most 1,032 bytes of one, so this many become at most half a megabyte.
const GZIP_PIECE: usize = 512;

impl Load {
    /// Push pieces of at most so many bytes, and send `out` as it fills: a gzipped piece may become a thousand times as
    /// much.
    pub const PIECE: usize = 4 * 1024;

    /// Of a tenant.
    pub fn new(tenant: TenantId) -> Self {
        let contents = Contents::new(format!("{}-{}", tenant.name, tenant.generation));
        Self { tenant, front: Front::Unknown(Vec::new()), reader: Reader::new(), contents, refused: None }
    }

    /// Takes the next piece from the client; what may be sent to the engine is appended to `out`.
    ///
    /// # Errors
    /// When the archive is refused: break off the upload.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        if let Some(refusal) = &self.refused {
            return Err(refusal.clone());
        }
        self.take(piece, out).inspect_err(|refusal| self.refused = Some(refusal.clone()))
    }

    fn take(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        match &mut self.front {
            Front::Unknown(begin) => {
                begin.extend_from_slice(piece);
                if begin.len() < TELLING { Ok(()) } else { self.tell(out) }
            }
            Front::Plain => self.reader.push(piece, &mut self.contents, out),
            Front::Gzip(gunzip) => {
                for piece in piece.chunks(GZIP_PIECE) {
                    gunzip.push(piece)?;
                    self.reader.push(gunzip.taker(), &mut self.contents, out)?;
                    gunzip.taker().clear();
                }
                Ok(())
            }
        }
    }

    /// At the end of what the client sent: appends the rest of the engine's archive, and says what it will load.
    ///
    /// # Errors
    /// When the archive is refused: break off the upload.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<Loaded, ArchiveError> {
        if let Some(refusal) = self.refused {
            return Err(refusal);
        }
        if let Front::Gzip(gunzip) = &mut self.front {
            gunzip.finish()?;
            self.reader.push(gunzip.taker(), &mut self.contents, out)?;
        }
        self.reader.finish()?;
        let (loaded, manifest) = judge::judge(&self.tenant, &self.contents)?;
        contents::write_manifest(&manifest, out);
        Ok(loaded)
    }

    fn tell(&mut self, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let Front::Unknown(begin) = &mut self.front else { return Ok(()) };
        let begin = std::mem::take(begin);
        self.front = match Packing::of(&begin) {
            Packing::None => Front::Plain,
            Packing::Gzip => Front::Gzip(Box::new(Gunzip::new("the archive", Vec::new()))),
            Packing::Other(method) => return Err(ArchiveError::Compressed(method)),
        };
        self.take(&begin, out)
    }
}

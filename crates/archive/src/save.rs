//! An engine's archive on its way to a tenant. Asked for by id, the engine writes no names; whatever it writes, only the
//! tenant's own leave.
//!
//! Files pass as they come; what names images is held until the end and written anew, as `docker save NAME` has it.

mod blobs;
mod documents;

use crate::ArchiveError;
use crate::tar::{BLOCK, Entry, Kind, Reader, Sink, pad, write_header};
use blobs::Blobs;
use documents::Documents;
use std::collections::BTreeMap;
use wharf_model::ImageId;

/// Names the images in what the engine sends for `docker save`.
pub struct Save {
    reader: Reader,
    contents: Contents,
}

struct Contents {
    names: BTreeMap<ImageId, Vec<String>>,
    documents: Documents,
    blobs: Blobs,
    now: Option<Now>,
}

/// The entry that is passing.
struct Now {
    entry: Entry,
    is_document: bool,
    /// The content, as long as it may be a manifest or a document.
    text: Option<Vec<u8>>,
}

/// As large as a manifest may be for a registry.
const TEXT_MOST: u64 = 4 * 1024 * 1024;
const DOCUMENT_MOST: u64 = 8 * 1024 * 1024;

impl Save {
    /// With the familiar names (`busybox:latest`) of each image asked for, by the id it was asked for with.
    pub fn new(names: BTreeMap<ImageId, Vec<String>>) -> Self {
        let contents =
            Contents { names, documents: Documents::default(), blobs: Blobs::default(), now: None };
        Self { reader: Reader::new(), contents }
    }

    /// Takes the next piece from the engine; what may be sent to the client is appended to `out`.
    ///
    /// # Errors
    /// When the engine sends what cannot be read: break off.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        self.reader.push(piece, &mut self.contents, out)
    }

    /// At the end of what the engine sent: appends what names the images, and the archive's end.
    ///
    /// # Errors
    /// When the engine's archive was not whole, or lacks its manifest: break off.
    pub fn finish(self, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        self.reader.finish()?;
        let Contents { names, documents, blobs, .. } = self.contents;
        for (name, document) in documents.named(&blobs.resolve(&names), &blobs)? {
            let size = document.len() as u64;
            write_header(out, &Entry::file(name, size));
            out.extend_from_slice(&document);
            pad(out, size);
        }
        out.resize(out.len() + 2 * BLOCK, 0);
        Ok(())
    }
}

impl Sink for Contents {
    fn begin(&mut self, entry: Entry, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let is_document = Documents::is_one(&entry.name);
        if is_document && entry.size > DOCUMENT_MOST {
            return Err(ArchiveError::TooLarge { name: entry.name, most: DOCUMENT_MOST });
        }
        if !is_document {
            write_header(out, &entry);
        }
        let may_be_text = entry.kind == Kind::File && (is_document || entry.size <= TEXT_MOST);
        self.now = Some(Now { entry, is_document, text: may_be_text.then(Vec::new) });
        Ok(())
    }

    fn content(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let Some(now) = &mut self.now else { return Ok(()) };
        if !now.is_document {
            out.extend_from_slice(piece);
        }
        if let Some(text) = &mut now.text {
            text.extend_from_slice(piece);
            if !now.is_document && text.first() != Some(&b'{') {
                now.text = None;
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let Some(Now { entry, is_document, text }) = self.now.take() else { return Ok(()) };
        if is_document {
            self.documents.insert(entry.name, text.unwrap_or_default());
            return Ok(());
        }
        pad(out, entry.size);
        if let Some(text) = text {
            self.blobs.insert(&entry.name, &text);
        }
        Ok(())
    }
}

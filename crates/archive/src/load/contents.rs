//! The files of a client's archive as they pass: each gets a header and a name of ours, and is measured. What a file is
//! for is known at the end only, so whatever could be a configuration is read.

use super::manifest::EngineImage;
use super::{MANIFEST, config};
use crate::ArchiveError;
use crate::digest::{Digest, Measure, Measured};
use crate::tar::{BLOCK, Entry, Kind, Sink, pad, write_header};
use std::collections::BTreeMap;

/// What has passed.
pub(super) struct Contents {
    /// Begins the names of ours. The containerd image store locks a name while a file of it comes in, so that
    /// tenants must not have names in common.
    prefix: String,
    entries: BTreeMap<String, Passed>,
    manifest: Option<Vec<u8>>,
    /// How many all files name together.
    diff_ids: usize,
    now: Option<Now>,
}

/// One entry that has passed.
pub(super) enum Passed {
    File(File),
    /// A symbolic link to another entry.
    Link(String),
    /// A directory, or metadata that the engine gets from us.
    Other,
}

/// One file that has passed.
pub(super) struct File {
    /// Ours.
    pub(super) name: String,
    pub(super) measured: Measured,
    /// The layers it names, if it is a configuration, else why it is none.
    pub(super) diff_ids: Result<Vec<Digest>, String>,
}

/// The entry that is passing.
struct Now {
    entry: Entry,
    part: Part,
}

enum Part {
    Manifest(Vec<u8>),
    /// Not for the engine.
    Dropped,
    File(Box<Passing>),
}

/// A file that is passing.
struct Passing {
    /// Ours.
    name: String,
    measure: Measure,
    /// The content, as long as it may be a configuration.
    text: Option<Vec<u8>>,
}

/// The engine reads `manifest.json`, or these; it gets the first only, and from us.
const REPLACED: [&str; 3] = ["repositories", "index.json", "oci-layout"];
const MANIFEST_MOST: u64 = 4 * 1024 * 1024;
const CONFIG_MOST: u64 = 1024 * 1024;
/// One image has at most 127 layers.
const DIFF_IDS_MOST: usize = 32 * 1024;

impl Contents {
    pub(super) fn new(prefix: String) -> Self {
        Self { prefix, entries: BTreeMap::new(), manifest: None, diff_ids: 0, now: None }
    }

    /// The client's `manifest.json`.
    pub(super) fn manifest(&self) -> Option<&[u8]> {
        self.manifest.as_deref()
    }

    /// What passed under a client's name.
    pub(super) fn entry(&self, name: &str) -> Option<&Passed> {
        self.entries.get(name)
    }

    /// A part of the client's name in ours keeps two archives of one tenant apart.
    fn name_for(&self, entry: &Entry) -> String {
        let hex = Digest::of(entry.name.as_bytes()).hex();
        format!("{}-{}-{}", self.prefix, self.entries.len(), hex.get(..16).unwrap_or_default())
    }

    fn part_for(&self, entry: &Entry, out: &mut Vec<u8>) -> Result<Part, ArchiveError> {
        if entry.kind != Kind::File || REPLACED.contains(&entry.name.as_str()) {
            return Ok(Part::Dropped);
        }
        if entry.name == MANIFEST {
            let fits = entry.size <= MANIFEST_MOST;
            let too_large = || ArchiveError::TooLarge { name: MANIFEST.into(), most: MANIFEST_MOST };
            let size = usize::try_from(entry.size).unwrap_or_default();
            return fits.then(|| Part::Manifest(Vec::with_capacity(size))).ok_or_else(too_large);
        }
        let name = self.name_for(entry);
        write_header(out, &Entry::file(name.clone(), entry.size));
        let text = (entry.size <= CONFIG_MOST).then(Vec::new);
        Ok(Part::File(Box::new(Passing { name, measure: Measure::new(&entry.name), text })))
    }
}

impl Sink for Contents {
    fn begin(&mut self, entry: Entry, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        if self.entries.contains_key(&entry.name) {
            return Err(ArchiveError::Twice(entry.name));
        }
        let part = self.part_for(&entry, out)?;
        self.now = Some(Now { entry, part });
        Ok(())
    }

    fn content(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        match self.now.as_mut().map(|now| &mut now.part) {
            Some(Part::Manifest(held)) => held.extend_from_slice(piece),
            Some(Part::File(passing)) => {
                passing.measure.push(piece)?;
                out.extend_from_slice(piece);
                if let Some(held) = &mut passing.text {
                    held.extend_from_slice(piece);
                    // Nobody writes a configuration that begins otherwise; layers begin with a file's name.
                    if held.first() != Some(&b'{') {
                        passing.text = None;
                    }
                }
            }
            Some(Part::Dropped) | None => {}
        }
        Ok(())
    }

    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), ArchiveError> {
        let Some(Now { entry, part }) = self.now.take() else { return Ok(()) };
        let passed = match (part, entry.kind) {
            (Part::Manifest(held), _) => {
                self.manifest = Some(held);
                Passed::Other
            }
            (Part::Dropped, Kind::Link { target, .. }) => Passed::Link(target),
            (Part::Dropped, _) => Passed::Other,
            (Part::File(passing), _) => {
                let Passing { name, measure, text } = *passing;
                pad(out, entry.size);
                let measured = measure.finish()?;
                check_blob(&entry.name, &measured)?;
                let not_text = || format!("it is no JSON object of at most {CONFIG_MOST} bytes");
                let diff_ids = text.ok_or_else(not_text).and_then(|text| config::diff_ids(&text));
                self.diff_ids += diff_ids.as_ref().map_or(0, Vec::len);
                if self.diff_ids > DIFF_IDS_MOST {
                    return Err(ArchiveError::TooManyLayers(DIFF_IDS_MOST));
                }
                Passed::File(File { name, measured, diff_ids })
            }
        };
        self.entries.insert(entry.name, passed);
        Ok(())
    }
}

/// In an OCI layout a blob's name is its digest.
fn check_blob(name: &str, measured: &Measured) -> Result<(), ArchiveError> {
    match name.strip_prefix("blobs/sha256/") {
        Some(hex) if hex != measured.digest.hex() => Err(ArchiveError::NotItsDigest(name.to_owned())),
        _ => Ok(()),
    }
}

/// The last file of the engine's archive, and its end.
pub(super) fn write_manifest(images: &[EngineImage], out: &mut Vec<u8>) {
    // Texts and lists always are JSON.
    let manifest = serde_json::to_vec(images).unwrap_or_default();
    let size = manifest.len() as u64;
    write_header(out, &Entry::file(MANIFEST, size));
    out.extend_from_slice(&manifest);
    pad(out, size);
    out.resize(out.len() + 2 * BLOCK, 0);
}

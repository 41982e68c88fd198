//! Pod file to `Pod`: every key read, every value checked, every error told.

mod capabilities;
mod command;
mod container;
mod depends;
mod duration;
mod environment;
mod grammars;
mod health;
mod hosts;
mod labels;
mod limits;
mod mounts;
mod order;
mod ports;
mod raw_pod;
mod restart;
mod secrets;
mod tmpfs;
mod words;

use crate::Pod;
use wharf_document::{Diagnostic, Errors, Limits, Place, Read, Span, utf8};

pub(crate) use raw_pod::RawPod;

/// Bytes of a pod file that are read; a larger one is refused.
pub const MAX_BYTES: usize = Limits::FILE.bytes;

/// Reads a pod file. The errors are all there are, in the order of the text.
pub fn parse(text: &str) -> Result<Pod, Vec<Diagnostic>> {
    let mut errors = Errors::new();
    let pod = wharf_document::parse(text, &Limits { bytes: MAX_BYTES, ..Limits::FILE }, &mut errors)
        .and_then(|root| RawPod::read(&root, &mut errors))
        .and_then(|raw| raw.check(&mut errors));
    errors.finish(pod)
}

/// Reads a pod file whose encoding nobody has checked yet.
pub fn parse_bytes(bytes: &[u8]) -> Result<Pod, Vec<Diagnostic>> {
    // A large file is refused for its size, whatever is in it.
    let read = bytes.get(..=MAX_BYTES).unwrap_or(bytes);
    match utf8(read) {
        Ok(text) if read.len() == bytes.len() => parse(text),
        _ if read.len() < bytes.len() => Err(vec![too_large(bytes.len())]),
        Ok(text) => parse(text),
        Err(refusal) => Err(vec![refusal]),
    }
}

/// A file that is not read at all.
fn too_large(bytes: usize) -> Diagnostic {
    Diagnostic {
        span: Span { start: 0, end: 0, line: 1, column: 1 },
        path: String::new(),
        message: format!("the file has {bytes} bytes, and at most {MAX_BYTES} are read"),
        help: Some("split it, or move large values into files".to_owned()),
    }
}

/// "first given at line 3", for errors that point at two places.
fn first_at(place: &Place) -> String {
    format!("first given at line {}, column {}", place.span.line, place.span.column)
}

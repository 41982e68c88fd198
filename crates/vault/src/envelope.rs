//! What stands inside a sealed value before its bytes: whose it is, which, and for whom it was sealed.
//!
//! Lines of text, ended by an empty one, so that `age -d` and `sed '1,/^$/d'` give the value where there is no wharf.

use crate::{Reader, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};
use zeroize::Zeroizing;

/// What a sealed value says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) owner: SecretOwner,
    pub(crate) pod: PodName,
    pub(crate) name: SecretName,
    pub(crate) generation: SecretGeneration,
    pub(crate) readers: ReadersDigest,
}

/// A list of readers as one number: names and keys, whatever their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadersDigest(String);

/// It is none of ours: sealed by another program, or by a wharf yet to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoLabel;

const FIRST_LINE: &str = "wharf-secret 1\n";
/// The sealed length is a multiple of this, so that it tells a password from a key and little more.
const GRAIN: usize = 256;

impl ReadersDigest {
    pub(crate) fn of(readers: &[Reader]) -> Self {
        let mut lines: Vec<String> =
            readers.iter().map(|reader| format!("{}\n{}\n", reader.key, reader.name)).collect();
        lines.sort_unstable();
        let digest = Sha256::digest(lines.concat());
        Self(digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
            text
        }))
    }
}

/// The label and the value, as they are sealed.
pub(crate) fn pack(label: &Label, value: &Value) -> Zeroizing<Vec<u8>> {
    let Label { owner, pod, name, generation, readers: ReadersDigest(readers) } = label;
    let head = format!(
        "{FIRST_LINE}owner: {owner}\npod: {pod}\nname: {name}\ngeneration: {generation}\nreaders: {readers}\n"
    );
    let bare = head.len() + "padding: \n\n".len() + value.bytes().len();
    let padding = ".".repeat((GRAIN - bare % GRAIN) % GRAIN);
    let mut packed = Zeroizing::new(Vec::with_capacity(bare + padding.len()));
    packed.extend_from_slice(head.as_bytes());
    packed.extend_from_slice(format!("padding: {padding}\n\n").as_bytes());
    packed.extend_from_slice(value.bytes());
    packed
}

/// The label and the value, as they were sealed.
pub(crate) fn unpack(packed: &[u8]) -> Result<(Label, Value), NoLabel> {
    let rest = packed.strip_prefix(FIRST_LINE.as_bytes()).ok_or(NoLabel)?;
    let (owner, rest) = line(rest, "owner: ")?;
    let (pod, rest) = line(rest, "pod: ")?;
    let (name, rest) = line(rest, "name: ")?;
    let (generation, rest) = line(rest, "generation: ")?;
    let (readers, rest) = line(rest, "readers: ")?;
    let (_padding, rest) = line(rest, "padding: ")?;
    let value = rest.strip_prefix(b"\n").ok_or(NoLabel)?;
    let label = Label {
        owner: owner.parse().map_err(|_| NoLabel)?,
        pod: pod.parse().map_err(|_| NoLabel)?,
        name: name.parse().map_err(|_| NoLabel)?,
        generation: generation.parse().map(SecretGeneration).map_err(|_| NoLabel)?,
        readers: ReadersDigest(readers.to_owned()),
    };
    Ok((label, Value::new(value.to_vec()).map_err(|_| NoLabel)?))
}

fn line<'a>(text: &'a [u8], key: &str) -> Result<(&'a str, &'a [u8]), NoLabel> {
    let rest = text.strip_prefix(key.as_bytes()).ok_or(NoLabel)?;
    let end = rest.iter().take(4096).position(|byte| *byte == b'\n').ok_or(NoLabel)?;
    let (line, rest) = rest.split_at_checked(end).ok_or(NoLabel)?;
    let line = std::str::from_utf8(line).map_err(|_| NoLabel)?;
    Ok((line, rest.get(1..).unwrap_or_default()))
}

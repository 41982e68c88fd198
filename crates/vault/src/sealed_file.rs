//! A pod's sealed file: who can read, and each secret sealed to them.

use crate::envelope::{Label, ReadersDigest, pack};
use crate::{Reader, ReaderKey, ReaderName, Value, parse};
use age::armor::{ArmoredWriter, Format};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use thiserror::Error;
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};

/// Secrets that a file has at most.
pub const MAX_SECRETS: usize = 200;
/// Readers that a file has at most: each adds to every value.
pub const MAX_READERS: usize = 64;
/// The end of the year 9999. A generation beyond it was made up, and nothing could follow it.
pub(crate) const LAST_GENERATION: u64 = 253_402_300_799;
/// What a file has besides values and readers, at most.
const FRAME_BYTES: usize = 64 << 10;

/// A pod's secrets, sealed. What it says was read or made; nothing of it was opened, and nothing proves who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    pub(crate) owner: SecretOwner,
    pub(crate) pod: PodName,
    pub(crate) readers: Vec<Reader>,
    pub(crate) secrets: BTreeMap<SecretName, Entry>,
    pub(crate) signature: Option<String>,
}

/// A secret, and for a while the value before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sealed: Sealed,
    pub(crate) previous: Option<FormerValue>,
    pub(crate) line: Line,
}

/// One value, sealed: an age file in its text form, without a line end at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) generation: SecretGeneration,
    pub(crate) armor: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormerValue {
    pub(crate) sealed: Sealed,
    pub(crate) until: u64,
}

/// Where a secret stands in the text it was read from; no part of what the file says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line(pub(crate) Option<usize>);

impl PartialEq for Line {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Line {}

/// The value before, while a rotation's grace lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Previous {
    /// Which it is.
    pub generation: SecretGeneration,
    /// The second since 1970 in which it ends.
    pub until: u64,
}

/// Why a list is no file's readers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadersError {
    /// There are none.
    #[error("a sealed file needs a reader, or nobody could open it")]
    None,
    /// There are more than [`MAX_READERS`].
    #[error("a sealed file has at most {MAX_READERS} readers, and these are {0}")]
    TooMany(usize),
    /// Two of one name.
    #[error("two readers are called `{0}`")]
    SameName(ReaderName),
    /// One key twice.
    #[error("`{0}` and `{1}` are one reader: they have the same key")]
    SameKey(ReaderName, ReaderName),
}

/// Why a value was not sealed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// There are [`MAX_SECRETS`] already.
    #[error("a sealed file has at most {MAX_SECRETS} secrets; give the pod's parts pods of their own")]
    TooManySecrets,
    /// The file would be larger than what is read back.
    #[error("the sealed file would have more than 16 MiB; values this large belong into a mounted directory")]
    TooLarge,
    /// The file says the last generation there is.
    #[error(
        "secret `{0}` says a generation that lies past the year 9999, which wharf never wrote; remove it and set it again"
    )]
    LastGeneration(SecretName),
    /// The library's answer.
    #[error("secret `{name}` cannot be sealed: {reason}")]
    Failed {
        /// Which.
        name: SecretName,
        /// In its words.
        reason: String,
    },
}

impl SealedFile {
    /// A file without secrets yet.
    pub fn new(owner: SecretOwner, pod: PodName, readers: Vec<Reader>) -> Result<Self, ReadersError> {
        check_readers(&readers)?;
        Ok(Self { owner, pod, readers, secrets: BTreeMap::new(), signature: None })
    }

    /// Reads a file whose encoding nobody has checked yet. The errors are all there are, in the order of the text.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, Vec<wharf_document::Diagnostic>> {
        parse::parse_bytes(bytes)
    }

    /// The file as text; [`Self::parse_bytes`] gives the same again.
    pub fn print(&self) -> String {
        crate::print::print(self)
    }

    /// Whose it says it is.
    pub fn owner(&self) -> &SecretOwner {
        &self.owner
    }

    /// Of which pod it says it is.
    pub fn pod(&self) -> &PodName {
        &self.pod
    }

    /// Who it says can read.
    pub fn readers(&self) -> &[Reader] {
        &self.readers
    }

    /// Whether this key is one of the readers'.
    pub fn is_read_by(&self, key: &ReaderKey) -> bool {
        self.readers.iter().any(|reader| reader.key == *key)
    }

    /// The secrets, and which of its values each is.
    pub fn names(&self) -> impl Iterator<Item = (&SecretName, SecretGeneration)> {
        self.secrets.iter().map(|(name, entry)| (name, entry.sealed.generation))
    }

    /// Which of its values a secret is; `None` when there is none of that name.
    pub fn generation(&self, name: &SecretName) -> Option<SecretGeneration> {
        self.secrets.get(name).map(|entry| entry.sealed.generation)
    }

    /// A secret's value before, while it is kept.
    pub fn previous(&self, name: &SecretName) -> Option<Previous> {
        let previous = self.secrets.get(name)?.previous.as_ref()?;
        Some(Previous { generation: previous.sealed.generation, until: previous.until })
    }

    /// Gives a secret a value, sealed to the file's readers at `now` (seconds since 1970). The value before is kept until
    /// `keep_previous_until`, or goes.
    pub fn seal(
        &mut self,
        name: &SecretName,
        value: &Value,
        now: u64,
        keep_previous_until: Option<u64>,
    ) -> Result<SecretGeneration, SealError> {
        let former = self.secrets.get(name);
        if former.is_none() && self.secrets.len() >= MAX_SECRETS {
            return Err(SealError::TooManySecrets);
        }
        let generation = SecretGeneration::after(former.map(|entry| entry.sealed.generation), now);
        if generation.0 > LAST_GENERATION {
            return Err(SealError::LastGeneration(name.clone()));
        }
        let sealed = self.sealed(name, generation, value, &self.readers)?;
        let kept = former.zip(keep_previous_until);
        let previous = kept.map(|(entry, until)| FormerValue { sealed: entry.sealed.clone(), until });
        let replaced = former.map_or(0, Entry::bytes);
        let entry = Entry { sealed, previous, line: Line(None) };
        check_size(self.bytes() - replaced + entry.bytes())?;
        self.secrets.insert(name.clone(), entry);
        self.signature = None;
        Ok(generation)
    }

    /// Takes a secret out; whether it was there.
    pub fn remove(&mut self, name: &SecretName) -> bool {
        let was_there = self.secrets.remove(name).is_some();
        if was_there {
            self.signature = None;
        }
        was_there
    }

    /// Takes out the values before whose time is over; whether there were any.
    pub fn forget_previous(&mut self, now: u64) -> bool {
        let mut any = false;
        for entry in self.secrets.values_mut() {
            any |= entry.previous.take_if(|previous| previous.until <= now).is_some();
        }
        if any {
            self.signature = None;
        }
        any
    }

    /// A value sealed to `readers` under this file's owner and pod.
    pub(crate) fn sealed(
        &self,
        name: &SecretName,
        generation: SecretGeneration,
        value: &Value,
        readers: &[Reader],
    ) -> Result<Sealed, SealError> {
        let label = Label {
            owner: self.owner.clone(),
            pod: self.pod.clone(),
            name: name.clone(),
            generation,
            readers: ReadersDigest::of(readers),
        };
        let failed = |reason: String| SealError::Failed { name: name.clone(), reason };
        let armor = armored(&pack(&label, value), readers).map_err(failed)?;
        Ok(Sealed { generation, armor })
    }

    fn bytes(&self) -> usize {
        let readers: usize = self.readers.iter().map(|reader| reader.key.as_str().len() + 100).sum();
        FRAME_BYTES + readers + self.secrets.values().map(Entry::bytes).sum::<usize>()
    }

    pub(crate) fn check_size(&self) -> Result<(), SealError> {
        check_size(self.bytes())
    }
}

impl Entry {
    /// As printed, and somewhat more.
    fn bytes(&self) -> usize {
        self.sealed.bytes() + self.previous.as_ref().map_or(0, |previous| previous.sealed.bytes() + 100) + 200
    }
}

impl Sealed {
    /// Every line of 64 characters is indented by at most 8.
    fn bytes(&self) -> usize {
        self.armor.len() + self.armor.len() / 8 + 100
    }
}

pub(crate) fn check_readers(readers: &[Reader]) -> Result<(), ReadersError> {
    match readers.len() {
        0 => return Err(ReadersError::None),
        count if count > MAX_READERS => return Err(ReadersError::TooMany(count)),
        _ => {}
    }
    let (mut names, mut keys) = (BTreeSet::new(), BTreeMap::new());
    for Reader { name, key } in readers {
        if !names.insert(name) {
            return Err(ReadersError::SameName(name.clone()));
        }
        if let Some(other) = keys.insert(key, name) {
            return Err(ReadersError::SameKey(other.clone(), name.clone()));
        }
    }
    Ok(())
}

fn check_size(bytes: usize) -> Result<(), SealError> {
    if bytes > parse::MAX_BYTES { Err(SealError::TooLarge) } else { Ok(()) }
}

fn armored(clear: &[u8], readers: &[Reader]) -> Result<String, String> {
    let recipients = readers.iter().map(|reader| reader.key.recipient());
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| error.to_string())?;
    let write = || -> std::io::Result<Vec<u8>> {
        let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        let mut writer = encryptor.wrap_output(armor)?;
        writer.write_all(clear)?;
        writer.finish()?.finish()
    };
    let text = write().map_err(|error| error.to_string())?;
    let mut text = String::from_utf8(text).map_err(|error| error.to_string())?;
    text.truncate(text.trim_end().len());
    Ok(text)
}

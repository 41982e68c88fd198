//! Opening what is sealed, and every check that stands between a file that anybody may have written and its use.

use crate::envelope::{Label, ReadersDigest, unpack};
use crate::sealed_file::{Entry, FormerValue, Sealed, check_readers};
use crate::{Identity, MAX_VALUE_BYTES, Reader, ReadersError, SealError, SealedFile, Value};
use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use thiserror::Error;
use wharf_document::did_you_mean;
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};
use zeroize::Zeroizing;

/// For whom the file is opened: whatever it says of itself, it must be this.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Whose secrets.
    pub owner: &'a SecretOwner,
    /// Which pod's.
    pub pod: &'a PodName,
}

/// A value in clear, and which of the secret's it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The value.
    pub value: Value,
    /// Which.
    pub generation: SecretGeneration,
}

/// A secret, and where it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Which {
    name: SecretName,
    line: Option<usize>,
}

/// Why a value was not opened, or not taken for what the file says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The file is somebody else's.
    #[error(
        "this sealed file is that of {found}, and here that of {expected} is needed; a file copied from elsewhere opens nothing"
    )]
    OtherOwner {
        /// Whose it says it is.
        found: SecretOwner,
        /// Whose it should be.
        expected: SecretOwner,
    },
    /// The file is another pod's.
    #[error(
        "this sealed file is that of pod `{found}`, and here that of `{expected}` is needed; set the secrets anew for a pod that is renamed"
    )]
    OtherPod {
        /// Which it says.
        found: PodName,
        /// Which it should be.
        expected: PodName,
    },
    /// There is none of that name.
    #[error("there is no secret `{name}` in this file{}", hinted(hint.as_deref()))]
    Missing {
        /// Which.
        name: SecretName,
        /// What was probably meant.
        hint: Option<String>,
    },
    /// It keeps no value before.
    #[error("{which} keeps no previous value; `wharf secret rotate --grace` does")]
    NoPrevious {
        /// Which.
        which: Which,
    },
    /// None of the keys at hand is a reader's.
    #[error("{which} cannot be opened with the keys at hand; its readers are {readers}")]
    NotAReader {
        /// Which.
        which: Which,
        /// By name.
        readers: String,
    },
    /// The key is a reader's, and the value does not open.
    #[error(
        "{which} is damaged, or was sealed to other readers than the file lists; `git log` shows who changed it, `wharf secret set` seals it anew"
    )]
    Damaged {
        /// Which.
        which: Which,
    },
    /// It opens and is none of wharf's.
    #[error("{which} was not sealed by this version of wharf; `wharf secret set` seals it anew")]
    NotOurs {
        /// Which.
        which: Which,
    },
    /// It is another secret's value, put here.
    #[error(
        "{which} holds what was sealed as {sealed}: somebody moved it; put it back, or set the secret anew"
    )]
    Moved {
        /// Where it stands.
        which: Which,
        /// What it was sealed as.
        sealed: String,
    },
    /// The file says another generation than the value itself.
    #[error(
        "{which} says generation {said}, and was sealed as {sealed}: somebody changed the file by hand; put it back, or set the secret anew"
    )]
    OtherGeneration {
        /// Which.
        which: Which,
        /// What stands in the file.
        said: SecretGeneration,
        /// What is true.
        sealed: SecretGeneration,
    },
    /// The list of readers is not the one it was sealed for.
    #[error(
        "{which} was sealed for other readers than the file lists: a reader was added, removed or renamed by hand; put the list back (`git log` shows who changed it), then use `wharf secret rekey`"
    )]
    OtherReaders {
        /// Which.
        which: Which,
    },
    /// New readers that no file can have.
    #[error(transparent)]
    Readers(#[from] ReadersError),
    /// It could not be sealed again.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl SealedFile {
    /// Opens one secret.
    pub fn open(
        &self,
        expected: &Expected<'_>,
        name: &SecretName,
        identities: &[Identity],
    ) -> Result<Opened, OpenError> {
        self.check_is(expected)?;
        let entry = self.entry(name)?;
        self.open_sealed(&entry.which(name), &entry.sealed, identities)
    }

    /// Opens the value before, while it is kept.
    pub fn open_previous(
        &self,
        expected: &Expected<'_>,
        name: &SecretName,
        identities: &[Identity],
    ) -> Result<Opened, OpenError> {
        self.check_is(expected)?;
        let entry = self.entry(name)?;
        let which = entry.which(name);
        match &entry.previous {
            Some(previous) => self.open_sealed(&which, &previous.sealed, identities),
            None => Err(OpenError::NoPrevious { which }),
        }
    }

    /// Opens every secret, or none: the first that does not open is the answer.
    pub fn open_all(
        &self,
        expected: &Expected<'_>,
        identities: &[Identity],
    ) -> Result<BTreeMap<SecretName, Opened>, OpenError> {
        self.check_is(expected)?;
        let opened = self.secrets.iter().map(|(name, entry)| {
            Ok((name.clone(), self.open_sealed(&entry.which(name), &entry.sealed, identities)?))
        });
        opened.collect()
    }

    /// Whether what these keys open was sealed for the readers that the file lists now. What they do not open says nothing,
    /// nor do the secrets that are about to be replaced.
    pub fn check_readers(&self, identities: &[Identity], replaced: &[&SecretName]) -> Result<(), OpenError> {
        if identities.is_empty() {
            return Ok(());
        }
        for (name, entry) in self.secrets.iter().filter(|(name, _)| !replaced.contains(name)) {
            let opened = self.open_sealed(&entry.which(name), &entry.sealed, identities);
            if let Err(error @ OpenError::OtherReaders { .. }) = opened {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Seals every value again, to other readers; each stays what it was, generation and all. Every value must open
    /// first, and nothing changes unless all do.
    pub fn rekey(
        &mut self,
        expected: &Expected<'_>,
        readers: Vec<Reader>,
        identities: &[Identity],
    ) -> Result<(), OpenError> {
        self.check_is(expected)?;
        check_readers(&readers)?;
        let mut secrets = BTreeMap::new();
        for (name, entry) in &self.secrets {
            let again = |sealed: &Sealed| {
                let opened = self.open_sealed(&entry.which(name), sealed, identities)?;
                Ok::<_, OpenError>(self.sealed(name, opened.generation, &opened.value, &readers)?)
            };
            let previous = match &entry.previous {
                Some(former) => Some(FormerValue { sealed: again(&former.sealed)?, until: former.until }),
                None => None,
            };
            secrets.insert(name.clone(), Entry { sealed: again(&entry.sealed)?, previous, line: entry.line });
        }
        let rekeyed =
            Self { readers, secrets, signature: None, owner: self.owner.clone(), pod: self.pod.clone() };
        rekeyed.check_size()?;
        *self = rekeyed;
        Ok(())
    }

    /// Whether the file says that it is whose it should be; each value says so, too, when it is opened.
    pub fn check_is(&self, expected: &Expected<'_>) -> Result<(), OpenError> {
        if self.owner != *expected.owner {
            let (found, expected) = (self.owner.clone(), expected.owner.clone());
            return Err(OpenError::OtherOwner { found, expected });
        }
        if self.pod != *expected.pod {
            let (found, expected) = (self.pod.clone(), expected.pod.clone());
            return Err(OpenError::OtherPod { found, expected });
        }
        Ok(())
    }

    fn entry(&self, name: &SecretName) -> Result<&Entry, OpenError> {
        self.secrets.get(name).ok_or_else(|| {
            let hint = did_you_mean(name.as_str(), self.secrets.keys().map(SecretName::as_str));
            OpenError::Missing { name: name.clone(), hint }
        })
    }

    fn open_sealed(
        &self,
        which: &Which,
        sealed: &Sealed,
        identities: &[Identity],
    ) -> Result<Opened, OpenError> {
        let packed = self.decrypt(which, &sealed.armor, identities)?;
        let (label, value) = unpack(&packed).map_err(|_| OpenError::NotOurs { which: which.clone() })?;
        let Label { owner, pod, name, generation, readers } = label;
        let which = which.clone();
        if owner != self.owner || pod != self.pod || name != which.name {
            return Err(OpenError::Moved { which, sealed: format!("`{name}` of pod `{pod}` ({owner})") });
        }
        if generation != sealed.generation {
            return Err(OpenError::OtherGeneration { which, said: sealed.generation, sealed: generation });
        }
        if readers != ReadersDigest::of(&self.readers) {
            return Err(OpenError::OtherReaders { which });
        }
        Ok(Opened { value, generation })
    }

    fn decrypt(
        &self,
        which: &Which,
        armor: &str,
        identities: &[Identity],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let damaged = || OpenError::Damaged { which: which.clone() };
        let decryptor = Decryptor::new(ArmoredReader::new(armor.as_bytes())).map_err(|_| damaged())?;
        let inside = decryptor.decrypt(identities.iter().map(Identity::opener));
        let inside = inside.map_err(|error| match error {
            DecryptError::NoMatchingKeys if !self.is_read_by_any(identities) => {
                OpenError::NotAReader { which: which.clone(), readers: self.named_readers() }
            }
            _ => damaged(),
        })?;
        // All at once: a buffer that grows leaves copies behind.
        let most = MAX_VALUE_BYTES + (4 << 10);
        let mut clear = Zeroizing::new(Vec::with_capacity(armor.len().min(most)));
        inside
            .take(u64::try_from(most).unwrap_or(u64::MAX))
            .read_to_end(&mut clear)
            .map_err(|_| damaged())?;
        Ok(clear)
    }

    fn is_read_by_any(&self, identities: &[Identity]) -> bool {
        identities.iter().any(|identity| self.is_read_by(identity.reader_key()))
    }

    fn named_readers(&self) -> String {
        self.readers.iter().map(|reader| format!("`{}`", reader.name)).collect::<Vec<_>>().join(", ")
    }
}

impl Entry {
    fn which(&self, name: &SecretName) -> Which {
        Which { name: name.clone(), line: self.line.0 }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "secret `{}` (line {line})", self.name),
            None => write!(f, "secret `{}`", self.name),
        }
    }
}

fn hinted(hint: Option<&str>) -> String {
    hint.map(|hint| format!("; {hint}")).unwrap_or_default()
}

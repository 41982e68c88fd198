//! SHA-256 of what passes, and what a layer is when unpacked.

use crate::ArchiveError;
use crate::gunzip::{Gunzip, Taker};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A SHA-256 digest; shown as `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest([u8; 32]);

/// The digests of a file that passes, as it is and unpacked.
pub(crate) struct Measure {
    name: String,
    begin: Vec<u8>,
    size: u64,
    hash: Sha256,
    form: Form,
}

enum Form {
    /// The first bytes have not all come.
    Unknown,
    Plain,
    Gzip(Box<Gunzip<Unpacked>>),
    /// It cannot be unpacked here.
    Other(&'static str),
}

#[derive(Default)]
struct Unpacked {
    hash: Sha256,
    size: u64,
}

/// What [`Measure`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measured {
    /// Of the file as it is.
    pub(crate) digest: Digest,
    /// Of the unpacked file and its size, or with what it is packed. A layer's `diff_id` is this digest.
    pub(crate) unpacked: Result<(Digest, u64), &'static str>,
}

/// What a file begins with, as the engine tells compressions apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    Gzip,
    Other(&'static str),
}

/// So many bytes tell.
pub(crate) const TELLING: usize = 6;

impl Packing {
    pub(crate) fn of(begin: &[u8]) -> Self {
        match begin {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [b'B', b'Z', b'h', ..] => Self::Other("bzip2"),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Self::Other("xz"),
            // The second is a frame that zstd's readers skip; the engine takes it for zstd, too.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Other("zstd"),
            _ => Self::None,
        }
    }
}

impl Digest {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// `sha256:` and 64 lower-case hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("sha256:")?;
        let fits = digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !fits {
            return None;
        }
        let mut digest = [0; 32];
        for (at, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(digest))
    }

    /// Without `sha256:`.
    pub(crate) fn hex(&self) -> String {
        self.to_string().split_off("sha256:".len())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Measure {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), begin: Vec::new(), size: 0, hash: Sha256::new(), form: Form::Unknown }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), ArchiveError> {
        self.hash.update(piece);
        self.size += piece.len() as u64;
        match &mut self.form {
            Form::Unknown => {
                let missing = TELLING.saturating_sub(self.begin.len()).min(piece.len());
                let (begin, rest) = piece.split_at(missing);
                self.begin.extend_from_slice(begin);
                if self.begin.len() == TELLING { self.tell(rest) } else { Ok(()) }
            }
            Form::Gzip(gunzip) => gunzip.push(piece),
            Form::Plain | Form::Other(_) => Ok(()),
        }
    }

    pub(crate) fn finish(mut self) -> Result<Measured, ArchiveError> {
        if matches!(self.form, Form::Unknown) {
            self.tell(&[])?;
        }
        let digest = Digest(self.hash.finalize().into());
        let unpacked = match self.form {
            Form::Plain | Form::Unknown => Ok((digest, self.size)),
            Form::Gzip(mut gunzip) => {
                gunzip.finish()?;
                let unpacked = std::mem::take(gunzip.taker());
                Ok((Digest(unpacked.hash.finalize().into()), unpacked.size))
            }
            Form::Other(method) => Err(method),
        };
        Ok(Measured { digest, unpacked })
    }

    fn tell(&mut self, rest: &[u8]) -> Result<(), ArchiveError> {
        self.form = match Packing::of(&self.begin) {
            Packing::None => Form::Plain,
            Packing::Other(method) => Form::Other(method),
            Packing::Gzip => {
                let mut gunzip = Box::new(Gunzip::new(format!("`{}`", self.name), Unpacked::default()));
                gunzip.push(&self.begin)?;
                gunzip.push(rest)?;
                Form::Gzip(gunzip)
            }
        };
        Ok(())
    }
}

impl Taker for Unpacked {
    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
    }
}

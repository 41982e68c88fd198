//! Gzip in pieces, within a bound of how much it may become.

use crate::ArchiveError;
use flate2::write::MultiGzDecoder;
use std::io::{self, Write};

/// Unpacks what is pushed into a [`Taker`]. Gzip files of several members (`estargz`, `pigz`) are one stream, as Go
/// reads them; what follows the last member must be another.
pub(crate) struct Gunzip<T: Taker> {
    decoder: MultiGzDecoder<Bounded<T>>,
    /// For messages.
    what: String,
}

/// Who takes what comes out.
pub(crate) trait Taker {
    /// The next bytes.
    fn take(&mut self, bytes: &[u8]);
}

struct Bounded<T> {
    taker: T,
    packed: u64,
    unpacked: u64,
}

/// Layers hold long runs of zeros; what is below this is no burden.
const FREE: u64 = 64 * 1024 * 1024;
const RATIO: u64 = 200;

impl<T: Taker> Gunzip<T> {
    pub(crate) fn new(what: impl Into<String>, taker: T) -> Self {
        Self { decoder: MultiGzDecoder::new(Bounded { taker, packed: 0, unpacked: 0 }), what: what.into() }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), ArchiveError> {
        self.decoder.get_mut().packed += piece.len() as u64;
        self.decoder.write_all(piece).map_err(|_| self.failure())
    }

    /// Checks that the last member is whole.
    pub(crate) fn finish(&mut self) -> Result<(), ArchiveError> {
        self.decoder.try_finish().map_err(|_| self.failure())
    }

    pub(crate) fn taker(&mut self) -> &mut T {
        &mut self.decoder.get_mut().taker
    }

    fn failure(&self) -> ArchiveError {
        let what = self.what.clone();
        if self.decoder.get_ref().is_too_much() { ArchiveError::Bomb(what) } else { ArchiveError::Gzip(what) }
    }
}

impl<T> Bounded<T> {
    fn is_too_much(&self) -> bool {
        self.unpacked > FREE.saturating_add(self.packed.saturating_mul(RATIO))
    }
}

impl<T: Taker> Write for Bounded<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unpacked += bytes.len() as u64;
        if self.is_too_much() {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        self.taker.take(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Taker for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

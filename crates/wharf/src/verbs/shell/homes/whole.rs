//! An archive's stream, which is whole when the archive ended before the stream did.

use std::io::{self, Read, Seek, SeekFrom};

/// Notices when what is read has come to its end: a reader of archives takes that for the archive's end as well, and so a
/// half archive for a whole one.
pub(super) struct Whole<R> {
    from: R,
    is_over: bool,
}

impl<R> Whole<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, is_over: false }
    }

    /// Whether the stream's end was met.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.is_over |= read == 0 && !into.is_empty();
        Ok(read)
    }
}

impl<R: Seek> Seek for Whole<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.from.seek(to)
    }
}

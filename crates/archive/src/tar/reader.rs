//! An archive in pieces of any size, told as entries. Holds one block, or one extended header, at a time.

use super::header::Head;
use super::{BLOCK, Entry, pax};
use crate::ArchiveError;

/// Who hears of the entries, and says what goes out.
pub(crate) trait Sink {
    /// An entry begins.
    fn begin(&mut self, entry: Entry, out: &mut Vec<u8>) -> Result<(), ArchiveError>;
    /// More of its content.
    fn content(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), ArchiveError>;
    /// It is whole.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), ArchiveError>;
}

/// Where in an archive we are.
#[derive(Debug)]
pub(crate) struct Reader {
    state: State,
    /// Of a header block, or of an extended header.
    held: Vec<u8>,
    /// Of the next entry, as an extended header said.
    size: Option<u64>,
    entries: usize,
    /// Zeros behind the end.
    trailing: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Header { after_zeros: bool, after_extended: bool },
    Extended { left: u64, padding: u64 },
    Content { left: u64, padding: u64 },
    Padding { left: u64, then_extended: bool },
    Ended,
}

/// `docker save` writes three or four for each layer of at most 127.
const ENTRIES_MOST: usize = 10_000;
const EXTENDED_MOST: u64 = 16 * 1024;
/// Programs fill up the last record, GNU's with 10 KiB.
const TRAILING_MOST: u64 = 1024 * 1024;

const BETWEEN: State = State::Header { after_zeros: false, after_extended: false };

impl Reader {
    pub(crate) fn new() -> Self {
        Self { state: BETWEEN, held: Vec::with_capacity(BLOCK), size: None, entries: 0, trailing: 0 }
    }

    /// Takes a piece.
    pub(crate) fn push<S: Sink>(
        &mut self,
        mut piece: &[u8],
        sink: &mut S,
        out: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        while !piece.is_empty() {
            piece = match self.state {
                State::Header { after_zeros, after_extended } => {
                    let rest = self.hold(piece, BLOCK);
                    if self.held.len() == BLOCK {
                        self.header(after_zeros, after_extended, sink, out)?;
                    }
                    rest
                }
                State::Extended { left, padding } => self.extended(piece, left, padding)?,
                State::Content { left, padding } => self.content(piece, left, padding, sink, out)?,
                State::Padding { left, then_extended } => {
                    let (now, rest) = split(piece, left);
                    let left = left - now.len() as u64;
                    self.state = match left {
                        0 => State::Header { after_zeros: false, after_extended: then_extended },
                        left => State::Padding { left, then_extended },
                    };
                    rest
                }
                State::Ended => {
                    self.trailing += piece.len() as u64;
                    if piece.iter().any(|byte| *byte != 0) || self.trailing > TRAILING_MOST {
                        return Err(ArchiveError::AfterEnd);
                    }
                    &[]
                }
            };
        }
        Ok(())
    }

    /// At the end of the last piece.
    pub(crate) fn finish(&self) -> Result<(), ArchiveError> {
        if self.state == State::Ended { Ok(()) } else { Err(ArchiveError::Truncated) }
    }

    fn hold<'a>(&mut self, piece: &'a [u8], whole: usize) -> &'a [u8] {
        let missing = whole.saturating_sub(self.held.len());
        let (now, rest) = piece.split_at(missing.min(piece.len()));
        self.held.extend_from_slice(now);
        rest
    }

    fn header<S: Sink>(
        &mut self,
        after_zeros: bool,
        after_extended: bool,
        sink: &mut S,
        out: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        let Ok(block) = <[u8; BLOCK]>::try_from(self.held.as_slice()) else { return Ok(()) };
        self.held.clear();
        if block.iter().all(|byte| *byte == 0) {
            if after_extended {
                return Err(ArchiveError::NotTar("an extended header belongs to no entry"));
            }
            self.state = if after_zeros {
                State::Ended
            } else {
                State::Header { after_zeros: true, after_extended: false }
            };
            return Ok(());
        }
        if after_zeros {
            // GNU tar reads on, Go does not.
            return Err(ArchiveError::NotTar("an empty block stands between entries"));
        }
        self.entries += 1;
        if self.entries > ENTRIES_MOST {
            return Err(ArchiveError::TooManyEntries(ENTRIES_MOST));
        }
        match Head::read(&block, self.size.take())? {
            Head::Extended(_) if after_extended => {
                Err(ArchiveError::NotTar("one extended header follows another"))
            }
            Head::Extended(size) if size > EXTENDED_MOST => {
                Err(ArchiveError::TooLarge { name: "an extended header".into(), most: EXTENDED_MOST })
            }
            Head::Extended(0) => Err(ArchiveError::NotTar("an extended header is empty")),
            Head::Extended(size) => {
                self.state = State::Extended { left: size, padding: padding(size) };
                Ok(())
            }
            Head::Entry(entry) => {
                let size = entry.size;
                sink.begin(entry, out)?;
                if size == 0 {
                    self.state = BETWEEN;
                    return sink.end(out);
                }
                self.state = State::Content { left: size, padding: padding(size) };
                Ok(())
            }
        }
    }

    fn extended<'a>(&mut self, piece: &'a [u8], left: u64, padding: u64) -> Result<&'a [u8], ArchiveError> {
        let (now, rest) = split(piece, left);
        self.held.extend_from_slice(now);
        let left = left - now.len() as u64;
        if left > 0 {
            self.state = State::Extended { left, padding };
            return Ok(rest);
        }
        self.size = pax::size(&self.held)?;
        self.held.clear();
        self.state = after(padding, true);
        Ok(rest)
    }

    fn content<'a, S: Sink>(
        &mut self,
        piece: &'a [u8],
        left: u64,
        padding: u64,
        sink: &mut S,
        out: &mut Vec<u8>,
    ) -> Result<&'a [u8], ArchiveError> {
        let (now, rest) = split(piece, left);
        sink.content(now, out)?;
        let left = left - now.len() as u64;
        if left > 0 {
            self.state = State::Content { left, padding };
        } else {
            self.state = after(padding, false);
            sink.end(out)?;
        }
        Ok(rest)
    }
}

fn after(padding: u64, is_extended: bool) -> State {
    match padding {
        0 => State::Header { after_zeros: false, after_extended: is_extended },
        left => State::Padding { left, then_extended: is_extended },
    }
}

fn padding(size: u64) -> u64 {
    (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64
}

/// At most `most` bytes, and the rest.
fn split(piece: &[u8], most: u64) -> (&[u8], &[u8]) {
    let at = usize::try_from(most).unwrap_or(usize::MAX).min(piece.len());
    piece.split_at(at)
}

//! Tar archives, as strictly as `docker save` and its peers write them (POSIX ustar, with extended headers for sizes and
//! times). Nothing here knows what an entry is for.

mod header;
mod pax;
mod reader;

pub(crate) use header::{Entry, Kind, pad, write_header};
pub(crate) use reader::{Reader, Sink};

/// Everything is in blocks of so many bytes.
pub(crate) const BLOCK: usize = 512;

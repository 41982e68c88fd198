//! Reading one regular file, bounded in bytes and never blocking, from a place that is already held.

use crate::kind::FileKind;
use crate::standing::Standing;
use rustix::fd::AsRawFd;
use rustix::fs::{Mode, OFlags, PROC_SUPER_MAGIC, fstatfs, open};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Read};

/// Why a held place was not read.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// It is something else.
    NotRegular(FileKind),
    /// It is this or another process seen as a file.
    Process,
    /// It has more bytes than the limit.
    TooLarge,
    /// The system's answer.
    Io(io::Error),
}

impl From<Errno> for Obstacle {
    fn from(errno: Errno) -> Self {
        Self::Io(errno.into())
    }
}

/// The whole content, at most `limit` bytes.
///
/// The place is judged first and opened afterwards, through its descriptor: opening a device to learn that it is one may
/// already rewind a tape or start a watchdog. The right to read is checked at that second opening, as ever.
pub(crate) fn read(place: &Standing, limit: u64) -> Result<Vec<u8>, Obstacle> {
    if place.kind() != FileKind::Regular {
        return Err(Obstacle::NotRegular(place.kind()));
    }
    // In /proc a process may read of itself what its user may not: /proc/self is never the caller's, it is wharf's.
    if fstatfs(&place.fd)?.f_type == PROC_SUPER_MAGIC {
        return Err(Obstacle::Process);
    }
    if u64::try_from(place.stat.st_size).unwrap_or(0) > limit {
        return Err(Obstacle::TooLarge);
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let name = format!("/proc/self/fd/{}", place.fd.as_raw_fd());
    drain(File::from(open(name, flags, Mode::empty())?), limit)
}

fn drain(file: File, limit: u64) -> Result<Vec<u8>, Obstacle> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Obstacle::Io)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit { Err(Obstacle::TooLarge) } else { Ok(bytes) }
}

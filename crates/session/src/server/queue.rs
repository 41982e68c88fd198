//! What waits to be sent to a client.

use std::io::{self, Write};

use crate::frame::{self, Kind};

/// How much output may wait for a client. One that has not taken it is not waited for.
pub(super) const MOST: usize = 1024 * 1024;

/// How much of what it missed is put here at once, so that memory is bounded by this and not by what it missed.
pub(super) const PIECE: usize = 256 * 1024;

/// How much anything at all may be: a client that lets this much of other frames wait is broken.
const BROKEN: usize = 4 * MOST;

/// How much no more is added to than what must be said.
pub(super) const FULL: usize = 3 * MOST;

/// Bytes in the order in which they go.
#[derive(Debug, Default)]
pub(super) struct Queue {
    bytes: Vec<u8>,
    sent: usize,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.bytes.len() - self.sent
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn is_broken(&self) -> bool {
        self.len() > BROKEN
    }

    pub(super) fn push(&mut self, kind: Kind, payload: &[u8]) {
        frame::encode(kind, payload, &mut self.bytes);
    }

    /// Puts what waits in another behind.
    pub(super) fn append(&mut self, other: &Self) {
        self.bytes.extend_from_slice(other.bytes.get(other.sent..).unwrap_or_default());
    }

    /// Writes what is taken at once.
    pub(super) fn flush(&mut self, mut to: impl Write) -> io::Result<()> {
        while let Some(rest) = self.bytes.get(self.sent..).filter(|rest| !rest.is_empty()) {
            match to.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => self.sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if self.is_empty() {
            self.bytes.clear();
            // The room of a long answer is given back.
            self.bytes.shrink_to(PIECE);
            self.sent = 0;
        } else if self.sent > PIECE {
            self.bytes.drain(..self.sent);
            self.sent = 0;
        }
        Ok(())
    }
}

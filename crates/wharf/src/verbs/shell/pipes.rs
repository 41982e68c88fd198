//! The two ends of an exec for somebody who blocks: a session's client, a copier of folders.
//!
//! The engine's connection is polled on the thread that wants to read or write; only the waiting is left to the runtime's.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::runtime::Handle;
use wharf_docker::{Attached, Frames, Source};

/// What the program inside says to its standard output.
pub(super) struct Hearing {
    frames: Frames,
    left: Vec<u8>,
    at: usize,
    complaints: Complaints,
    runtime: Handle,
}

/// What the program inside is told.
pub(super) struct Telling<W> {
    to: W,
    runtime: Handle,
}

/// What the program inside says to its standard error: the last of it, for a message.
#[derive(Debug, Clone, Default)]
pub(super) struct Complaints(Arc<Mutex<Vec<u8>>>);

/// More is no message.
const MOST_COMPLAINTS: usize = 4096;

/// Both ends, and what is complained about meanwhile. Inside the runtime.
pub(super) fn of(
    attached: Attached,
) -> (Hearing, Telling<impl AsyncWrite + Unpin + Send + 'static>, Complaints) {
    let complaints = Complaints::default();
    let runtime = Handle::current();
    let hearing = Hearing {
        frames: attached.output,
        left: Vec::new(),
        at: 0,
        complaints: complaints.clone(),
        runtime: runtime.clone(),
    };
    (hearing, Telling { to: attached.input, runtime }, complaints)
}

impl Read for Hearing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.at >= self.left.len() {
            match self.runtime.block_on(self.frames.next())? {
                None => return Ok(0),
                Some(frame) if frame.source == Source::Err => self.complaints.add(&frame.bytes),
                Some(frame) => {
                    self.left = frame.bytes;
                    self.at = 0;
                }
            }
        }
        let mut rest = self.left.get(self.at..).unwrap_or_default();
        let read = rest.read(into)?;
        self.at += read;
        Ok(read)
    }
}

impl<W: AsyncWrite + Unpin> Write for Telling<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.runtime.block_on(self.to.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.runtime.block_on(self.to.flush())
    }
}

impl Complaints {
    fn add(&self, bytes: &[u8]) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        let much = all.len().saturating_sub(MOST_COMPLAINTS);
        all.drain(..much);
    }

    /// As text, for people.
    pub(super) fn text(&self) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        crate::show::printable(String::from_utf8_lossy(&all).trim())
    }
}

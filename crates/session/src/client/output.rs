//! What is shown, until the end.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

use super::terminal::Terminal;
use super::tracker::Tracker;

/// Keeps the window's title, where the terminal can.
const KEEP_TITLE: &[u8] = b"\x1b[22;0t";
/// Brings it back.
const TITLE_BACK: &[u8] = b"\x1b[23;0t";

/// The terminal as something to write to, from more than one thread. After [`Output::close`] nothing reaches it any more.
#[derive(Clone)]
pub(super) struct Output(Arc<Mutex<Option<Open>>>);

struct Open {
    terminal: OwnedFd,
    tracker: Tracker,
}

impl Output {
    pub(super) fn new(terminal: &Terminal) -> io::Result<Self> {
        let open = Open { terminal: terminal.output().try_clone()?, tracker: Tracker::new() };
        write_all(&open.terminal, KEEP_TITLE)?;
        Ok(Self(Arc::new(Mutex::new(Some(open)))))
    }

    /// Shows bytes of the session.
    pub(super) fn show(&self, bytes: &[u8]) -> io::Result<()> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match open.as_mut() {
            Some(open) => {
                open.tracker.follow(bytes);
                write_all(&open.terminal, bytes)
            }
            None => Ok(()),
        }
    }

    /// Undoes what the session did to the terminal.
    pub(super) fn close(&self) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(open) = open {
            // A terminal that is gone needs nothing undone.
            let _gone = write_all(&open.terminal, open.tracker.undo().as_bytes());
            let _gone = write_all(&open.terminal, TITLE_BACK);
        }
    }
}

/// Writes everything, even where somebody made the terminal non-blocking.
fn write_all(terminal: &OwnedFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(terminal, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                let mut fds = [rustix::event::PollFd::new(terminal, rustix::event::PollFlags::OUT)];
                crate::polling::wait(&mut fds, None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

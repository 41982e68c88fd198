//! The server's signals, as bytes of a pipe.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::{flag, low_level::pipe};

/// A pipe that wakes, and a flag that says that it was not only a child.
pub(super) struct Signals {
    pipe: UnixStream,
    stop: Arc<AtomicBool>,
}

/// What came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Got {
    pub(super) child: bool,
    pub(super) stop: bool,
}

impl Signals {
    /// A container's first process gets only what it asks for: without this nothing would stop it.
    pub(super) fn register() -> io::Result<Self> {
        let (pipe, wake) = UnixStream::pair()?;
        pipe.set_nonblocking(true)?;
        let stop = Arc::new(AtomicBool::new(false));
        pipe::register(SIGCHLD, wake.try_clone()?)?;
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT] {
            // The flag before the pipe: who is awake must see it.
            flag::register(signal, Arc::clone(&stop))?;
            pipe::register(signal, wake.try_clone()?)?;
        }
        Ok(Self { pipe, stop })
    }

    pub(super) fn pipe(&self) -> &UnixStream {
        &self.pipe
    }

    pub(super) fn take(&mut self) -> Got {
        let child = crate::polling::drain(&mut self.pipe);
        Got { child, stop: self.stop.load(Ordering::SeqCst) }
    }
}

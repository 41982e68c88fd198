//! Waiting for descriptors.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::event::{PollFd, Timespec, poll};
use rustix::io::Errno;

/// Waits until one is ready, or for as long as `most`. A signal ends it early.
pub(crate) fn wait(fds: &mut [PollFd<'_>], most: Option<Duration>) -> io::Result<()> {
    // Rounded up, so that what is due is due when this returns.
    let most =
        most.map(|most| most + Duration::from_micros(500)).and_then(|most| Timespec::try_from(most).ok());
    match poll(fds, most.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Empties a pipe that says that something happened; whether it did.
pub(crate) fn drain(pipe: &mut UnixStream) -> bool {
    let mut bytes = [0; 64];
    let mut any = false;
    while let Ok(1..) = pipe.read(&mut bytes) {
        any = true;
    }
    any
}

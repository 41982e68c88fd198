//! The person's terminal.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetwinsize, tcsetattr};
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::low_level::{pipe, unregister};

use crate::message::Size;

/// A terminal: what is typed, and what is shown.
#[derive(Debug)]
pub struct Terminal {
    input: OwnedFd,
    output: OwnedFd,
}

impl Terminal {
    /// The terminal of these descriptors (standard input and output, usually), which are duplicated.
    pub fn new(input: impl AsFd, output: impl AsFd) -> io::Result<Self> {
        Ok(Self { input: input.as_fd().try_clone_to_owned()?, output: output.as_fd().try_clone_to_owned()? })
    }

    /// Its size; 80 by 24 where it has none.
    pub fn size(&self) -> Size {
        match tcgetwinsize(&self.output).or_else(|_| tcgetwinsize(&self.input)) {
            Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
                Size { columns: size.ws_col, rows: size.ws_row }.sane()
            }
            _ => Size::default(),
        }
    }

    pub(super) fn input(&self) -> &OwnedFd {
        &self.input
    }

    pub(super) fn output(&self) -> &OwnedFd {
        &self.output
    }

    /// Every key is read as it is, until what is returned is dropped.
    pub(super) fn raw(&self) -> io::Result<Raw<'_>> {
        let before = tcgetattr(&self.input)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(&self.input, OptionalActions::Now, &raw)?;
        Ok(Raw { input: self.input.as_fd(), before })
    }
}

/// A terminal in raw mode.
pub(super) struct Raw<'a> {
    input: BorrowedFd<'a>,
    before: Termios,
}

impl Drop for Raw<'_> {
    fn drop(&mut self) {
        // What the terminal answered to a session's last questions is not for whoever reads next.
        let _gone = tcflush(self.input, QueueSelector::IFlush);
        // A terminal that is gone needs no modes.
        let _gone = tcsetattr(self.input, OptionalActions::Now, &self.before);
    }
}

/// Signals that concern a terminal, as bytes of two pipes.
pub(super) struct Signals {
    resized: UnixStream,
    leave: UnixStream,
    ids: Vec<SigId>,
}

/// What came.
#[derive(Debug, Default)]
pub(super) struct Got {
    pub(super) resized: bool,
    pub(super) leave: bool,
}

impl Signals {
    pub(super) fn register() -> io::Result<Self> {
        let (resized, tell_resized) = UnixStream::pair()?;
        let (leave, tell_leave) = UnixStream::pair()?;
        resized.set_nonblocking(true)?;
        leave.set_nonblocking(true)?;
        let mut ids = vec![pipe::register(SIGWINCH, tell_resized)?];
        for signal in [SIGHUP, SIGTERM, SIGINT] {
            ids.push(pipe::register(signal, tell_leave.try_clone()?)?);
        }
        Ok(Self { resized, leave, ids })
    }

    pub(super) fn pipes(&self) -> [&UnixStream; 2] {
        [&self.resized, &self.leave]
    }

    pub(super) fn take(&mut self) -> Got {
        Got {
            resized: crate::polling::drain(&mut self.resized),
            leave: crate::polling::drain(&mut self.leave),
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.ids.drain(..).for_each(|id| {
            unregister(id);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::Terminal;
    use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};

    #[test]
    fn what_was_not_read_in_raw_mode_is_for_nobody_afterwards() {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let person = openpt(flags).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let theirs = ioctl_tiocgptpeer(&person, flags).unwrap();
        let terminal = Terminal::new(&theirs, &theirs).unwrap();
        let raw = terminal.raw().unwrap();
        rustix::io::write(&person, b"\x1b[?62;c\n").unwrap();
        let waiting = || rustix::io::ioctl_fionread(&theirs).unwrap();
        while waiting() == 0 {
            std::thread::yield_now();
        }
        drop(raw);
        assert_eq!(waiting(), 0);
    }
}

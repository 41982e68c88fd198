//! Directories that are not there, made as an account makes them: step by step below what was granted, through no link.
//!
//! Nothing here has another right than the account has by itself, so nothing can be made that it could not make without
//! us. Their mode is said when they are made, and never changed afterwards: by then the name may be another's. So this
//! process has the usual umask ([`crate::Pins::start`]).

use crate::account::Account;
use crate::refusal::Refusal;
use crate::walk::{BELOW, Held};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags, mkdirat, openat2};
use rustix::io::Errno;
use std::path::{Component, Path};

/// As engines make them.
const MODE: u32 = 0o755;

/// Makes what is missing of `path` below `begin`, which is at `anchor`.
pub(crate) fn make(begin: &Held, anchor: &Path, path: &Path, account: &Account) -> Result<(), Refusal> {
    let below = path.strip_prefix(anchor).unwrap_or(path);
    let mut here: Option<OwnedFd> = None;
    let mut seen = anchor.to_owned();
    for part in below.components() {
        let Component::Normal(name) = part else { continue };
        seen.push(name);
        let parent = here.as_ref().map_or(begin.fd.as_fd(), AsFd::as_fd);
        let next = entered(parent, name.as_ref()).map_err(|errno| refused(errno, &seen, account))?;
        here = Some(next);
    }
    Ok(())
}

/// The directory `name`, made when it is missing.
fn entered(parent: BorrowedFd<'_>, name: &Path) -> Result<OwnedFd, Errno> {
    match mkdirat(parent, name, Mode::from_raw_mode(MODE)) {
        Ok(()) => opened(parent, name, OFlags::PATH),
        // What was there, or another made meanwhile. A kernel may refuse to write before it looks whether it is there.
        Err(error @ (Errno::EXIST | Errno::ACCESS | Errno::PERM | Errno::ROFS)) => {
            opened(parent, name, OFlags::PATH)
                .map_err(|found| if found == Errno::NOENT { error } else { found })
        }
        Err(errno) => Err(errno),
    }
}

fn opened(parent: BorrowedFd<'_>, name: &Path, how: OFlags) -> Result<OwnedFd, Errno> {
    let flags = how | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    // The kernel says EAGAIN when a rename elsewhere makes it doubt an answer; it means "ask again".
    for _ in 0..64 {
        match openat2(parent, name, flags, Mode::empty(), BELOW) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            other => return other,
        }
    }
    Err(Errno::AGAIN)
}

fn refused(errno: Errno, at: &Path, account: &Account) -> Refusal {
    let path = at.to_owned();
    match errno {
        Errno::NOENT | Errno::NOTDIR => Refusal::Missing { path },
        Errno::ACCESS | Errno::PERM | Errno::ROFS => {
            Refusal::NotMade { path, account: account.name().to_owned() }
        }
        Errno::LOOP => Refusal::Link { path },
        other => Refusal::Io { path, source: other.into() },
    }
}

#[cfg(test)]
mod tests;

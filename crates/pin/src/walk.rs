//! The walk to what is asked for: by descriptors, through no link, with the rights of whoever runs it.
//!
//! Above the place where the account's own directories begin, nobody but root can change anything; below, the kernel
//! itself holds the walk beneath that place, on its mount and off every link.

use crate::account::Account;
use crate::file_system;
use crate::making;
use crate::refusal::{Kind, Refusal};
use crate::request::{Missing, Request};
use rustix::fd::{AsRawFd, OwnedFd};
use rustix::fs::{
    Access as Right, AtFlags, CWD, Mode, OFlags, ResolveFlags, Stat, accessat, fstat, openat, openat2,
};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const STICKY: u32 = 0o1000;
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// A place is held, not opened: no device wakes, no pipe blocks.
const PLACE: OFlags = OFlags::PATH.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
pub(crate) const BELOW: ResolveFlags = ResolveFlags::BENEATH
    .union(ResolveFlags::NO_SYMLINKS)
    .union(ResolveFlags::NO_MAGICLINKS)
    .union(ResolveFlags::NO_XDEV);

/// A held place.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) fd: OwnedFd,
    pub(crate) stat: Stat,
}

/// Holds what `request` names, with this thread's rights, and judges it.
pub(crate) fn hold(request: &Request, account: &Account) -> Result<Held, Refusal> {
    // `/` is the home of some system accounts, and nobody's.
    let is_home = request.path().starts_with(account.home()) && account.home().parent().is_some();
    let anchor = if is_home { account.home() } else { request.granted() };
    let walk = Walk { account, path: request.path() };
    let begin = walk.to_anchor(anchor)?;
    // Else `~` of a system account is `/` or `/usr/sbin`.
    if is_home && begin.stat.st_uid != account.uid() {
        return Err(walk.foreign(anchor, &begin));
    }
    let held = match walk.below(&begin, anchor) {
        Err(Refusal::Missing { .. }) if request.missing() == Missing::Made => {
            making::make(&begin, anchor, request.path(), account)?;
            walk.below(&begin, anchor)?
        }
        other => other?,
    };
    walk.judge(&held)?;
    if is_home && !account.owns(held.stat.st_uid) {
        return Err(walk.foreign(request.path(), &held));
    }
    Ok(held)
}

struct Walk<'a> {
    account: &'a Account,
    path: &'a Path,
}

impl Walk<'_> {
    /// From `/`, component by component; each directory passed is judged as sshd judges those above its files.
    fn to_anchor(&self, anchor: &Path) -> Result<Held, Refusal> {
        let mut seen = PathBuf::from("/");
        let mut here = self.held(openat(CWD, "/", PLACE, Mode::empty()), &seen)?;
        for name in anchor.iter().skip(1) {
            let below = seen.join(name);
            let next = self.held(openat(&here.fd, name, PLACE, Mode::empty()), &below)?;
            check_alone(&here, &next, &seen)?;
            match Kind::of_mode(next.stat.st_mode) {
                Kind::Directory => {}
                Kind::Link => return Err(Refusal::Link { path: below }),
                kind => return self.kind_at_the_end(next, kind, &below, anchor),
            }
            (here, seen) = (next, below);
        }
        Ok(here)
    }

    /// A grant may name a regular file; nothing is below one.
    fn kind_at_the_end(&self, held: Held, kind: Kind, at: &Path, anchor: &Path) -> Result<Held, Refusal> {
        if at == anchor && self.path == anchor {
            return Ok(held);
        }
        Err(Refusal::NotBindable { path: at.to_owned(), kind })
    }

    fn below(&self, begin: &Held, anchor: &Path) -> Result<Held, Refusal> {
        let relative = self.path.strip_prefix(anchor).unwrap_or(self.path).as_os_str();
        if relative == OsStr::new("") {
            return self.held(
                begin.fd.try_clone().map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO)),
                anchor,
            );
        }
        // The kernel says EAGAIN when a rename elsewhere makes it doubt an answer; it means "ask again".
        for _ in 0..64 {
            match openat2(&begin.fd, relative, PLACE, Mode::empty(), BELOW) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(Errno::XDEV) => {
                    return Err(Refusal::CrossesMount {
                        path: self.path.to_owned(),
                        granted: anchor.to_owned(),
                    });
                }
                opened => return self.held(opened, self.path),
            }
        }
        Err(Refusal::TooSlow { path: self.path.to_owned() })
    }

    /// What the end must be: of a kind and on a file system that are bound, and readable to the account.
    fn judge(&self, held: &Held) -> Result<(), Refusal> {
        let path = || self.path.to_owned();
        let rights = match Kind::of_mode(held.stat.st_mode) {
            Kind::Directory => Right::READ_OK | Right::EXEC_OK,
            Kind::Regular => Right::READ_OK,
            Kind::Link => return Err(Refusal::Link { path: path() }),
            kind => return Err(Refusal::NotBindable { path: path(), kind }),
        };
        let checked = file_system::check(&held.fd).map_err(|errno| self.refused(errno, self.path))?;
        checked.map_err(|magic| Refusal::FileSystem { path: path(), magic })?;
        // A place can be held without any right to it. The kernel is asked for this thread's rights to the very object.
        let name = format!("/proc/self/fd/{}", held.fd.as_raw_fd());
        accessat(CWD, name, rights, AtFlags::EACCESS).map_err(|errno| self.refused(errno, self.path))
    }

    fn held(&self, opened: Result<OwnedFd, Errno>, at: &Path) -> Result<Held, Refusal> {
        let fd = opened.map_err(|errno| self.refused(errno, at))?;
        let stat = fstat(&fd).map_err(|errno| self.refused(errno, at))?;
        Ok(Held { fd, stat })
    }

    fn refused(&self, errno: Errno, at: &Path) -> Refusal {
        let path = at.to_owned();
        match errno {
            Errno::NOENT | Errno::NOTDIR => Refusal::Missing { path },
            Errno::ACCESS | Errno::PERM => Refusal::Denied { path, account: self.account.name().to_owned() },
            Errno::LOOP => Refusal::Link { path },
            Errno::NOSYS => Refusal::NoIdMaps { path, source: errno.into() },
            other => Refusal::Io { path, source: other.into() },
        }
    }

    fn foreign(&self, at: &Path, held: &Held) -> Refusal {
        let account = self.account.name().to_owned();
        Refusal::ForeignOwner { path: at.to_owned(), owner: held.stat.st_uid, account }
    }
}

/// Whether nobody but root can exchange `next` in `here`.
fn check_alone(here: &Held, next: &Held, path: &Path) -> Result<(), Refusal> {
    let mode = here.stat.st_mode & 0o7777;
    let is_guarded = mode & WRITABLE_BY_OTHERS == 0 || (mode & STICKY != 0 && next.stat.st_uid == 0);
    if here.stat.st_uid == 0 && is_guarded {
        return Ok(());
    }
    Err(Refusal::WeakAncestor { component: path.to_owned(), owner: here.stat.st_uid, mode })
}

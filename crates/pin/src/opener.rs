//! Opening with an account's rights: a thread of its own for each, few at a time, none waited for without end.

use crate::account::Account;
use crate::identity;
use crate::refusal::{Kind, Refusal};
use crate::request::Request;
use crate::walk::{self, Held};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A file system that is not there any more can keep a walk waiting for ever.
const PATIENCE: Duration = Duration::from_secs(20);
/// One account's walks at a time. Those that were given up count until they end, so that nobody fills the process.
const MOST: usize = 16;

/// Opens directories as accounts.
#[derive(Debug, Default)]
pub struct Opener {
    running: Arc<Mutex<BTreeMap<u32, usize>>>,
}

/// A directory or a regular file, held, that the account may bind.
#[derive(Debug)]
pub struct Opened {
    fd: OwnedFd,
    path: PathBuf,
    kind: Kind,
    device: u64,
    inode: u64,
}

impl Opener {
    /// Opens what is asked for with the account's rights and no others.
    ///
    /// What is refused, whatever the rights: a path through a link or, below its beginning, onto another mount; a beginning
    /// that others than root could exchange; what is neither a directory nor a regular file; other file systems than
    /// those of disks and memory; and, in the account's home, what belongs to somebody else. Where an administrator granted
    /// a place outside the home, the owner does not matter: the ids that the mount shows are the account's alone, so that
    /// others' files there can be read as anybody may, and not be written.
    ///
    /// # Errors
    /// Says which of these, and what to do.
    pub fn open(&self, request: &Request, account: &Account) -> Result<Opened, Refusal> {
        let too_slow = || Refusal::TooSlow { path: request.path().to_owned() };
        let turn = self.turn(account.uid()).ok_or_else(too_slow)?;
        let (answer, question) = sync_channel(1);
        let (request_there, account_there) = (request.clone(), account.clone());
        let work = move || {
            let held = hold_as(&request_there, &account_there);
            drop(turn);
            // The receiver is gone only when patience was; then nobody wants the answer.
            let _ = answer.send(held);
        };
        let io = |source| Refusal::Io { path: request.path().to_owned(), source };
        std::thread::Builder::new().name("wharf-opener".to_owned()).spawn(work).map_err(io)?;
        match question.recv_timeout(PATIENCE) {
            Ok(held) => Ok(Opened::of(held?, request)),
            Err(RecvTimeoutError::Timeout) => Err(too_slow()),
            Err(RecvTimeoutError::Disconnected) => {
                Err(io(std::io::Error::other("the opening thread ended without an answer")))
            }
        }
    }

    fn turn(&self, uid: u32) -> Option<Turn> {
        let mut running = lock(&self.running);
        let count = running.entry(uid).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Turn { running: Arc::clone(&self.running), uid })
    }
}

/// One of an account's walks, until it ends.
struct Turn {
    running: Arc<Mutex<BTreeMap<u32, usize>>>,
    uid: u32,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = lock(&self.running);
        match running.get_mut(&self.uid) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(running.remove(&self.uid)),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing can fail between taking and giving back a count.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hold_as(request: &Request, account: &Account) -> Result<Held, Refusal> {
    identity::assume(account).map_err(|errno| Refusal::CannotBecome {
        account: account.name().to_owned(),
        source: errno.into(),
    })?;
    walk::hold(request, account)
}

impl Opened {
    fn of(held: Held, request: &Request) -> Self {
        let Held { fd, stat } = held;
        let kind = Kind::of_mode(stat.st_mode);
        Self { fd, path: request.path().to_owned(), kind, device: stat.st_dev, inode: stat.st_ino }
    }

    /// A directory or a regular file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The number of its device, as it is now: it can change with a boot.
    pub fn device(&self) -> u64 {
        self.device
    }

    /// Its number on the device.
    pub fn inode(&self) -> u64 {
        self.inode
    }

    /// Where it was found.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }
}

impl AsFd for Opened {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

#[cfg(test)]
mod tests;

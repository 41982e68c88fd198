//! All pins of this machine: made, opened again at boot, and released. The order of steps is what makes a kill harmless.

use crate::account::Account;
use crate::id_map::IdMap;
use crate::mounting::Detached;
use crate::opener::{Opened, Opener};
use crate::pin_id::PinId;
use crate::place::Place;
use crate::record::Record;
use crate::records::Records;
use crate::refusal::Refusal;
use crate::request::{Access, Request};
use rustix::io::Errno;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;
use wharf_model::{ContainerRoot, TenantId};

/// The pins of this machine. One process has them at a time.
pub struct Pins {
    records: Records,
    place: Place,
    opener: Opener,
    at_step: Box<dyn Fn(Step) + Send + Sync>,
}

/// A pin that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// What is remembered of it.
    pub record: Record,
    /// What the engine is told: the source of a mount of type bind.
    pub source: PathBuf,
}

impl Pin {
    /// What a container with this pin must not have, in the engine's names. Root in it would otherwise make device files
    /// that are the account's on disk, and take over what is somebody else's in the directory (the kernel lets
    /// whoever has CAP_CHOWN on the whole host give a file that nobody in the map owns to somebody who is).
    ///
    /// Where the engine maps users, root in a container has neither on the host, and nothing is forbidden.
    pub fn forbidden_capabilities(&self) -> &'static [&'static str] {
        match (self.record.container_root, self.record.access) {
            (_, Access::ReadOnly) => &[],
            (Some((uid, gid)), _) if uid != 0 && gid != 0 => &[],
            _ => &["CHOWN", "MKNOD"],
        }
    }
}

/// A pin that is remembered and not there: containers that have it cannot start.
#[derive(Debug)]
pub struct Absent {
    /// Its name.
    pub id: PinId,
    /// What is remembered, when that can be read.
    pub record: Option<Record>,
    /// Why it is not there, in a sentence for people.
    pub reason: String,
}

/// What a start, or a sweep, found and did.
#[derive(Debug, Default)]
pub struct Swept {
    /// Are there.
    pub there: Vec<Pin>,
    /// Are remembered, and are not there.
    pub absent: Vec<Absent>,
    /// Were released.
    pub released: Vec<PinId>,
}

/// The points between which a pin is made. A process may be killed at any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The directory is held.
    Opened,
    /// The mount exists, and has no place.
    Mounted,
    /// The record is on disk.
    Recorded,
    /// A place is made where no engine looks, and nothing is mounted there.
    Placed,
    /// The mount is in it.
    Staged,
    /// It is where engines find it.
    Shown,
    /// It is hidden, and its record is still there.
    Hidden,
}

/// Why a pin was not made, or not released.
#[derive(Debug, Error)]
pub enum PinError {
    /// The bind is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The records cannot be read or written.
    #[error("cannot keep the records of pins below `{}`; is another `wharf` using them, or the disk full?", at.display())]
    Records {
        /// The state directory.
        at: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The place of mounts cannot be used.
    #[error("cannot mount pins at `{}`; the directory above must exist, and wharf needs to be root", at.display())]
    Place {
        /// Where.
        at: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Pins {
    /// Takes the pins of `state` (a directory of root's), whose mounts are at `place` (whose parent is root's alone), and
    /// cleans up after a process that was killed. Pins that are mounted stay so; nothing is mounted yet
    /// that is not: see [`Pins::reopen_all`].
    pub fn start(state: &Path, place: &Path) -> Result<Self, PinError> {
        // What is made for accounts gets the mode that is said; everything else here says one without others' rights.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
        let records =
            Records::open(state).map_err(|source| PinError::Records { at: state.to_owned(), source })?;
        let at = |errno: Errno| PinError::Place { at: place.to_owned(), source: errno.into() };
        let pins = Self {
            records,
            place: Place::prepare(place).map_err(at)?,
            opener: Opener::default(),
            at_step: Box::new(|_| {}),
        };
        let remembered: BTreeSet<PinId> = pins.ids()?.into_iter().collect();
        for id in pins.place.sweep().map_err(at)? {
            if !remembered.contains(&id) {
                pins.place.hide(&id).map_err(at)?;
            }
        }
        Ok(pins)
    }

    /// Calls this at each step; for tests that end the process there.
    #[must_use]
    pub fn at_each_step(mut self, at_step: impl Fn(Step) + Send + Sync + 'static) -> Self {
        self.at_step = Box::new(at_step);
        self
    }

    /// Makes a pin: the directory is opened with the account's rights and mounted with the account's ids.
    ///
    /// # Errors
    /// When the bind is refused, or the machine fails; then nothing is left.
    pub fn pin(
        &self,
        owner: &TenantId,
        account: &Account,
        request: &Request,
        root: Option<ContainerRoot>,
    ) -> Result<Pin, PinError> {
        let (opened, mount) = self.detached(account, request, root)?;
        let id = PinId::random().map_err(|source| self.record_error(source))?;
        let record = Record {
            id,
            tenant: owner.name.clone(),
            generation: owner.generation,
            account: account.name().to_owned(),
            uid: account.uid(),
            path: request.path().to_owned(),
            granted: request.granted().to_owned(),
            access: request.access(),
            device: opened.device(),
            inode: opened.inode(),
            container_root: root.map(|root| (root.uid, root.gid)),
        };
        self.records.write(&record).map_err(|source| self.record_error(source))?;
        (self.at_step)(Step::Recorded);
        match self.show(&record, &opened, &mount) {
            Ok(()) => Ok(self.there(record)),
            Err(error) => {
                // The first error is the one to tell; what cannot be taken back now, the next start takes back.
                let _ = self.release(&record.id);
                Err(error)
            }
        }
    }

    /// Opens every pin that is not mounted again, with the account's rights. To be called at boot, before the engine starts.
    ///
    /// `judge` says for each record who asks for what today, or why nobody may any more; a pin that it refuses is taken
    /// away, and its record stays.
    ///
    /// # Errors
    /// Only when the records cannot be listed. What fails for one pin is told of that pin.
    pub fn reopen_all(
        &self,
        judge: impl FnMut(&Record) -> Result<(Account, Request), String>,
    ) -> Result<Swept, PinError> {
        Ok(self.reopen(&self.ids()?, judge))
    }

    /// As [`Pins::reopen_all`], for some: those that were absent at boot because a disk was late.
    pub fn reopen(
        &self,
        ids: &[PinId],
        mut judge: impl FnMut(&Record) -> Result<(Account, Request), String>,
    ) -> Swept {
        let mut swept = Swept::default();
        for id in ids {
            match self.reopen_one(id, &mut judge) {
                Ok(pin) => swept.there.push(pin),
                Err(absent) => swept.absent.push(*absent),
            }
        }
        swept
    }

    /// Takes a pin away and forgets it. Containers that have it keep it until they end. One that is not there is fine.
    pub fn release(&self, id: &PinId) -> Result<(), PinError> {
        self.place.hide(id).map_err(|errno| self.place_error(id, errno))?;
        (self.at_step)(Step::Hidden);
        self.records.remove(id).map_err(|source| self.record_error(source))
    }

    /// Releases every pin but these: those of containers that exist, and those whose container is being made.
    pub fn release_all_but(&self, live: &BTreeSet<PinId>) -> Result<Swept, PinError> {
        let mut swept = Swept::default();
        for id in self.ids()?.into_iter().filter(|id| !live.contains(id)) {
            self.release(&id)?;
            swept.released.push(id);
        }
        Ok(swept)
    }

    /// The names of all pins that are remembered.
    pub fn ids(&self) -> Result<Vec<PinId>, PinError> {
        self.records.ids().map_err(|source| self.record_error(source))
    }

    /// What is remembered of one.
    pub fn record(&self, id: &PinId) -> Result<Record, PinError> {
        self.records.read(id).map_err(|source| self.record_error(source))
    }

    /// Whether it is there.
    pub fn is_there(&self, id: &PinId) -> Result<bool, PinError> {
        self.place.is_shown(id).map_err(|errno| self.place_error(id, errno))
    }

    fn reopen_one(
        &self,
        id: &PinId,
        judge: &mut impl FnMut(&Record) -> Result<(Account, Request), String>,
    ) -> Result<Pin, Box<Absent>> {
        let absent = |record, reason| Box::new(Absent { id: id.clone(), record, reason });
        let record = self
            .records
            .read(id)
            .map_err(|error| absent(None, format!("its record cannot be read: {error}")))?;
        let reopened = match judged(&record, judge) {
            Ok((account, request)) => self.mend(record.clone(), &account, &request),
            Err(reason) => match self.place.hide(id) {
                Ok(()) => Err(reason),
                Err(errno) => Err(format!("{reason}; and it cannot be taken away: {errno}")),
            },
        };
        reopened.map_err(|reason| absent(Some(record), reason))
    }

    fn mend(&self, mut record: Record, account: &Account, request: &Request) -> Result<Pin, String> {
        let told = |error: PinError| chain(&error);
        if self.is_there(&record.id).map_err(told)? {
            return Ok(self.there(record));
        }
        let (opened, mount) =
            self.detached(account, request, record.root()).map_err(|refusal| chain(&refusal))?;
        if (record.device, record.inode) != (opened.device(), opened.inode()) {
            (record.device, record.inode) = (opened.device(), opened.inode());
            self.records.write(&record).map_err(|source| told(self.record_error(source)))?;
        }
        if let Err(error) = self.show(&record, &opened, &mount) {
            let _ = self.place.hide(&record.id);
            return Err(told(error));
        }
        Ok(self.there(record))
    }

    fn detached(
        &self,
        account: &Account,
        request: &Request,
        root: Option<ContainerRoot>,
    ) -> Result<(Opened, Detached), Refusal> {
        let opened = self.opener.open(request, account)?;
        (self.at_step)(Step::Opened);
        let mount = Detached::clone_of(&opened, &IdMap::new(account, root), request.access())?;
        (self.at_step)(Step::Mounted);
        Ok((opened, mount))
    }

    fn show(&self, record: &Record, opened: &Opened, mount: &Detached) -> Result<(), PinError> {
        let shown = self.place.show(&record.id, mount, opened.kind(), &*self.at_step);
        shown.map_err(|errno| self.place_error(&record.id, errno))?;
        (self.at_step)(Step::Shown);
        Ok(())
    }

    fn there(&self, record: Record) -> Pin {
        Pin { source: self.place.source(&record.id), record }
    }

    fn record_error(&self, source: io::Error) -> PinError {
        PinError::Records { at: self.records.state().to_owned(), source }
    }

    fn place_error(&self, id: &PinId, errno: Errno) -> PinError {
        PinError::Place { at: self.place.source(id), source: errno.into() }
    }
}

impl fmt::Debug for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pins")
            .field("records", &self.records)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Who asks for what today; an error when that is not what the pin was made for.
fn judged(
    record: &Record,
    judge: &mut impl FnMut(&Record) -> Result<(Account, Request), String>,
) -> Result<(Account, Request), String> {
    let (account, request) = judge(record)?;
    let is_same = account.name() == record.account
        && account.uid() == record.uid
        && request.path() == record.path
        && request.access() == record.access;
    if is_same {
        Ok((account, request))
    } else {
        Err(format!(
            "account `{}` is another than when it was made; make the container again",
            record.account
        ))
    }
}

/// An error and what it came from, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests;

//! Binds of a user's own directories: what is asked of the helper `wharf pins`, and which pins are in use.
//!
//! The gateway mounts nothing itself: it judges whether a path is granted, and the helper opens it with the account's
//! rights. A pin lives as long as a container has it. Which those are, the engine is asked; nothing here is kept on disk.

mod binding;
mod grant;
mod judge;
mod tending;

pub(crate) use binding::Pinned;
pub use judge::still_granted;

use crate::fault::Fault;
use crate::index::Bind;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, Semaphore};
use wharf_model::TenantName;
use wharf_pin::{Answer, PinId, Question};

/// Where the helper is, and where it mounts.
#[derive(Debug, Clone)]
pub struct PinHelper {
    /// Its socket.
    pub socket: PathBuf,
    /// The directory of all pins.
    pub place: PathBuf,
}

/// How many directories one tenant may have opened at the same time.
const AT_ONCE: usize = 4;

/// The gateway's side of the helper.
#[derive(Debug)]
pub(crate) struct Pinning {
    helper: Option<PinHelper>,
    /// Held for every question about a tenant's directories.
    turns: Mutex<HashMap<TenantName, Arc<Semaphore>>>,
    known: Mutex<Known>,
    /// There is something to look after.
    called: Notify,
}

#[derive(Debug, Default)]
struct Known {
    /// Questions whose pin may be there without our knowing its name.
    asking: usize,
    /// Pins whose container is being made.
    under_way: BTreeSet<PinId>,
    /// What is to be looked after.
    work: Work,
}

/// What is to be looked after.
#[derive(Debug, Default)]
struct Work {
    /// Every pin: at the start, and whenever the engine was away.
    all: bool,
    /// Pins that may have lost their last container.
    doubtful: BTreeSet<PinId>,
}

/// A question that is on its way.
struct Asking<'p>(&'p Pinning);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.known().asking -= 1;
    }
}

impl Pinning {
    pub(crate) fn new(helper: Option<PinHelper>) -> Self {
        Self { helper, turns: Mutex::default(), known: Mutex::default(), called: Notify::new() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing fails between taking and giving back.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asking(&self) -> Asking<'_> {
        self.known().asking += 1;
        Asking(self)
    }

    fn turns_of(&self, tenant: &TenantName) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(tenant.clone()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
    }

    /// Asks the helper, which answers within a bounded time.
    pub(crate) async fn ask(&self, question: Question) -> std::io::Result<Answer> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        let socket = self.helper.as_ref().ok_or_else(missing)?.socket.clone();
        let asked = tokio::task::spawn_blocking(move || wharf_pin::ask(&socket, &question)).await;
        asked.unwrap_or_else(|ended| Err(std::io::Error::other(ended)))
    }

    /// The pin that this source of a mount is; `None` when it is another thing of the host's.
    fn pin_of(&self, source: &str) -> Option<PinId> {
        PinId::of_source(&self.helper.as_ref()?.place, Path::new(source))
    }

    /// Pins of a container that is gone, or was not made.
    pub(crate) fn doubt<'s>(&self, sources: impl Iterator<Item = &'s str>) {
        let doubtful: Vec<PinId> = sources.filter_map(|source| self.pin_of(source)).collect();
        if !doubtful.is_empty() {
            self.known().work.doubtful.extend(doubtful);
            self.called.notify_one();
        }
    }

    /// Has every pin looked at: some may have lost their containers, or come late.
    pub(crate) fn look_at_all(&self) {
        self.known().work.all = true;
        self.called.notify_one();
    }
}

/// What engines say of a start whose directory is not there; 20.10 and 28.5 that map users say no more (seen).
const ABSENT: &str = "no such file or directory";

/// A refusal to start, with the directories that may be its cause.
pub(crate) fn explained(fault: Fault, binds: &[Bind]) -> Fault {
    match fault {
        Fault::Said(status, words) if words.ends_with(ABSENT) && !binds.is_empty() => {
            let paths: BTreeSet<String> =
                binds.iter().map(|bind| format!("`{}`", bind.asked.source)).collect();
            let paths: Vec<String> = paths.into_iter().collect();
            Fault::Said(status, format!("{words}: is {} there, and granted still?", paths.join(", ")))
        }
        other => other,
    }
}

/// What each pin is used by, as engines list it.
type Users = BTreeMap<PinId, BTreeSet<wharf_model::ContainerId>>;

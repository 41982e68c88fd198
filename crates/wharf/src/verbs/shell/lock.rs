//! One run at a time changes a workstation, of those on this machine. Entering one that runs waits for nobody.

use super::visit::Visit;
use crate::exit::Exit;
use crate::failure::Failure;
use std::time::{Duration, SystemTime};
use wharf_store::{Holder, Moment, WorkstationLock, WorkstationLockError};
use wharf_workstation::WorkstationName;

/// Between two looks whether the other run has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Takes it, or says who has it.
pub(super) fn take(visit: &Visit<'_>, what: &str) -> Result<WorkstationLock, Failure> {
    take_of(visit, &visit.name, what)
}

/// Takes that of another workstation than the one that the run is about.
pub(super) fn take_of(
    visit: &Visit<'_>,
    name: &WorkstationName,
    what: &str,
) -> Result<WorkstationLock, Failure> {
    acquire(visit, name, what)?.map_err(|error| Failure::of(Exit::Failed, &error))
}

/// Takes it, and waits while another run has it, which is said once.
pub(super) async fn wait(visit: &Visit<'_>, what: &str) -> Result<WorkstationLock, Failure> {
    let mut is_told = false;
    loop {
        match acquire(visit, &visit.name, what)? {
            Ok(lock) => return Ok(lock),
            Err(held) if !is_told => {
                visit.say(&format!("waiting: {held}"));
                is_told = true;
            }
            Err(_) => {}
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// The lock, or that another run has it.
fn acquire(
    visit: &Visit<'_>,
    name: &WorkstationName,
    what: &str,
) -> Result<Result<WorkstationLock, WorkstationLockError>, Failure> {
    let note = Holder {
        pid: std::process::id(),
        verb: format!("shell {what}"),
        since: Moment::from(SystemTime::now()),
    };
    let folder = visit.shelf.made()?;
    match WorkstationLock::try_acquire(folder, name, &note) {
        Err(WorkstationLockError::File(error)) => Err(Failure::of(Exit::Failed, &error)),
        taken => Ok(taken),
    }
}

//! What the session server says of its sessions, and what it is told to do with one.

use super::inside;
use crate::exit::Exit;
use crate::failure::Failure;
use std::time::Duration;
use wharf_session::{SessionName, Status};
use wharf_workstation::{PROGRAM, Seen, Yard};

/// It has it all in memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// What runs in a session may take a while to end.
const MOST_DOING: Duration = Duration::from_secs(30);

/// All sessions of a workstation that runs.
pub(super) async fn status(yard: &Yard<'_>, seen: &Seen) -> Result<Status, Failure> {
    let ran = yard.run_within(seen, &[PROGRAM, "status", "--json"], PATIENCE).await?;
    let said = inside::judged(ran, "the session server cannot be asked")?;
    serde_json::from_slice(&said).map_err(|error| {
        Failure::of(Exit::Failed, &error)
            .hint("another version of wharf made this workstation; `--upgrade` renews it")
    })
}

/// `start`, `stop`, `restart` or `kill`.
pub(super) async fn act(
    yard: &Yard<'_>,
    seen: &Seen,
    word: &str,
    session: &SessionName,
) -> Result<(), Failure> {
    let doing = format!("`{word}` of the terminal `{session}` was not done");
    let ran = yard.run_within(seen, &[PROGRAM, word, session.as_str()], MOST_DOING).await?;
    inside::judged(ran, &doing).map(drop)
}

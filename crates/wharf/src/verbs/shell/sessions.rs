//! What the session server says of its sessions, and what it is told to do with one.

use super::inside;
use crate::exit::Exit;
use crate::failure::Failure;
use wharf_session::{SessionName, Status};
use wharf_workstation::{PROGRAM, Seen, Yard};

/// All sessions of a workstation that runs.
pub(super) async fn status(yard: &Yard<'_>, seen: &Seen) -> Result<Status, Failure> {
    let said =
        inside::said(yard, seen, &[PROGRAM, "status", "--json"], b"", "the session server cannot be asked");
    let said = said.await?;
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
    inside::said(yard, seen, &[PROGRAM, word, session.as_str()], b"", &doing).await.map(drop)
}

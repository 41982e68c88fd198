//! Short commands inside a workstation, as its inhabitant: what they print, or why they failed.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use wharf_workstation::{Ran, Seen, Yard};

/// What it prints, when it does what it should.
pub(super) async fn said(
    yard: &Yard<'_>,
    seen: &Seen,
    command: &[&str],
    input: &[u8],
    doing: &str,
) -> Result<Vec<u8>, Failure> {
    judged(yard.run(seen, command, input).await?, doing)
}

/// The output of what ended well.
pub(super) fn judged(ran: Ran, doing: &str) -> Result<Vec<u8>, Failure> {
    match ran.status {
        Some(0) => Ok(ran.output),
        Some(status) => Err(failure(&ran, format!("{doing}: it ended with status {status}"))),
        None => Err(failure(&ran, format!("{doing}: it has not ended"))),
    }
}

fn failure(ran: &Ran, message: String) -> Failure {
    let said = show::printable(String::from_utf8_lossy(&ran.errors).trim());
    let causes = (!said.is_empty()).then_some(said).into_iter().collect();
    Failure { causes, ..Failure::new(Exit::Failed, message) }
}

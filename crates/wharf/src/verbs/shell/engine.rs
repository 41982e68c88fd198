//! On which engine a workstation was made. A docker context may lead elsewhere tomorrow, and what is made there would be an
//! empty one of the same name: that is refused. One that is there may be entered wherever it is.

use super::visit::Visit;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use wharf_workstation::{WorkstationName, Yard};

/// Refuses to make a workstation anew where it never was.
pub(super) async fn check(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let Some(made) = visit.shelf.engine(&visit.name) else { return Ok(()) };
    let Some(here) = yard.engine_id().await? else { return Ok(()) };
    judge(visit, &made, &here)
}

fn judge(visit: &Visit<'_>, made: &str, here: &str) -> Result<(), Failure> {
    if made == here {
        return Ok(());
    }
    let (name, place) = (&visit.name, visit.place.name());
    let (made, here) = (show::one_line(made), show::one_line(here));
    Err(Failure::new(
        Exit::Failed,
        format!("the workstation `{name}` was made on the engine {made}, and `{place}` is now the engine {here}: nothing was made"),
    )
    .hint(format!(
        "start the engine that has it; if it is gone for good, remove `{}` and say it again for a new one",
        visit.shelf.engine_path(name).display()
    )))
}

/// Notes on which engine it is, when that is not known yet. It can be entered without that.
pub(super) async fn remember(visit: &Visit<'_>, yard: &Yard<'_>) {
    if visit.shelf.engine(&visit.name).is_some() {
        return;
    }
    note(visit, yard, &visit.name).await;
}

/// Notes that a workstation was made here, whatever is noted of one that had the name before.
pub(super) async fn note(visit: &Visit<'_>, yard: &Yard<'_>, name: &WorkstationName) {
    if let Ok(Some(here)) = yard.engine_id().await {
        let _noted = visit.shelf.write_engine(name, &here);
    }
}

//! Secrets: what sealing, opening, delivering and looking for them costs.

mod scan;
mod sealing;
mod up;

use crate::results::Results;

/// Everything about secrets that needs no engine.
pub(crate) fn measure(results: &mut Results) -> wharf_testkit::Result<()> {
    sealing::measure(results)?;
    scan::measure(results)
}

/// What an engine is needed for.
pub(crate) fn on_engine(engine: &wharf_testkit::Engine, results: &mut Results) -> wharf_testkit::Result<()> {
    up::on_engine(engine, results)
}

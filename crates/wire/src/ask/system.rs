//! Requests about the engine itself.

use crate::ask::reading::Reading;
use crate::ask::{Ask, DiskUsageAsk, EventsAsk, Refusal, account};

/// Filters whose events a tenant can have.
const EVENT_FILTERS: &[&str] =
    &["container", "event", "image", "label", "network", "scope", "type", "volume"];

#[allow(clippy::unnecessary_wraps, reason = "a reader's signature")]
pub(crate) fn ping(_: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Ping)
}

#[allow(clippy::unnecessary_wraps, reason = "a reader's signature")]
pub(crate) fn version(_: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Version)
}

#[allow(clippy::unnecessary_wraps, reason = "a reader's signature")]
pub(crate) fn info(_: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Info)
}

pub(crate) fn disk_usage(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let kinds = reading.query.texts("type");
    match kinds.iter().find(|kind| !matches!(kind.as_str(), "container" | "image" | "volume" | "build-cache"))
    {
        Some(unknown) => Err(Refusal::malformed(format!("unknown object type: {unknown}"))),
        None => Ok(Ask::DiskUsage(DiskUsageAsk { kinds })),
    }
}

pub(crate) fn events(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let filters = query.filters()?.only(EVENT_FILTERS)?;
    Ok(Ask::Events(EventsAsk { since: query.time("since")?, until: query.time("until")?, filters }))
}

pub(crate) fn auth(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    account::read(reading.object()?).map(Ask::CheckCredentials)
}

/// Nothing is built here, so that there is nothing to prune.
#[allow(clippy::unnecessary_wraps, reason = "a reader's signature")]
pub(crate) fn prune_build_cache(_: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::PruneBuildCache)
}

/// A plugin is not there, as anything else that a tenant does not have.
pub(crate) fn inspect_plugin(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Err(Refusal::NotFound(format!("plugin \"{}\" not found", reading.name()?)))
}

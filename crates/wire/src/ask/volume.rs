//! Requests about volumes.

use crate::ApiVersion;
use crate::ask::container::prune_filters;
use crate::ask::reading::{Reading, is_name};
use crate::ask::{Ask, Forbidden, ListVolumes, Refusal};
use crate::tenant::{VolumeAct, VolumeWish};

pub(crate) fn list(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut filters = reading.query.filters()?;
    let list = ListVolumes {
        name: filters.many("name"),
        label: filters.many("label"),
        driver: filters.many("driver"),
        dangling: filters.flag("dangling")?,
    };
    filters.check_empty()?;
    Ok(Ask::ListVolumes(list))
}

pub(crate) fn create(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut body = reading.object()?;
    if let Some(driver) = body.text("Driver")?.filter(|driver| driver != "local") {
        return Err(no_driver(&driver));
    }
    let name = body.text("Name")?.map(|name| name.parse().map_err(|_| bad_name(&name))).transpose()?;
    Ok(Ask::CreateVolume(VolumeWish { name, labels: body.text_map("Labels")?.unwrap_or_default() }))
}

pub(crate) fn no_driver(driver: &str) -> Refusal {
    let reason = format!("volumes of the driver `{driver}` do not exist here");
    Refusal::forbidden(Forbidden::Driver, reason, "leave the driver out; it is `local`")
}

/// In the engine's words (28.5).
pub(crate) fn bad_name(name: &str) -> Refusal {
    Refusal::malformed(format!(
        "\"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are \
         allowed. If you intended to pass a host directory, use absolute path"
    ))
}

pub(crate) fn prune(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut said = reading.query.filters()?;
    // Before API 1.42 named volumes went, too.
    let before = reading.version.is_some_and(|version| version < ApiVersion::CONSOLE_SIZE);
    let all = said.flag("all")?.unwrap_or(before);
    let filters = prune_filters(&mut said)?;
    said.check_empty()?;
    Ok(Ask::PruneVolumes { all, filters })
}

fn act(reading: &Reading<'_>, act: VolumeAct) -> Result<Ask, Refusal> {
    let name = reading.name()?;
    if is_name(name) {
        Ok(Ask::Volume { volume: name.to_owned(), act })
    } else {
        Err(Refusal::NotFound(format!("get {name}: no such volume")))
    }
}

pub(crate) fn inspect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, VolumeAct::Inspect)
}

pub(crate) fn remove(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, VolumeAct::Remove { force: reading.query.flag("force")? })
}

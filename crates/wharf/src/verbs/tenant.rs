//! `wharf tenant`: what the administrator does about tenants beyond the host configuration.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use crate::verbs::{NOTHING_CHANGED, block_on};
use std::collections::{BTreeMap, BTreeSet};
use wharf_docker::{Engine, EngineError};
use wharf_model::{TenantName, TenantObject, VolumeName};
use wharf_policy::Owned;
use wharf_store::TenantBook;
use wharf_wire::tenant::Owner;
use wharf_wire::{AllNetworks, TenantContainers, TenantVolumes};

/// `wharf tenant adopt`: the present tenant of a name gets what former ones left.
pub(crate) fn adopt(setting: &Setting<'_>, name: &str) -> Result<Exit, Failure> {
    setting.administrator("tenant adopt")?;
    let name: TenantName =
        name.parse().map_err(|error| Failure::usage(format!("`{name}` is no tenant: {error}")))?;
    let book = TenantBook::within(setting.state_dir()?);
    let adopted = book.adopt(&name).map_err(|error| Failure::of(Exit::Failed, &error))?;
    if !setting.common.quiet {
        let generations: Vec<String> = adopted.iter().map(ToString::to_string).collect();
        show::say(&match generations.as_slice() {
            [] => format!("{name} is the first tenant of its name; there is nothing to adopt"),
            _ => format!(
                "{name} has what former tenants of its name left (generations {}); a running gateway takes it up with \
                 `systemctl reload wharf`, or SIGHUP",
                generations.join(", ")
            ),
        });
        if !adopted.is_empty() {
            tell_superseded(setting, &name);
        }
    }
    Ok(Exit::Done)
}

/// Says what cannot be shown, as far as the engine can be asked: the book is written whether or not.
fn tell_superseded(setting: &Setting<'_>, name: &TenantName) {
    let listed = super::serve::endpoint(setting).and_then(|endpoint| {
        let engine = Engine::new(endpoint);
        block_on(NOTHING_CHANGED, async { Ok(superseded(&engine, name).await?) })
    });
    match listed {
        Ok(twice) if twice.is_empty() => {}
        Ok(twice) => show::say(&format!(
            "names that are taken by what is newer; the older is shown when that is renamed or removed: {}",
            twice.into_iter().collect::<Vec<_>>().join(", ")
        )),
        Err(failure) => show::say(&format!(
            "whether names of theirs are taken by what is newer could not be asked: {}",
            failure.message
        )),
    }
}

/// Containers, networks and volumes of one name that several tenants called `name` have.
async fn superseded(engine: &Engine, name: &TenantName) -> Result<BTreeSet<String>, EngineError> {
    let containers = engine.observe(&TenantContainers).await?.into_iter().filter_map(|row| {
        row.names.iter().find_map(|shown| proved("container", shown.trim_start_matches('/'), &row.labels))
    });
    let networks = engine.observe(&AllNetworks).await?.into_iter().filter_map(|network| {
        // Each has its own; which one `bridge` means is seen by nobody.
        proved("network", &network.name, &network.labels).filter(|(_, shown, _)| shown != "bridge")
    });
    let volumes = engine.observe(&TenantVolumes).await?.volumes.into_iter().filter_map(|volume| {
        let owned = Owned::<VolumeName>::observed(&volume.name, &volume.labels)?;
        Some(("volume", owned.id().shown().to_owned(), owned.tenant().name.clone()))
    });
    let all = containers.chain(networks).chain(volumes).filter(|(_, _, tenant)| tenant == name);
    let mut seen = BTreeSet::new();
    let again = all.filter(|(kind, shown, _)| !seen.insert((*kind, shown.clone())));
    Ok(again.map(|(kind, shown, _)| format!("{kind} `{shown}`")).collect())
}

/// An object of a tenant's, by its name and its labels.
fn proved(
    kind: &'static str,
    engine_name: &str,
    labels: &BTreeMap<String, String>,
) -> Option<(&'static str, String, TenantName)> {
    let object = TenantObject::from_engine(engine_name)?;
    let owner = Owner::read(labels).filter(|owner| *owner == object.tenant)?;
    Some((kind, object.name.to_string(), owner.name))
}

/// `wharf tenant ls`: every tenant there is or was.
pub(crate) fn list(setting: &Setting<'_>) -> Result<Exit, Failure> {
    setting.administrator("tenant ls")?;
    let book = TenantBook::within(setting.state_dir()?);
    let entries = book.read().map_err(|error| Failure::of(Exit::Failed, &error))?;
    if setting.common.json {
        show::print_json(&entries);
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|(name, entry)| {
            let adopted: Vec<String> = entry.adopted.iter().map(ToString::to_string).collect();
            let state = if entry.present { "present" } else { "removed" };
            vec![name.to_string(), entry.generation.to_string(), state.to_owned(), adopted.join(", ")]
        })
        .collect();
    show::print(&show::table(&["TENANT", "GENERATION", "STATE", "ADOPTED"], &rows));
    Ok(Exit::Done)
}

//! What the helper knows of the engine's disk, and of tenants' numbers there, by itself: whoever asks it is not believed.

use crate::setting::Setting;
use crate::verbs::serve::endpoint;
use serde_json::Value;
use std::path::{Path, PathBuf};
use wharf_docker::{Endpoint, Engine};
use wharf_model::TenantId;
use wharf_pin::Confining;
use wharf_store::TenantBook;
use wharf_wire::InfoDocument;

/// An engine that is named wrongly is no reason not to mount: nothing is limited then.
pub(super) fn confining(setting: &Setting<'_>, state: &Path) -> Confining {
    let (engine, state) = (endpoint(setting).map_err(|failure| failure.message), state.to_owned());
    let data_root = move || data_root(engine.as_ref().map_err(Clone::clone)?);
    Confining::new(Box::new(data_root), Box::new(move |tenant| number(&state, tenant)))
}

/// Asked for only when somebody serves, and so when there is an engine.
fn data_root(engine: &Endpoint) -> Result<PathBuf, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let engine = Engine::new(engine.clone());
    let info = runtime.map_err(|error| error.to_string())?.block_on(engine.observe(&InfoDocument));
    let info = info.map_err(|error| error.to_string())?;
    let root = info.get("DockerRootDir").and_then(Value::as_str).map(PathBuf::from);
    root.filter(|root| root.is_absolute())
        .ok_or_else(|| "the engine does not say where its data root is".to_owned())
}

/// The book of tenants is only read here: `wharf serve` keeps it.
fn number(state: &Path, tenant: &TenantId) -> Result<u32, String> {
    let book = TenantBook::within(state).read().map_err(|error| error.to_string())?;
    let entry = book.get(&tenant.name).filter(|entry| entry.present && entry.generation == tenant.generation);
    let number = entry.map(|entry| entry.number).filter(|number| *number > 0);
    number.ok_or_else(|| format!("`{}.{}` is no tenant now", tenant.name, tenant.generation))
}

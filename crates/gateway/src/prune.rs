//! Prunes of a tenant's own things. The engine's prunes are never asked: what goes is chosen here, and each goes by the
//! way that a removal goes.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::fault::Fault;
use crate::images::strings;
use crate::volumes::has_labels;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wharf_wire::ask::{PruneFilters, Refusal};
use wharf_wire::tenant::{ContainerAct, ContainerFilters, TenantCall, VolumeAct};

/// What a prune is narrowed by, with its times worked out.
struct Narrowed<'a> {
    filters: &'a PruneFilters,
    until: Option<i64>,
}

impl<'a> Narrowed<'a> {
    fn by(filters: &'a PruneFilters) -> Result<Self, Fault> {
        let until = filters.until.as_deref().map(moment).transpose()?;
        Ok(Self { filters, until })
    }

    /// Whether something with these labels, made then (seconds since 1970), goes.
    fn takes(&self, labels: &Value, made: Option<i64>) -> bool {
        let unwanted = |label: &String| has_labels(labels, std::slice::from_ref(label));
        has_labels(labels, &self.filters.label)
            && !self.filters.not_label.iter().any(unwanted)
            && self.until.is_none_or(|until| made.is_some_and(|made| made < until))
    }
}

/// A time as filters say it: seconds since 1970, RFC 3339, or a duration before now (`24h`, `1h30m`).
fn moment(text: &str) -> Result<i64, Fault> {
    if let Some(seconds) = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok()) {
        return Ok(seconds);
    }
    if let Some(before) = duration(text) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        return Ok(i64::try_from(now.saturating_sub(before).as_secs()).unwrap_or(i64::MAX));
    }
    if let Ok(moment) = text.parse::<wharf_store::Moment>() {
        return Ok(i64::try_from(moment.unix_millis() / 1000).unwrap_or(i64::MAX));
    }
    Err(Refusal::malformed(format!("`{}` is not a time", crate::fault::printable(text))).into())
}

/// Go's durations, whole numbers only: `1h30m`.
fn duration(text: &str) -> Option<Duration> {
    let mut total = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(seconds)?)?;
        rest = after;
    }
    (total > 0).then(|| Duration::from_secs(total))
}

/// Seconds since 1970 of the engine's RFC 3339.
fn seconds(text: Option<&Value>) -> Option<i64> {
    moment(text?.as_str()?).ok()
}

impl Errand {
    /// `POST /containers/prune`.
    pub(crate) async fn prune_containers(&self, filters: &PruneFilters) -> Result<Answer, Fault> {
        let narrowed = Narrowed::by(filters)?;
        let wanted = ContainerFilters {
            status: ["created", "exited", "dead"].map(str::to_owned).to_vec(),
            ..ContainerFilters::default()
        };
        let mut gone = Vec::new();
        let mut bytes = 0_i64;
        for row in self.container_rows(true, true, wanted).await? {
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            if !narrowed.takes(labels, row.get("Created").and_then(Value::as_i64)) {
                continue;
            }
            let Some(id) = row.get("Id").and_then(Value::as_str) else { continue };
            let Ok(container) = self.find_container(id).await else { continue };
            // Not by force: one that was started meanwhile stays.
            let act = ContainerAct::Remove { volumes: false, force: false };
            let call = TenantCall::Container { container: container.owned.id().clone(), act };
            let door = crate::door::Door::new(self, container.name.as_str(), Some(id));
            if door.ask(call, &self.facts_of(&container)).await.is_ok() {
                self.desk.gateway.container_is_gone(container.owned.id());
                bytes += row.get("SizeRw").and_then(Value::as_i64).unwrap_or(0);
                gone.push(id.to_owned());
            }
        }
        Ok(answer::document(StatusCode::OK, &json!({ "ContainersDeleted": gone, "SpaceReclaimed": bytes })))
    }

    /// `POST /volumes/prune`: without `all` those that nobody has named.
    pub(crate) async fn prune_volumes(&self, all: bool, filters: &PruneFilters) -> Result<Answer, Fault> {
        let narrowed = Narrowed::by(filters)?;
        let all =
            all || self.version.is_some_and(|version| version < wharf_wire::ApiVersion::ANONYMOUS_PRUNE);
        let used = self.volumes_in_use().await?;
        let mut gone = Vec::new();
        for row in self.volume_rows().await? {
            let name = row.get("Name").and_then(Value::as_str).unwrap_or_default();
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            let Some(volume) = wharf_model::VolumeName::from_engine(name) else { continue };
            let anonymous = volume.named_after().is_none();
            if used.iter().any(|used| used == name) || !(all || anonymous) || !narrowed.takes(labels, None) {
                continue;
            }
            let shown = volume.shown().to_owned();
            let Ok(Some(volume)) = self.own_volume(&volume).await else { continue };
            if self.remove_volume(&volume, VolumeAct::Remove { force: false }).await.is_ok() {
                gone.push(shown);
            }
        }
        Ok(answer::document(StatusCode::OK, &json!({ "VolumesDeleted": gone, "SpaceReclaimed": 0 })))
    }

    /// `POST /networks/prune`: those that no container is on.
    pub(crate) async fn prune_networks(&self, filters: &PruneFilters) -> Result<Answer, Fault> {
        let narrowed = Narrowed::by(filters)?;
        let used = self.networks_in_use().await?;
        let mut gone = Vec::new();
        for row in self.network_rows().await? {
            let name = row.get("Name").and_then(Value::as_str).unwrap_or_default();
            let id = row.get("Id").and_then(Value::as_str).unwrap_or_default();
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            let spared = name == crate::networks::DEFAULT || used.iter().any(|used| used == id);
            if spared || !narrowed.takes(labels, seconds(row.get("Created"))) {
                continue;
            }
            let Ok(network) = self.find_network(id).await else { continue };
            if self.remove_network(&network, name).await.is_ok() {
                gone.push(name.to_owned());
            }
        }
        Ok(answer::document(StatusCode::OK, &json!({ "NetworksDeleted": gone })))
    }

    /// Ids of networks that the tenant's containers name, running or not.
    async fn networks_in_use(&self) -> Result<Vec<String>, Fault> {
        let rows = self.container_rows(true, false, ContainerFilters::default()).await?;
        let endpoints = rows.iter().filter_map(|row| row.pointer("/NetworkSettings/Networks")?.as_object());
        let ids = endpoints
            .flat_map(|networks| networks.values())
            .filter_map(|endpoint| endpoint.get("NetworkID")?.as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// `POST /images/prune`: those without a name, or with `dangling=false` those that no container is made of.
    pub(crate) async fn prune_images(&self, dangling: bool, filters: &PruneFilters) -> Result<Answer, Fault> {
        let narrowed = Narrowed::by(filters)?;
        let containers = self.container_rows(true, false, ContainerFilters::default()).await?;
        let used: Vec<String> =
            containers.iter().filter_map(|row| Some(row.get("ImageID")?.as_str()?.to_owned())).collect();
        let mut gone = Vec::new();
        let mut bytes = 0_i64;
        for row in self.image_rows().await? {
            let Some(id) = row.get("Id").and_then(Value::as_str) else { continue };
            let named = !strings(row.get("RepoTags")).is_empty();
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            let spared = used.iter().any(|used| used == id) || (dangling && named);
            if spared || !narrowed.takes(labels, row.get("Created").and_then(Value::as_i64)) {
                continue;
            }
            let Ok(found) = self.find_image(id).await else { continue };
            if let Ok(said) = self.remove_tags_of(&found, id, true).await {
                if said.iter().any(|item| item.get("Deleted").is_some()) {
                    bytes += row.get("Size").and_then(Value::as_i64).unwrap_or(0);
                }
                gone.extend(said);
            }
        }
        Ok(answer::document(StatusCode::OK, &json!({ "ImagesDeleted": gone, "SpaceReclaimed": bytes })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_three_ways() {
        assert_eq!(moment("1700000000.5").ok(), Some(1_700_000_000));
        assert_eq!(duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(duration("24h"), Some(Duration::from_secs(86400)));
        assert_eq!(duration("h"), None);
        assert_eq!(duration("5"), None);
        assert!(moment("yesterday").is_err());
    }
}

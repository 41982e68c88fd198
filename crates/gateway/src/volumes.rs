//! A tenant's volumes.

use crate::answer::{self, Answer};
use crate::containers::not_understood;
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::index::volume_observed;
use crate::view;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::fmt::Write as _;
use wharf_model::{ObjectName, VolumeName};
use wharf_policy::{Facts, Owned, TenantFacts};
use wharf_wire::VolumeDetails;
use wharf_wire::ask::ListVolumes;
use wharf_wire::tenant::{ContainerFilters, Owner, TenantCall, TenantVolume, VolumeAct, VolumeWish};

impl Errand {
    /// Who an object is going to belong to.
    pub(crate) fn owner(&self, asked: String) -> Owner {
        Owner { tenant: self.tenant().clone(), user: self.desk.user.clone(), asked }
    }

    /// `POST /volumes/create`. One that is there already is answered as the engine does: with itself.
    pub(crate) async fn create_volume(&self, wish: VolumeWish) -> Result<Answer, Fault> {
        let name = match wish.name {
            Some(name) => name,
            // Not 64 digits alone, as the engine's: those are for mounts, and go with their container.
            None => random_name("v")?,
        };
        if let Ok(known) = self.find_volume(name.as_str()).await {
            return self.inspect_volume(&known, StatusCode::CREATED).await;
        }
        let volume = TenantVolume {
            name: VolumeName::of(self.tenant(), &name),
            owner: self.owner(String::new()),
            labels: wish.labels,
        };
        self.settle_disk().await?;
        let door = Door::new(self, name.as_str(), None);
        // One creation at a time for each tenant: the sum that is judged is the one that holds when it is done. A volume
        // is nobody's until the engine has said whose it is: it may be there already, and a former tenant's.
        let creating = self.desk.gateway.creating(self.tenant());
        let _one_at_a_time = creating.lock().await;
        let usage = self.desk.gateway.usage(self.tenant(), None);
        let facts = Facts { tenant: TenantFacts { usage, ..TenantFacts::default() }, ..Facts::default() };
        let owned = Owned::<VolumeName>::observed(&volume.name.to_string(), &volume.owner.labels());
        self.desk.gateway.disk.holding.forget(&volume.name.to_string());
        let (_, _, bytes) = door.ask(TenantCall::CreateVolume(volume), &facts).await?;
        let details: Option<VolumeDetails> = serde_json::from_slice(&bytes).ok();
        let made = details.as_ref().and_then(volume_observed).filter(|made| Some(made) == owned.as_ref());
        if let Some(made) = made {
            self.desk.gateway.index.learn_volume(made.clone());
            let place = details.as_ref().map(|details| details.mountpoint.as_str()).unwrap_or_default();
            if let Err(fault) = self.desk.gateway.count_volume(self.tenant(), made.id(), place).await {
                self.remove_volume(&made, VolumeAct::Remove { force: true }).await?;
                return Err(fault);
            }
        } else {
            let words = format!(
                "a volume that is not yours has the name of `{name}` on the engine; ask the administrator to remove it"
            );
            return Err(Fault::Conflict(words));
        }
        let mut details: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        view::volume(self.tenant(), &mut details);
        Ok(answer::document(StatusCode::CREATED, &details))
    }

    /// Anything about one volume.
    pub(crate) async fn volume(&self, written: &str, act: VolumeAct) -> Result<Answer, Fault> {
        let found = self.find_volume(written).await;
        if let (Err(Fault::NotFound(_)), VolumeAct::Remove { force: true }) = (&found, act) {
            return Ok(answer::empty(StatusCode::NO_CONTENT)); // as the engine does
        }
        let owned = found?;
        match act {
            VolumeAct::Inspect => self.inspect_volume(&owned, StatusCode::OK).await,
            VolumeAct::Remove { .. } => {
                self.remove_volume(&owned, act).await?;
                Ok(answer::empty(StatusCode::NO_CONTENT))
            }
        }
    }

    pub(crate) async fn remove_volume(&self, owned: &Owned<VolumeName>, act: VolumeAct) -> Result<(), Fault> {
        let call = TenantCall::Volume { volume: owned.id().clone(), act };
        Door::new(self, owned.id().shown(), None).ask(call, &volume_facts(owned)).await?;
        self.desk.gateway.index.forget_volume(owned.id());
        self.desk.gateway.disk.holding.forget(&owned.id().to_string());
        Ok(())
    }

    async fn inspect_volume(&self, owned: &Owned<VolumeName>, status: StatusCode) -> Result<Answer, Fault> {
        let call = TenantCall::Volume { volume: owned.id().clone(), act: VolumeAct::Inspect };
        let (_, _, bytes) = Door::new(self, owned.id().shown(), None).ask(call, &volume_facts(owned)).await?;
        let mut details: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        view::volume(self.tenant(), &mut details);
        Ok(answer::document(status, &details))
    }

    /// `GET /volumes`.
    pub(crate) async fn list_volumes(&self, ask: &ListVolumes) -> Result<Answer, Fault> {
        let used = if ask.dangling.is_some() { self.volumes_in_use().await? } else { Vec::new() };
        let mut own = Vec::new();
        for mut row in self.volume_rows().await? {
            if self.is_superseded_volume(&row)? {
                continue;
            }
            let engine_name = row.get("Name").and_then(Value::as_str).unwrap_or_default().to_owned();
            view::volume(self.tenant(), &mut row);
            let name = row.get("Name").and_then(Value::as_str).unwrap_or_default();
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            let fits = (ask.name.is_empty() || ask.name.iter().any(|part| name.contains(part.as_str())))
                && has_labels(labels, &ask.label)
                && (ask.driver.is_empty() || ask.driver.iter().any(|driver| driver == "local"))
                && ask.dangling.is_none_or(|dangling| dangling != used.contains(&engine_name));
            if fits {
                own.push(row);
            }
        }
        Ok(answer::document(StatusCode::OK, &json!({ "Volumes": own, "Warnings": null })))
    }

    /// The tenant's rows as the engine has them, every one looked at again.
    pub(crate) async fn volume_rows(&self) -> Result<Vec<Value>, Fault> {
        let standing = self.rights()?;
        let mut rows = Vec::new();
        for tenant in self.namesakes()? {
            let call = TenantCall::ListVolumes { tenant };
            let (_, _, bytes) = Door::new(self, "volumes", None).ask(call, &Facts::default()).await?;
            let mut listed: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
            let listed = listed.get_mut("Volumes").map(Value::take).unwrap_or_default();
            let own = |row: &Value| {
                let details: Option<VolumeDetails> = serde_json::from_value(row.clone()).ok();
                let owned = details.as_ref().and_then(volume_observed);
                owned.is_some_and(|o| o.tenant().name == self.tenant().name && standing.owns(o.tenant()))
            };
            if let Value::Array(listed) = listed {
                rows.extend(listed.into_iter().filter(own));
            }
        }
        Ok(rows)
    }

    /// Whether a former tenant left it, and its name means a later one: there would be no way to say which.
    fn is_superseded_volume(&self, row: &Value) -> Result<bool, Fault> {
        let standing = self.rights()?;
        let name = row.get("Name").and_then(Value::as_str).and_then(VolumeName::from_engine);
        let superseded = |name| self.desk.gateway.index.is_superseded_volume(self.tenant(), standing, name);
        Ok(name.as_ref().is_some_and(superseded))
    }

    /// The engine's names of volumes that the tenant's containers use.
    pub(crate) async fn volumes_in_use(&self) -> Result<Vec<String>, Fault> {
        let rows = self.container_rows(true, false, ContainerFilters::default()).await?;
        let mounts = rows.iter().filter_map(|row| row.get("Mounts")?.as_array()).flatten();
        Ok(mounts.filter_map(|mount| Some(mount.get("Name")?.as_str()?.to_owned())).collect())
    }
}

/// What is known for a call about one volume.
fn volume_facts(owned: &Owned<VolumeName>) -> Facts {
    Facts {
        tenant: TenantFacts { volumes: vec![owned.clone()], ..TenantFacts::default() },
        ..Facts::default()
    }
}

/// Whether an object's labels have all of these: `name`, or `name=value`.
pub(crate) fn has_labels(labels: &Value, wanted: &[String]) -> bool {
    wanted.iter().all(|wanted| match wanted.split_once('=') {
        Some((name, value)) => labels.get(name).and_then(Value::as_str) == Some(value),
        None => labels.get(wanted).is_some(),
    })
}

/// A name that nobody guesses, for what nobody has named.
pub(crate) fn random_name(prefix: &str) -> Result<ObjectName, Fault> {
    let mut bytes = [0_u8; 32];
    let failed = || Fault::Said(StatusCode::INTERNAL_SERVER_ERROR, "wharf: no random numbers".to_owned());
    getrandom::fill(&mut bytes).map_err(|_| failed())?;
    let name = bytes.iter().fold(prefix.to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}"); // writing to a String cannot fail
        name
    });
    name.parse().map_err(|_| failed())
}

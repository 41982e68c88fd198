//! Where the engine's file system has quotas of projects, it holds each tenant to its disk: the helper `wharf pins` has it
//! count the writable layers of the tenant's containers and its volumes as one, and limit the sum.
//!
//! Images are not in that sum, since their layers are everybody's who has them; logs have a size of their own. Both are
//! measured, as before. And so is everything where the file system cannot, or the engine does not map users: then a
//! container could take its files out of the sum.

use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::index::{Container, volume_observed};
use serde_json::Value;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use wharf_docker::EngineError;
use wharf_model::{ContainerId, TenantId, VolumeName};
use wharf_pin::{Answer, Question};
use wharf_wire::{
    ContainerById, ContainerDetails, InfoDocument, Query, TenantContainers, TenantVolumes, VolumeNamed,
};

/// How soon a helper or an engine that does not answer is asked again.
const AGAIN: Duration = Duration::from_secs(30);

/// How long the first clients wait for it.
const AT_ONCE: Duration = Duration::from_secs(10);

/// What is known of it.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    /// Whether the limits are in force: what is made from now on is counted, or not made.
    is_held: AtomicBool,
    /// Whether all that was there before is counted, too.
    is_complete: AtomicBool,
    /// Containers, by their ids, and volumes that are counted, or were there before and cannot be.
    settled: Mutex<HashSet<String>>,
    called: Notify,
}

impl Holding {
    /// Limits or things may be others than they were.
    pub(crate) fn stir(&self) {
        self.called.notify_one();
    }

    /// What has this name from now on is another.
    pub(crate) fn forget(&self, name: &str) {
        self.settled().remove(name);
    }

    /// Whether all that a tenant writes is counted while it writes.
    pub(crate) fn is_hard(&self) -> bool {
        self.is_held.load(Ordering::SeqCst) && self.is_complete.load(Ordering::SeqCst)
    }
}

impl Holding {
    fn settled(&self) -> MutexGuard<'_, HashSet<String>> {
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_settled(&self, name: &str) -> bool {
        self.settled().contains(name)
    }

    fn settle(&self, name: &str) {
        self.settled().insert(name.to_owned());
    }
}

/// Neither yes nor no.
struct Unanswered;

impl From<EngineError> for Unanswered {
    fn from(_: EngineError) -> Self {
        Self
    }
}

impl Gateway {
    /// Has tenants held to their disk before anybody is served, if that can be soon; whether it could.
    pub async fn begin_to_hold_disk(&self) -> bool {
        matches!(tokio::time::timeout(AT_ONCE, self.hold_all()).await, Ok(Ok(())))
    }

    /// Has tenants held to their disk, for ever; whether they are is known already.
    pub async fn hold_disk(self: Arc<Self>, mut begun: bool) {
        loop {
            if std::mem::take(&mut begun) || self.hold_all().await.is_ok() {
                self.disk.holding.called.notified().await;
            } else {
                let _either = tokio::time::timeout(AGAIN, self.disk.holding.called.notified()).await;
            }
        }
    }

    /// Counts a new volume as the tenant's.
    pub(crate) async fn count_volume(
        &self,
        tenant: &TenantId,
        volume: &VolumeName,
        place: &str,
    ) -> Result<(), Fault> {
        // Whoever begins to hold lists what there is only afterwards, and so finds what was made before.
        if !self.disk.holding.is_held.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.confine(tenant, vec![place.into()]).await?;
        self.disk.holding.settle(&volume.to_string());
        Ok(())
    }

    /// Counts a container as the tenant's, and those of its volumes that are not counted yet.
    pub(crate) async fn count_container(
        &self,
        tenant: &TenantId,
        details: &ContainerDetails,
    ) -> Result<(), Fault> {
        let holding = &self.disk.holding;
        if !holding.is_held.load(Ordering::SeqCst) {
            return Ok(());
        }
        let volumes: Vec<_> = details.mounts.iter().filter(|mount| mount.kind == "volume").collect();
        for mount in volumes.into_iter().filter(|mount| !holding.is_settled(&mount.name)) {
            self.confine(tenant, vec![PathBuf::from(&mount.source)]).await?;
            holding.settle(&mount.name);
        }
        if is_new(details) && !holding.is_settled(details.id.as_str()) {
            self.confine(tenant, layers_of(details)).await?;
        }
        holding.settle(details.id.as_str());
        Ok(())
    }

    /// The same, of one whose creation may have ended before that: its client went away.
    pub(crate) async fn count_before_start(&self, tenant: &TenantId, id: &ContainerId) -> Result<(), Fault> {
        let holding = &self.disk.holding;
        if !holding.is_held.load(Ordering::SeqCst) || holding.is_settled(id.as_str()) {
            return Ok(());
        }
        self.count_container(tenant, &self.engine.observe(&ContainerById(id.clone())).await?).await
    }

    async fn hold_all(&self) -> Result<(), Unanswered> {
        let holding = &self.disk.holding;
        // Once held, a helper that is away for a moment makes creations fail, and nobody free.
        let is_held = self.is_fit_for_holding().await? && self.limit_all().await?;
        holding.is_held.store(is_held, Ordering::SeqCst);
        if is_held {
            let is_complete = self.count_all().await?;
            holding.is_complete.store(is_complete, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Whether containers' root may not change what is counted as whose, and layers are directories.
    async fn is_fit_for_holding(&self) -> Result<bool, Unanswered> {
        let info = self.engine.observe(&InfoDocument).await?;
        let options = info.get("SecurityOptions").and_then(Value::as_array).into_iter().flatten();
        let is_mapped = options.filter_map(Value::as_str).any(|option| option.contains("name=userns"));
        Ok(is_mapped && info.get("Driver").and_then(Value::as_str) == Some("overlay2"))
    }

    async fn limit_all(&self) -> Result<bool, Unanswered> {
        let standing = self.standing();
        let tenants = standing.grants.tenants.iter();
        let rooms = tenants.map(|(name, of)| (name.clone(), of.generation, of.grant.limits.disk.bytes()));
        match self.pinning.ask(Question::Limit { rooms: rooms.collect() }).await {
            Ok(Answer::Limited { why_not }) => Ok(why_not.is_none()),
            _ => Err(Unanswered),
        }
    }

    /// Counts all that tenants have; whether all of it could be.
    async fn count_all(&self) -> Result<bool, Unanswered> {
        let (standing, mut is_complete) = (self.standing(), true);
        for row in self.engine.observe(&TenantContainers).await? {
            let details = match self.engine.observe(&ContainerById(row.id)).await {
                Ok(details) => details,
                Err(error) if error.status() == Some(404) => continue, // gone meanwhile
                Err(error) => return Err(error.into()),
            };
            let container = Container::observed(&details, self.index.now());
            let owner = container.and_then(|container| standing.successor_of(container.owned.tenant()));
            if let Some(owner) = owner {
                let is_counted = self.has_counted(&owner, &details).await;
                is_complete &= is_counted || self.is_gone(&ContainerById(details.id)).await;
            }
        }
        for volume in self.engine.observe(&TenantVolumes).await?.volumes {
            let Some(owned) = volume_observed(&volume) else { continue };
            if let Some(owner) = standing.successor_of(owned.tenant()) {
                let counted = self.count_volume(&owner, owned.id(), &volume.mountpoint).await;
                is_complete &= counted.is_ok() || self.is_gone(&VolumeNamed(owned.id().clone())).await;
            }
        }
        Ok(is_complete)
    }

    /// One that was never started is counted now. In another, what it has removed of its image is marked by files that
    /// keep the project that they were made in, and then could not be made again: it stays as it is.
    async fn has_counted(&self, tenant: &TenantId, details: &ContainerDetails) -> bool {
        if is_new(details) {
            return self.count_container(tenant, details).await.is_ok();
        }
        self.disk.holding.settle(details.id.as_str());
        let TenantId { name, generation } = tenant.clone();
        let question = Question::Counted { tenant: name, generation, paths: layers_of(details) };
        matches!(self.pinning.ask(question).await, Ok(Answer::Confined))
    }

    async fn confine(&self, tenant: &TenantId, paths: Vec<PathBuf>) -> Result<(), Fault> {
        let TenantId { name, generation } = tenant.clone();
        match self.pinning.ask(Question::Confine { tenant: name, generation, paths }).await {
            Ok(Answer::Confined) => Ok(()),
            _ => Err(Fault::Uncounted),
        }
    }

    async fn is_gone<Q: Query>(&self, query: &Q) -> bool {
        matches!(self.engine.observe(query).await, Err(error) if error.status() == Some(404))
    }
}

/// Where a container writes: its layer, and the place where files are copied before they are changed.
fn layers_of(details: &ContainerDetails) -> Vec<PathBuf> {
    let place = |field| Some(PathBuf::from(details.graph_driver.pointer(field)?.as_str()?));
    ["/Data/UpperDir", "/Data/WorkDir"].into_iter().filter_map(place).collect()
}

/// Whether it was never started.
fn is_new(details: &ContainerDetails) -> bool {
    details.state.started_at.is_empty() || details.state.started_at.starts_with("0001-")
}

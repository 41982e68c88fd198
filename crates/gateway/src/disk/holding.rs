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
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;
use wharf_docker::EngineError;
use wharf_model::{TenantId, VolumeName};
use wharf_pin::{Answer, Question};
use wharf_policy::Owned;
use wharf_wire::{
    ContainerById, ContainerDetails, InfoDocument, Query, TenantContainers, TenantVolumes, VolumeDetails,
    VolumeNamed,
};

/// How soon a helper or an engine that does not answer is asked again.
const AGAIN: Duration = Duration::from_secs(30);

/// What is known of it.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    /// Whether the limits are in force: what is made from now on is counted, or not made.
    is_held: AtomicBool,
    /// Whether all that was there before is counted, too.
    is_complete: AtomicBool,
    called: Notify,
}

impl Holding {
    /// Limits or things may be others than they were.
    pub(crate) fn stir(&self) {
        self.called.notify_one();
    }

    /// Whether all that a tenant writes is counted while it writes.
    pub(crate) fn is_hard(&self) -> bool {
        self.is_held.load(Ordering::SeqCst) && self.is_complete.load(Ordering::SeqCst)
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
    /// Has tenants held to their disk, for ever.
    pub async fn hold_disk(self: Arc<Self>) {
        loop {
            if self.hold_all().await.is_ok() {
                self.disk.holding.called.notified().await;
            } else {
                let _either = tokio::time::timeout(AGAIN, self.disk.holding.called.notified()).await;
            }
        }
    }

    /// Counts what was made for a tenant as the tenant's.
    pub(crate) async fn count(&self, tenant: &TenantId, paths: Vec<PathBuf>) -> Result<(), Fault> {
        // Whoever begins to hold lists what there is only afterwards, and so finds what was made before.
        if !self.disk.holding.is_held.load(Ordering::SeqCst) || paths.is_empty() {
            return Ok(());
        }
        if self.confine(tenant, paths).await { Ok(()) } else { Err(Fault::Uncounted) }
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
                let is_counted = self.confine(&owner, layers_of(&details)).await;
                is_complete &= is_counted || self.is_gone(&ContainerById(details.id)).await;
            }
        }
        for volume in self.engine.observe(&TenantVolumes).await?.volumes {
            let Some(owned) = volume_observed(&volume) else { continue };
            if let Some(owner) = standing.successor_of(owned.tenant()) {
                let is_counted = self.confine(&owner, place_of(&volume)).await;
                is_complete &= is_counted || self.is_gone(&VolumeNamed(owned.id().clone())).await;
            }
        }
        Ok(is_complete)
    }

    async fn confine(&self, tenant: &TenantId, paths: Vec<PathBuf>) -> bool {
        let TenantId { name, generation } = tenant.clone();
        let answer = self.pinning.ask(Question::Confine { tenant: name, generation, paths }).await;
        matches!(answer, Ok(Answer::Confined))
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

/// All that came into being with a container: its layers, and these volumes.
pub(crate) fn places_of(details: &ContainerDetails, volumes: &[Owned<VolumeName>]) -> Vec<PathBuf> {
    let own = |name: &str| volumes.iter().any(|volume| volume.id().to_string() == name);
    let mounts = details.mounts.iter().filter(|mount| mount.kind == "volume" && own(&mount.name));
    layers_of(details).into_iter().chain(mounts.map(|mount| PathBuf::from(&mount.source))).collect()
}

/// Where a volume lies.
pub(crate) fn place_of(volume: &VolumeDetails) -> Vec<PathBuf> {
    vec![PathBuf::from(&volume.mountpoint)]
}

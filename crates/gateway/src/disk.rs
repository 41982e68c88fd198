//! How much room each tenant's things take on the engine's disk, measured in the background.
//!
//! Measuring is slow (the engine walks directories) and late (what a container writes is seen at the next time), so a
//! tenant can overshoot between two measurements, and what runs is never stopped. What it cannot do is make, pull or load
//! more once it is known to be above its grant. One measurement at a time for all tenants, and far more time between than
//! in them.

mod holding;
mod layers;
mod measurement;

use crate::desk::Errand;
use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::reservation::with;
use holding::Holding;
use layers::Layers;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use wharf_docker::EngineError;
use wharf_model::{ContainerId, ImageId, TenantId, TenantName};
use wharf_policy::{Facts, TenantFacts, Usage};
use wharf_wire::tenant::{ContainerAct, TenantCall, VolumeAct};
use wharf_wire::{Call, ImageHistory, ImageLayers, ImageNames, TenantContainerSizes, VolumeSizes};

/// Between two measurements where nothing is known to have changed: containers write without telling.
const USUAL: Duration = Duration::from_secs(60);
/// Between two measurements at least.
const LEAST: Duration = Duration::from_millis(500);
/// As many times as long as a measurement took is waited before the next one.
const REST: u32 = 10;
/// How long somebody waits for the measurement that may let it through.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is known of everybody's room.
#[derive(Debug)]
pub(crate) struct Disk {
    used: Mutex<HashMap<TenantName, u64>>,
    /// Whether something happened since the last measurement began that frees or takes room.
    stale: AtomicBool,
    stirred: Notify,
    /// How many measurements there were.
    done: watch::Sender<u64>,
    /// An image never changes.
    layers: Mutex<HashMap<ImageId, Arc<Layers>>>,
    pub(crate) holding: Holding,
}

impl Default for Disk {
    fn default() -> Self {
        Self {
            used: Mutex::default(),
            stale: AtomicBool::new(true),
            stirred: Notify::new(),
            done: watch::Sender::new(0),
            layers: Mutex::default(),
            holding: Holding::default(),
        }
    }
}

impl Disk {
    /// Something happened that frees or takes room.
    pub(crate) fn stir(&self) {
        self.stale.store(true, Ordering::Release);
        self.stirred.notify_one();
    }

    fn of(&self, tenant: &TenantName) -> u64 {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).get(tenant).copied().unwrap_or(0)
    }
}

/// Whether a call takes or frees room.
pub(crate) fn is_moved_by(call: &Call) -> bool {
    let Call::Tenant(call) = call else { return false };
    match call {
        TenantCall::Container { act, .. } => {
            matches!(act, ContainerAct::Remove { .. } | ContainerAct::WritePath { .. })
        }
        TenantCall::Volume { act, .. } => matches!(act, VolumeAct::Remove { .. }),
        TenantCall::RemoveTag { .. }
        | TenantCall::RemoveDigest { .. }
        | TenantCall::Commit { .. }
        | TenantCall::Pull { .. }
        | TenantCall::LoadImages { .. } => true,
        _ => false,
    }
}

/// Whether an event of a tenant's is about something that takes or frees room.
pub(crate) fn may_matter(event: &Value) -> bool {
    let word = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default();
    match word("Type") {
        "container" => matches!(word("Action"), "die" | "destroy"),
        "image" | "volume" => !matches!(word("Action"), "mount" | "unmount"),
        _ => false,
    }
}

impl Gateway {
    /// Measures for ever.
    pub async fn measure_disk(self: Arc<Self>) {
        loop {
            let begun = Instant::now();
            self.disk.stale.store(false, Ordering::Release);
            match self.measured().await {
                Ok(used) => *self.disk.used.lock().unwrap_or_else(PoisonError::into_inner) = used,
                // An engine that is away, or measures for somebody else (20.10 does one at a time). What was known stays.
                Err(_) => self.disk.stale.store(true, Ordering::Release),
            }
            self.disk.done.send_modify(|count| *count = count.wrapping_add(1));
            let rest = (begun.elapsed() * REST).max(LEAST);
            tokio::time::sleep(rest).await;
            let _whichever = tokio::time::timeout(USUAL.max(rest), self.disk.stirred.notified()).await;
        }
    }

    /// What a tenant uses, with what is being made for it; its room on disk as measured last, and its logs with all that
    /// they may become.
    pub(crate) fn usage(&self, tenant: &TenantId, without: Option<&ContainerId>) -> Usage {
        // Looked up in this order: what is done meanwhile counts twice rather than not at all.
        let (places, pending) = self.reservations.of(&tenant.name);
        let usage = with(self.index.usage(tenant, without, &pending), &places);
        Usage { disk: usage.disk.saturating_add(self.disk.of(&tenant.name)), ..usage }
    }

    async fn measured(&self) -> Result<HashMap<TenantName, u64>, EngineError> {
        let (containers, volumes) = self.index.kinds();
        let mut used = HashMap::new();
        if containers {
            measurement::add_containers(&mut used, self.engine.observe(&TenantContainerSizes).await?);
        }
        if volumes {
            measurement::add_volumes(&mut used, self.engine.observe(&VolumeSizes).await?.volumes);
        }
        let names = self.engine.observe(&ImageNames).await?;
        let shared = &self.standing().grants.shared_images;
        let owners = measurement::owners(&names, shared);
        if owners.iter().any(|(_, owners)| !owners.tenants.is_empty()) {
            let mut images = Vec::with_capacity(owners.len());
            for (id, owners) in owners {
                images.extend(self.layers_of(&id).await?.map(|layers| (layers, owners)));
            }
            measurement::add_images(&mut used, &images);
        }
        let kept: std::collections::HashSet<ImageId> = names.into_iter().map(|row| row.id).collect();
        self.disk.layers.lock().unwrap_or_else(PoisonError::into_inner).retain(|id, _| kept.contains(id));
        Ok(used)
    }

    /// `None` when it is gone meanwhile.
    async fn layers_of(&self, id: &ImageId) -> Result<Option<Arc<Layers>>, EngineError> {
        let known = self.disk.layers.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let asked = async {
            let details = self.engine.observe(&ImageLayers(id.clone())).await?;
            let steps = self.engine.observe(&ImageHistory(id.clone())).await?;
            Ok(Arc::new(Layers::of(details, &steps)))
        };
        match asked.await {
            Ok(layers) => {
                let mut known = self.disk.layers.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(id.clone(), Arc::clone(&layers));
                Ok(Some(layers))
            }
            Err(error) if EngineError::status(&error) == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Errand {
    /// Waits, when the tenant is known to be above its grant but something has happened since that may have freed room,
    /// until that is known: nobody is to be refused for what is gone already.
    pub(crate) async fn settle_disk(&self) -> Result<(), Fault> {
        let allowed = self.rights()?.grant.limits.disk.bytes();
        let gateway = &self.desk.gateway;
        let is_full = || gateway.usage(self.tenant(), None).disk >= allowed;
        let mut done = gateway.disk.done.subscribe();
        let settled = async {
            // One may have begun too early; the one after it has not.
            for _ in 0..2 {
                if !is_full() || !gateway.disk.stale.load(Ordering::Acquire) {
                    return;
                }
                gateway.disk.stirred.notify_one();
                let _closed = done.changed().await;
            }
        };
        let _late = tokio::time::timeout(PATIENCE, settled).await;
        Ok(())
    }

    /// What is known for a call that takes room and names no object.
    pub(crate) async fn room(&self) -> Result<Facts, Fault> {
        self.settle_disk().await?;
        let usage = self.desk.gateway.usage(self.tenant(), None);
        Ok(Facts { tenant: TenantFacts { usage, ..TenantFacts::default() }, ..Facts::default() })
    }
}

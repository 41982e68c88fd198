//! What happens on the engine: one stream from it serves the index and every tenant.

use crate::answer::Answer;
use crate::desk::Errand;
use crate::filter::Look;
use crate::gateway::Gateway;
use crate::index::{network_observed, volume_observed};
use crate::transfer::{self, line};
use crate::view;
use bytes::Bytes;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, mpsc, watch};
use wharf_model::{ContainerId, NetworkId, TenantId, TenantName, TenantObject, VolumeName};
use wharf_wire::ask::EventsAsk;
use wharf_wire::{NetworkById, VolumeNamed};

/// Events on their way to those who watch, and the last ones of each tenant for those who ask about the past.
#[derive(Debug)]
pub(crate) struct Feed {
    /// One for each tenant: what is a noisy tenant's pushes nothing out of another's.
    tenants: Mutex<BTreeMap<TenantName, Channel>>,
    /// How many the engine has sent.
    received: AtomicU64,
    /// How many of those were published.
    published: watch::Sender<u64>,
}

/// One tenant's events.
#[derive(Debug)]
struct Channel {
    past: VecDeque<Arc<Told>>,
    sender: broadcast::Sender<Arc<Told>>,
}

/// An event in its tenant's words, written once for all that watch.
#[derive(Debug)]
struct Told {
    tenant: TenantId,
    event: Value,
    line: Bytes,
}

/// Events that a slow watcher may be behind before it loses some.
const AHEAD: usize = 1024;
/// The longest event that is told whole; see [`shortened`].
const LONGEST: usize = 16 << 10;
/// Events that are remembered for each tenant, as many as an engine remembers.
const PAST: usize = 256;
/// How long the engine's event of something may come after its answer.
const SETTLING: Duration = Duration::from_millis(200);
/// The longest that an answer about the past waits for what is on its way.
const PATIENCE: Duration = Duration::from_secs(10);

impl Default for Feed {
    fn default() -> Self {
        Self { tenants: Mutex::default(), received: AtomicU64::new(0), published: watch::Sender::new(0) }
    }
}

impl Feed {
    fn publish(&self, told: Option<Told>) {
        if let Some(told) = told.map(Arc::new) {
            // Held until it is sent: nobody finds it in the past and hears of it, too.
            let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
            let own = tenants.entry(told.tenant.name.clone()).or_default();
            own.past.push_back(Arc::clone(&told));
            if own.past.len() > PAST {
                own.past.pop_front();
            }
            let _nobody = own.sender.send(told);
        }
        self.published.send_modify(|count| *count += 1);
    }

    /// Waits until what the engine has said by now is published.
    async fn settled(&self) {
        let due = self.received.load(Ordering::Relaxed);
        let mut published = self.published.subscribe();
        let _late = tokio::time::timeout(PATIENCE, published.wait_for(|count| *count >= due)).await;
    }

    /// Forgets what was.
    pub(crate) fn forget(&self, tenant: &TenantName) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = tenants.get_mut(tenant) {
            own.past.clear();
        }
    }

    /// What was, and what is to come, without a gap.
    fn watch(&self, tenant: &TenantName) -> (Vec<Arc<Told>>, broadcast::Receiver<Arc<Told>>) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let own = tenants.entry(tenant.clone()).or_default();
        (own.past.iter().cloned().collect(), own.sender.subscribe())
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self { past: VecDeque::new(), sender: broadcast::Sender::new(AHEAD) }
    }
}

impl Gateway {
    /// Follows the engine's events for ever: learns everything anew each time that some may have been missed.
    pub async fn follow(self: Arc<Self>) {
        // Lent: both halves below have it at once.
        let gateway = &*self;
        loop {
            if let Ok(mut events) = gateway.engine.watch().await
                && gateway.learn().await.is_ok()
            {
                let _tried_again_the_next_time = self.settle_pushes().await;
                // What an engine does at its start, it may have done to the rules, too.
                let _tried_again_soon = gateway.hold_rules(Look::Closely).await;
                let (queue, mut waiting) = mpsc::channel(AHEAD);
                // Side by side, so that it is known what is still to be taken in.
                let read = async move {
                    while let Ok(Some(event)) = events.next().await {
                        gateway.feed.received.fetch_add(1, Ordering::Relaxed);
                        let _taken_in = queue.send(event).await;
                    }
                };
                let take_in = async {
                    while let Some(event) = waiting.recv().await {
                        gateway.take_in_and_tell(event).await;
                    }
                };
                tokio::join!(read, take_in);
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn take_in_and_tell(&self, event: Value) {
        self.pulled.told(&event);
        let tenant = self.take_in(&event).await;
        if tenant.is_some() && crate::disk::may_matter(&event) {
            self.disk.stir();
        }
        if changes_rules(&event) {
            self.rules.stir();
        }
        if tenant.is_some() && begins_to_run(&event) {
            // A restart that was under way may bring back what was stopped for want of an owner.
            self.departed.notify_one();
        }
        self.feed.publish(tenant.and_then(|tenant| self.told(tenant, &event)));
    }

    /// The event as its tenant is told of it.
    fn told(&self, tenant: TenantName, event: &Value) -> Option<Told> {
        let standing = self.standing();
        let rights = standing.grants.tenants.get(&tenant)?;
        let tenant = TenantId { name: tenant, generation: rights.generation };
        let event = shortened(view::event(&tenant, rights, &self.index, event)?);
        Some(Told { tenant, line: line(&event), event })
    }

    /// What an event changes in the index; gives the tenant that it is about.
    async fn take_in(&self, event: &Value) -> Option<TenantName> {
        let kind = event.get("Type")?.as_str()?;
        let action = event.get("Action")?.as_str()?;
        let id = event.pointer("/Actor/ID")?.as_str()?;
        let name = event.pointer("/Actor/Attributes/name").and_then(Value::as_str).unwrap_or(id);
        let named = TenantObject::from_engine(name).map(|object| object.tenant.name);
        match kind {
            "container" => {
                let id: ContainerId = id.parse().ok()?;
                let tenant =
                    self.index.owner_of(&id).map(|known| known.owned.tenant().name.clone()).or(named);
                self.take_in_container(&id, action, tenant.is_some()).await;
                tenant
            }
            "network" => {
                let id: NetworkId = id.parse().ok()?;
                let known = self.index.owner_of_network(&id).map(|known| known.owned.tenant().name.clone());
                match action {
                    "destroy" => self.index.forget_network(&id),
                    "create" if named.is_some() && known.is_none() => {
                        let details = self.engine.observe(&NetworkById(id)).await.ok();
                        details
                            .as_ref()
                            .and_then(network_observed)
                            .into_iter()
                            .for_each(|n| self.index.learn_network(n));
                    }
                    _ => {}
                }
                known.or(named)
            }
            "volume" => {
                let volume = VolumeName::from_engine(id)?;
                let before = self.index.owner_of_volume(&volume);
                match action {
                    "destroy" => self.index.forget_volume(&volume),
                    "create" => {
                        let details = self.engine.observe(&VolumeNamed(volume.clone())).await.ok();
                        details
                            .as_ref()
                            .and_then(volume_observed)
                            .into_iter()
                            .for_each(|v| self.index.learn_volume(v));
                    }
                    _ => {}
                }
                let known = self.index.owner_of_volume(&volume).or(before);
                // What the gateway itself removed is forgotten already.
                known
                    .map(|owned| owned.tenant().name.clone())
                    .or_else(|| Some(volume.named_after()?.name.clone()))
            }
            "image" => {
                let tag = wharf_wire::tenant::TenantTag::from_engine(name)
                    .or_else(|| wharf_wire::tenant::TenantTag::from_engine(id))?;
                Some(tag.tenant().name.clone())
            }
            _ => None,
        }
    }

    async fn take_in_container(&self, id: &ContainerId, action: &str, own: bool) {
        match action {
            "destroy" => self.container_is_gone(id),
            // Whatever may have changed its name, its state or its limits: the engine says how it is now.
            "create" | "rename" | "start" | "die" | "pause" | "unpause" | "update" if own => {
                self.look_at(id).await;
            }
            _ => {}
        }
    }
}

/// Whether networks, or ports that are published, may be others now.
fn changes_rules(event: &Value) -> bool {
    let text = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default();
    match text("Type") {
        "network" => matches!(text("Action"), "create" | "destroy"),
        "container" => matches!(text("Action"), "start" | "die" | "destroy" | "update"),
        _ => false,
    }
}

fn begins_to_run(event: &Value) -> bool {
    let text = |field: &str| event.get(field).and_then(Value::as_str).unwrap_or_default();
    text("Type") == "container" && matches!(text("Action"), "start" | "unpause")
}

impl Errand {
    /// `GET /events`.
    pub(crate) fn events(self, ask: EventsAsk) -> Answer {
        let since = ask.since.as_deref().map(nanoseconds);
        let until = ask.until.as_deref().map(nanoseconds);
        let wanted = Wanted { filters: ask.filters };
        let (past, live) = self.desk.gateway.feed.watch(&self.tenant().name);
        let (lines, told) = mpsc::channel(AHEAD / 16);
        tokio::spawn(async move { self.tell(past, live, since, until, &wanted, &lines).await });
        transfer::lines(crate::images::received(told))
    }

    async fn tell(
        &self,
        past: Vec<Arc<Told>>,
        mut live: broadcast::Receiver<Arc<Told>>,
        since: Option<i128>,
        until: Option<i128>,
        wanted: &Wanted,
        lines: &mpsc::Sender<Bytes>,
    ) {
        let fits_time = |told: &Told| {
            let time = time_of(&told.event);
            since.is_none_or(|since| time >= since) && until.is_none_or(|until| time <= until)
        };
        // Without `since` the past is not asked for.
        let past = past.into_iter().filter(|event| since.is_some() && fits_time(event));
        for event in past {
            if self.tell_one(&event, wanted, lines).await.is_err() {
                return;
            }
        }
        let left = until.map(|until| {
            let nanos = u64::try_from((until - now()).max(0)).unwrap_or(u64::MAX);
            Duration::from_nanos(nanos)
        });
        let ended = async {
            let Some(left) = left else { return std::future::pending().await };
            tokio::time::sleep(left + SETTLING).await;
            self.desk.gateway.feed.settled().await;
        };
        tokio::pin!(ended);
        loop {
            tokio::select! {
                () = &mut ended => break,
                () = self.desk.cut.cancelled() => return,
                () = lines.closed() => return,
                event = live.recv() => match event {
                    Ok(event) if fits_time(&event) => {
                        if self.tell_one(&event, wanted, lines).await.is_err() {
                            return;
                        }
                    }
                    // A watcher that was too slow has lost some, and goes on.
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
        // What came just before the end.
        loop {
            match live.try_recv() {
                Ok(event) if fits_time(&event) => {
                    if self.tell_one(&event, wanted, lines).await.is_err() {
                        return;
                    }
                }
                Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    async fn tell_one(&self, told: &Told, wanted: &Wanted, lines: &mpsc::Sender<Bytes>) -> Result<(), ()> {
        // By what is in force now, not by what was when the stream began.
        if self.desk.gateway.standing().of(self.tenant()).is_none() {
            return Err(());
        }
        if told.tenant == *self.tenant() && wanted.fits(&told.event) {
            return lines.send(told.line.clone()).await.map_err(|_| ());
        }
        Ok(())
    }
}

/// What engines say of objects themselves; all else are labels.
const OF_ENGINES: [&str; 10] = [
    "container",
    "destination",
    "driver",
    "execDuration",
    "execID",
    "exitCode",
    "image",
    "name",
    "signal",
    "type",
];

/// Events carry all labels of what they are about, and whole commands, and many are kept for those who are slow: one that
/// is very long loses its labels, and its action ends early.
fn shortened(mut event: Value) -> Value {
    if line(&event).len() <= LONGEST {
        return event;
    }
    if let Some(attributes) = event.pointer_mut("/Actor/Attributes").and_then(Value::as_object_mut) {
        attributes.retain(|name, _| OF_ENGINES.contains(&name.as_str()));
    }
    for field in ["status", "Action"] {
        if let Some(Value::String(text)) = event.get_mut(field) {
            *text = text.chars().take(1024).collect();
        }
    }
    event
}

/// The filters of `/events`, over the tenant's own words.
struct Wanted {
    filters: BTreeMap<String, Vec<String>>,
}

impl Wanted {
    fn fits(&self, event: &Value) -> bool {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let (kind, action) = (text("/Type"), text("/Action"));
        let (id, name) = (text("/Actor/ID"), text("/Actor/Attributes/name"));
        let object =
            |wanted: &str| id == wanted || name == wanted || (wanted.len() >= 4 && id.starts_with(wanted));
        self.filters.iter().all(|(filter, values)| {
            let any = |fits: &dyn Fn(&str) -> bool| values.iter().any(|value| fits(value));
            match filter.as_str() {
                "type" => any(&|wanted| wanted == kind),
                // `exec_create: sh` is an `exec_create`.
                "event" => any(&|wanted| action == wanted || action.split(':').next() == Some(wanted)),
                "container" => kind == "container" && any(&object),
                "image" => {
                    let of_image = |wanted: &str| {
                        let image = text("/Actor/Attributes/image");
                        object(wanted) || image == wanted || image.split(':').next() == Some(wanted)
                    };
                    matches!(kind, "image" | "container") && any(&of_image)
                }
                "volume" => kind == "volume" && any(&object),
                "network" => kind == "network" && any(&object),
                "label" => {
                    let labels = event.pointer("/Actor/Attributes").unwrap_or(&Value::Null);
                    values
                        .iter()
                        .all(|wanted| crate::volumes::has_labels(labels, std::slice::from_ref(wanted)))
                }
                "scope" => any(&|wanted| wanted == "local"),
                _ => false, // daemon, plugin, node, service: nothing of a tenant's
            }
        })
    }
}

fn time_of(event: &Value) -> i128 {
    event.get("timeNano").and_then(Value::as_i64).unwrap_or(0).into()
}

fn now() -> i128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i128::try_from(since.as_nanos()).unwrap_or(i128::MAX)
}

/// Seconds with a fraction, as the reader has checked them, to nanoseconds.
fn nanoseconds(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i128 = whole.parse().unwrap_or(0);
    let nanos: i128 = format!("{fraction:0<9}").get(..9).and_then(|f| f.parse().ok()).unwrap_or(0);
    whole * 1_000_000_000 + nanos
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_compared_to_the_nanosecond() {
        assert_eq!(nanoseconds("1.5"), 1_500_000_000);
        assert_eq!(nanoseconds("1700000000.000000001"), 1_700_000_000_000_000_001);
        assert_eq!(nanoseconds("0"), 0);
    }
}

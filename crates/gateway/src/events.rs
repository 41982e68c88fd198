//! What happens on the engine: one stream from it serves the index and every tenant.

use crate::answer::Answer;
use crate::desk::Errand;
use crate::fault::Fault;
use crate::filter::Look;
use crate::gateway::Gateway;
use crate::index::{Container, network_observed, volume_observed};
use crate::transfer::{self, line};
use crate::view;
use bytes::Bytes;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use wharf_model::{ContainerId, NetworkId, TenantName, TenantObject, VolumeName};
use wharf_wire::ask::EventsAsk;
use wharf_wire::{ContainerById, NetworkById, VolumeNamed};

/// Events on their way to those who watch, and the last ones of each tenant for those who ask about the past.
#[derive(Debug)]
pub(crate) struct Feed {
    sender: broadcast::Sender<Arc<Value>>,
    past: Mutex<BTreeMap<TenantName, VecDeque<Arc<Value>>>>,
}

/// Events that a slow watcher may be behind before it loses some.
const AHEAD: usize = 1024;
/// Events that are remembered for each tenant, as many as an engine remembers.
const PAST: usize = 256;

impl Default for Feed {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(AHEAD), past: Mutex::default() }
    }
}

impl Feed {
    fn publish(&self, event: Value, tenant: Option<TenantName>) {
        let event = Arc::new(event);
        if let Some(tenant) = tenant {
            let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
            let own = past.entry(tenant).or_default();
            own.push_back(Arc::clone(&event));
            if own.len() > PAST {
                own.pop_front();
            }
        }
        let _nobody = self.sender.send(event);
    }

    /// What was, and what is to come, without a gap.
    fn watch(&self, tenant: &TenantName) -> (Vec<Arc<Value>>, broadcast::Receiver<Arc<Value>>) {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let own = past.get(tenant).map(|own| own.iter().cloned().collect()).unwrap_or_default();
        (own, self.sender.subscribe())
    }
}

impl Gateway {
    /// Follows the engine's events for ever: learns everything anew each time that some may have been missed.
    pub async fn follow(self: Arc<Self>) {
        loop {
            if let Ok(mut events) = self.engine.watch().await
                && self.learn().await.is_ok()
            {
                // What an engine does at its start, it may have done to the rules, too.
                let _tried_again_soon = self.hold_rules(Look::Closely).await;
                while let Ok(Some(event)) = events.next().await {
                    let tenant = self.take_in(&event).await;
                    if tenant.is_some() && crate::disk::may_matter(&event) {
                        self.disk.stir();
                    }
                    if changes_rules(&event) {
                        self.rules.stir();
                    }
                    self.feed.publish(event, tenant);
                }
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// What an event changes in the index; gives the tenant that it is about.
    async fn take_in(&self, event: &Value) -> Option<TenantName> {
        let kind = event.get("Type")?.as_str()?;
        let action = event.get("Action")?.as_str()?;
        let id = event.pointer("/Actor/ID")?.as_str()?;
        let name = event.pointer("/Actor/Attributes/name").and_then(Value::as_str).unwrap_or(id);
        let named = TenantObject::from_engine(name).map(|object| object.tenant);
        match kind {
            "container" => {
                let id: ContainerId = id.parse().ok()?;
                let tenant = self.index.owner_of(&id).map(|known| known.owned.tenant().name.clone()).or(named);
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
                        details.as_ref().and_then(network_observed).into_iter().for_each(|n| self.index.learn_network(n));
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
                        details.as_ref().and_then(volume_observed).into_iter().for_each(|v| self.index.learn_volume(v));
                    }
                    _ => {}
                }
                let known = self.index.owner_of_volume(&volume).or(before);
                known.map(|owned| owned.tenant().name.clone())
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
                let details = self.engine.observe(&ContainerById(id.clone())).await.ok();
                details.as_ref().and_then(Container::observed).into_iter().for_each(|c| self.index.learn_container(c));
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

impl Errand {
    /// `GET /events`.
    pub(crate) fn events(self, ask: EventsAsk) -> Result<Answer, Fault> {
        let since = ask.since.as_deref().map(nanoseconds);
        let until = ask.until.as_deref().map(nanoseconds);
        let wanted = Wanted { filters: ask.filters };
        let (past, live) = self.desk.gateway.feed.watch(&self.tenant().name);
        let (lines, told) = mpsc::channel(AHEAD / 16);
        tokio::spawn(async move { self.tell(past, live, since, until, &wanted, &lines).await });
        Ok(transfer::lines(crate::images::received(told)))
    }

    async fn tell(
        &self,
        past: Vec<Arc<Value>>,
        mut live: broadcast::Receiver<Arc<Value>>,
        since: Option<i128>,
        until: Option<i128>,
        wanted: &Wanted,
        lines: &mpsc::Sender<Bytes>,
    ) {
        let fits_time = |event: &Value| {
            let time = time_of(event);
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
            match left {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(ended);
        loop {
            tokio::select! {
                () = &mut ended => return,
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
    }

    async fn tell_one(&self, event: &Value, wanted: &Wanted, lines: &mpsc::Sender<Bytes>) -> Result<(), ()> {
        // By what is in force now, not by what was when the stream began.
        let standing = self.desk.gateway.standing();
        let Some(rights) = standing.of(self.tenant()) else { return Err(()) };
        match view::event(self.tenant(), rights, &self.desk.gateway.index, event) {
            Some(told) if wanted.fits(&told) => lines.send(line(&told)).await.map_err(|_| ()),
            _ => Ok(()),
        }
    }
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
        let object = |wanted: &str| id == wanted || name == wanted || (wanted.len() >= 4 && id.starts_with(wanted));
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
                    values.iter().all(|wanted| crate::volumes::has_labels(labels, std::slice::from_ref(wanted)))
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

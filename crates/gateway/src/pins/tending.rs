//! What becomes of pins: those that no container has go, and containers whose pin came late are started.

use super::{ABSENT, Users, Work, still_granted};
use crate::gateway::Gateway;
use crate::index::Container;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use wharf_model::{ContainerId, TenantId};
use wharf_pin::{Answer, PinId, Question, Record};
use wharf_wire::tenant::ContainerAct;
use wharf_wire::{ContainerById, ContainerDetails, ContainerState, ContainerSummary, TenantContainers};

/// How soon it is tried again when the helper or the engine does not answer, or a pin is still absent.
const AGAIN: Duration = Duration::from_secs(10);
/// Of creations under way whose pins have no name yet.
const BUSY: Duration = Duration::from_millis(200);

/// What is left to do.
#[derive(Debug, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// All pins, in a while.
    Late,
}

/// Something did not answer.
struct Unanswered;

impl Gateway {
    /// Looks after pins for ever.
    pub async fn tend_pins(self: Arc<Self>) {
        let mut again = false;
        loop {
            if again {
                let _either = tokio::time::timeout(AGAIN, self.pinning.called.notified()).await;
            } else {
                self.pinning.called.notified().await;
            }
            let work = std::mem::take(&mut self.pinning.known().work);
            let all = work.all;
            let doubtful = work.doubtful.clone();
            let rest = self.tend(work).await;
            again = !matches!(rest, Ok(Rest::Nothing));
            let mut known = self.pinning.known();
            match rest {
                Ok(Rest::Nothing) => {}
                Ok(Rest::Late) => known.work.all = true,
                Err(Unanswered) => {
                    known.work.all |= all;
                    known.work.doubtful.extend(doubtful);
                }
            }
        }
    }

    async fn tend(self: &Arc<Self>, mut work: Work) -> Result<Rest, Unanswered> {
        let records = if work.all { self.remembered().await? } else { Vec::new() };
        work.doubtful.extend(records.iter().map(|(record, _)| record.id.clone()));
        {
            let known = self.pinning.known();
            work.doubtful.retain(|id| !known.under_way.contains(id));
        }
        // Asked after that: whatever was under way before then is either there, or will not be.
        let rows = self.engine.observe(&TenantContainers).await.map_err(|_| Unanswered)?;
        let users = self.users(&rows);
        for id in work.doubtful.iter().filter(|id| !users.contains_key(*id)) {
            self.pinning.ask(Question::Release { id: id.clone() }).await.map_err(|_| Unanswered)?;
        }
        if !work.all {
            return Ok(Rest::Nothing);
        }
        let records = records.into_iter().filter(|(record, _)| users.contains_key(&record.id)).collect();
        let (there, rest) = self.reopened(records).await?;
        self.start_those_that_waited(&rows, &there).await;
        Ok(rest)
    }

    /// All pins that the helper remembers, and whether each is there; when no pin is being made.
    async fn remembered(&self) -> Result<Vec<(Record, bool)>, Unanswered> {
        loop {
            let Ok(Answer::Pins { all }) = self.pinning.ask(Question::List).await else {
                return Err(Unanswered);
            };
            // One that was made a moment ago has a name that nobody has heard yet.
            if self.pinning.known().asking == 0 {
                return Ok(all);
            }
            tokio::time::sleep(BUSY).await;
        }
    }

    fn users(&self, rows: &[ContainerSummary]) -> Users {
        let mut users = Users::new();
        for row in rows {
            for id in row.mounts.iter().filter_map(|mount| self.pinning.pin_of(&mount.source)) {
                users.entry(id).or_default().insert(row.id.clone());
            }
        }
        users
    }

    /// Has those opened again that are absent and still granted; gives the owners of all that are there.
    async fn reopened(
        &self,
        records: Vec<(Record, bool)>,
    ) -> Result<(BTreeMap<PinId, Record>, Rest), Unanswered> {
        let (there, absent): (Vec<_>, Vec<_>) = records.into_iter().partition(|(_, is_there)| *is_there);
        let keyed = |(record, _): (Record, bool)| (record.id.clone(), record);
        let mut there: BTreeMap<PinId, Record> = there.into_iter().map(keyed).collect();
        let standing = self.standing();
        // Account databases may be slow, and ask the network.
        let judging = tokio::task::spawn_blocking(move || {
            let granted = |(record, _): &(Record, bool)| still_granted(&standing, record).is_ok();
            absent.into_iter().filter(granted).map(keyed).collect::<BTreeMap<_, _>>()
        });
        let mut late = judging.await.map_err(|_| Unanswered)?;
        if late.is_empty() {
            return Ok((there, Rest::Nothing));
        }
        let question = Question::Reopen { ids: late.keys().cloned().collect() };
        let Ok(Answer::Reopened { there: now, .. }) = self.pinning.ask(question).await else {
            return Err(Unanswered);
        };
        there.extend(now.into_iter().filter_map(|id| late.remove_entry(&id)));
        Ok((there, if late.is_empty() { Rest::Nothing } else { Rest::Late }))
    }

    /// Containers that failed to start for want of their pin, and that the engine would have running.
    async fn start_those_that_waited(
        self: &Arc<Self>,
        rows: &[ContainerSummary],
        there: &BTreeMap<PinId, Record>,
    ) {
        let stopped =
            |row: &&ContainerSummary| matches!(row.state, ContainerState::Exited | ContainerState::Created);
        for row in rows.iter().filter(stopped) {
            let pins: BTreeSet<PinId> =
                row.mounts.iter().filter_map(|mount| self.pinning.pin_of(&mount.source)).collect();
            let Some(record) = pins.first().and_then(|pin| there.get(pin)) else { continue };
            if !pins.iter().all(|pin| there.contains_key(pin)) {
                continue;
            }
            let now = self.index.now();
            let Ok(details) = self.engine.observe(&ContainerById(row.id.clone())).await else { continue };
            if let Some(container) = Container::observed(&details, now).filter(|_| waited(&details, &pins)) {
                // Refused or failed, it is in the audit trail, and stays as it is.
                let _started = self.start_for(&container, &record.account).await;
            }
        }
    }

    /// Starts a container as its tenant would.
    async fn start_for(self: &Arc<Self>, container: &Container, user: &str) -> Option<()> {
        let name = container.owned.tenant().name.clone();
        let standing = self.standing();
        let rights =
            standing.grants.tenants.get(&name).filter(|rights| rights.owns(container.owned.tenant()))?;
        let tenant = TenantId { name, generation: rights.generation };
        let desk = self.desk(tenant, user.to_owned());
        let id: &ContainerId = container.owned.id();
        let mut errand = desk.errand(None, None, None);
        errand.container(id.as_str(), ContainerAct::Start { detach_keys: None }).await.ok().map(drop)
    }
}

/// Whether its last start failed since one of these was absent, and its restart policy would have it running.
fn waited(details: &ContainerDetails, pins: &BTreeSet<PinId>) -> bool {
    let policy = details.host_config.pointer("/RestartPolicy/Name").and_then(serde_json::Value::as_str);
    let restarts = matches!(policy, Some("always" | "unless-stopped" | "on-failure"));
    let error = details.state.error.trim();
    restarts && (error == ABSENT || pins.iter().any(|pin| error.contains(pin.as_str())))
}

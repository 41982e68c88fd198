//! What tenants that were removed have left running: it goes on, or is stopped where the configuration says so.

use crate::fault::Fault;
use crate::gateway::Gateway;
use crate::unasked::About;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use wharf_docker::EngineError;
use wharf_model::ContainerId;
use wharf_policy::{Facts, Owned, TenantFacts};
use wharf_wire::tenant::{ContainerAct, TenantCall};
use wharf_wire::{ContainerState, ContainerSummary, TenantContainers};

/// Seconds that a container has to end by itself. Not what its owner said: that may be for ever.
const GRACE: i32 = 10;
/// How soon it is tried again when the engine does not do as it is asked.
const AGAIN: Duration = Duration::from_secs(10);

impl Gateway {
    /// Stops what is nobody's any more, for ever.
    pub async fn stop_departed(self: Arc<Self>) {
        loop {
            let all_done = self.stop_what_nobody_has().await;
            let called = self.departed.notified();
            if matches!(all_done, Ok(true)) {
                called.await;
            } else {
                let _either = tokio::time::timeout(AGAIN, called).await;
            }
        }
    }

    /// Whether nothing is left to be stopped.
    async fn stop_what_nobody_has(self: &Arc<Self>) -> Result<bool, EngineError> {
        let standing = self.standing();
        if !standing.stop_removed {
            return Ok(true);
        }
        let runs = |row: &ContainerSummary| {
            matches!(row.state, ContainerState::Running | ContainerState::Paused | ContainerState::Restarting)
        };
        let rows = self.engine.observe(&TenantContainers).await?;
        let mut stopping = JoinSet::new();
        for row in rows.into_iter().filter(runs) {
            let proved = |name: &String| Owned::<ContainerId>::observed(row.id.clone(), name, &row.labels);
            let owned = row.names.iter().find_map(proved);
            if let Some(owned) = owned.filter(|owned| standing.successor_of(owned.tenant()).is_none()) {
                let (gateway, names) = (Arc::clone(self), row.names.join(" "));
                stopping.spawn(async move { gateway.stop_for_all(owned, names).await.is_ok() });
            }
        }
        Ok(stopping.join_all().await.into_iter().all(|stopped| stopped))
    }

    async fn stop_for_all(&self, owned: Owned<ContainerId>, names: String) -> Result<(), Fault> {
        let (id, tenant) = (owned.id().clone(), owned.tenant().name.clone());
        let facts = TenantFacts { containers: vec![owned], ..TenantFacts::default() };
        let facts = Facts { tenant: facts, ..Facts::default() };
        let act = ContainerAct::Stop { signal: None, timeout: Some(GRACE) };
        let call = TenantCall::Container { container: id.clone(), act };
        let about = About {
            tenant: Some(tenant),
            object: names,
            id: Some(id.to_string()),
            why: "its tenant was removed",
        };
        self.unasked(call, &facts, about).await
    }
}

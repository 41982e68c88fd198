//! Before a sum would refuse somebody: is it as the index thinks? A container ends before its event is there, and nobody
//! is to be refused for what has ended already.

use crate::desk::Errand;
use crate::fault::Fault;
use crate::index::memory_of;
use serde_json::Value;
use std::collections::BTreeMap;
use wharf_model::ContainerId;
use wharf_wire::tenant::{ContainerFilters, Resources};

impl Errand {
    /// Asks the engine how the tenant's containers are, when what is asked would not fit beside what the index knows.
    /// What does fit costs nothing.
    pub(crate) async fn settle_sums(
        &self,
        without: Option<&ContainerId>,
        asked: &Resources,
    ) -> Result<(), Fault> {
        let (gateway, limits) = (&self.desk.gateway, &self.rights()?.grant.limits);
        let usage = gateway.usage(self.tenant(), without);
        let fits = usage.memory.saturating_add(memory_of(asked)) <= limits.memory.bytes()
            && usage.pids.saturating_add(asked.pids.unwrap_or(0).into()) <= u64::from(limits.pids)
            && (without.is_some() || usage.containers < limits.containers);
        if fits {
            return Ok(());
        }
        let known = gateway.index.containers(self.tenant(), self.rights()?);
        let rows = self.container_rows(true, false, ContainerFilters::default()).await?;
        let text =
            |row: &Value, field: &str| row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let states: BTreeMap<String, String> =
            rows.iter().map(|row| (text(row, "Id"), text(row, "State"))).collect();
        for container in known {
            let id = container.owned.id();
            let state = states.get(id.as_str()).map(String::as_str);
            let has_ended = container.alive && matches!(state, Some("exited" | "dead" | "removing"));
            if has_ended {
                gateway.look_at(id).await;
            } else if state.is_none() {
                gateway.container_is_gone(id); // an id that was there once never comes back
            }
        }
        Ok(())
    }
}

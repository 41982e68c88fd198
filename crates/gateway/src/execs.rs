//! Commands run in a tenant's containers.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::door::{Door, Passed};
use crate::fault::Fault;
use crate::{transfer, tunnel};
use hyper::StatusCode;
use serde_json::{Value, json};
use wharf_model::ExecId;
use wharf_policy::{Facts, Owned, TenantFacts};
use wharf_wire::tenant::{ExecAct, TenantCall, TenantExec};

/// Execs that are remembered for one tenant; the engine is asked about older ones.
const MOST_EXECS: usize = 4096;

impl Errand {
    /// `POST /containers/{id}/exec`.
    pub(crate) async fn create_exec(&self, written: &str, exec: TenantExec) -> Result<Answer, Fault> {
        let container = self.find_container(written).await?;
        let id = container.owned.id().clone();
        let door = Door::new(self, container.name.as_str(), Some(id.as_str())).wording(id.as_str(), written);
        let call = TenantCall::CreateExec { container: id, exec };
        let (_, _, bytes) = door.ask(call, &self.facts_of(&container)).await?;
        let made: Value = serde_json::from_slice(&bytes).map_err(crate::containers::not_understood)?;
        let exec = made.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<ExecId>().ok());
        let exec = exec.ok_or_else(tunnel::expected)?;
        let index = &self.desk.gateway.index;
        index.forget_old_execs(&self.tenant().name, MOST_EXECS);
        index.learn_exec(Owned::<ExecId>::running_in(exec.clone(), &container.owned));
        Ok(answer::document(StatusCode::CREATED, &json!({ "Id": exec })))
    }

    /// Anything about one exec.
    pub(crate) async fn exec(&mut self, exec: ExecId, act: ExecAct) -> Result<Answer, Fault> {
        let owned = self.find_exec(&exec).await?;
        let tenant = TenantFacts { execs: vec![owned], ..TenantFacts::default() };
        let facts = Facts { tenant, ..Facts::default() };
        let attached = matches!(act, ExecAct::Start { detach: false, .. });
        let call = TenantCall::Exec { exec: exec.clone(), act };
        let passed = Door::new(self, "exec", Some(exec.as_str())).send(call, &facts, None).await?;
        match passed {
            Passed::Switched(parts, engine) => Ok(tunnel::open(self, &parts, engine)),
            Passed::Answered(_) if attached => Err(tunnel::expected()),
            Passed::Answered(said) => Ok(transfer::passed(said, &self.desk.cut)),
        }
    }
}

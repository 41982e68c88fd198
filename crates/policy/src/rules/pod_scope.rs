//! pod-scope: a pod actor manages its own pod alone.

use crate::{Actor, Denial, Rule};
use wharf_model::PodName;

pub(crate) fn check(actor: &Actor, pod: &PodName) -> Result<(), Denial> {
    if actor.may_manage(pod) {
        return Ok(());
    }
    let reason = format!("pod `{pod}` is not yours to manage");
    Err(Denial::new(Rule::PodScope, reason, "the pod is the one that your sudoers line names"))
}

//! Secrets: whether they can come to containers, whether they are there, and who else reads them.

use crate::verbs::doctor::facts::SecretsFacts;
use crate::verbs::doctor::finding::Finding;

pub(super) fn delivered(facts: &SecretsFacts) -> Vec<Finding> {
    let refused = facts.refused.as_ref().map(|trouble| {
        let message = format!("secrets cannot be delivered: {}", trouble.why);
        Finding::warning("secret-place", message, "pods that use secrets do not start")
    });
    let lacking = (!facts.lacking.is_empty()).then(|| {
        let message = format!("secrets in use are not there for {}", facts.lacking.join(", "));
        let meaning = "a container that ends does not come back without them; wharf-secrets.service brings them back at boot";
        Finding::warning("secrets-missing", message, meaning).fix(["wharf secret restore"])
    });
    let shared = facts.shared.iter().map(|pod| {
        let message = format!("pod `{pod}` uses secrets, and its containers see one another's processes");
        let meaning = "root in any of them can read the secrets of all, through /proc; as the pod file says with `share_pid: true`";
        Finding::note("shared-secrets", message, meaning)
    });
    refused.into_iter().chain(lacking).chain(shared).collect()
}

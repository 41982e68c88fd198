//! What a tenant is told about itself: who it is here, what it may have, what it uses. No engine has this route.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::fault::Fault;
use hyper::StatusCode;
use serde_json::json;
use wharf_store::Moment;

/// The route, below a version or not.
pub(crate) const PATH: &str = "/wharf/whoami";

impl Errand {
    /// Where the directories of this tenant's pods are.
    pub(crate) fn mount_root(&self) -> Option<String> {
        let root = self.standing.grants.mount_root.as_ref()?;
        Some(format!("{}/{}", root.trim_end_matches('/'), self.tenant()))
    }

    /// `GET /wharf/whoami`.
    pub(crate) fn whoami(&self) -> Result<Answer, Fault> {
        let standing = self.rights()?;
        let usage = self.desk.gateway.usage(self.tenant(), None);
        let limits = &standing.grant.limits;
        let used = json!({
            "memory": usage.memory, "pids": usage.pids, "containers": usage.containers, "networks": usage.networks,
            "volumes": usage.volumes, "disk": usage.disk,
        });
        let allowed = json!({
            "cpus": limits.nano_cpus, "memory": limits.memory.bytes(), "pids": limits.pids,
            "containers": limits.containers, "networks": limits.networks, "volumes": limits.volumes,
            "disk": limits.disk.bytes(),
        });
        let mut told = json!({
            "tenant": self.tenant().name, "generation": self.tenant().generation, "user": self.desk.user,
            "grant": standing.grant, "used": used, "allowed": allowed, "mount_root": self.mount_root(),
            "disk_is_hard": self.desk.gateway.disk.holding.is_hard(), "shared_images": self.standing.grants.shared_images,
        });
        if let (Some(admitted), Some(told)) = (&self.desk.admitted, told.as_object_mut()) {
            let certificate = json!({
                "serial": admitted.serial(), "key": admitted.presented.key,
                "expires": Moment::from(admitted.until).to_string(),
            });
            told.insert("certificate".to_owned(), certificate);
        }
        Ok(answer::document(StatusCode::OK, &told))
    }
}

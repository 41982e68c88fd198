//! The host's interface of a tenant's network.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use wharf_model::{ObjectName, TenantId};

/// `wf-` and eleven digits that follow from whose network it is and what it is called: 14 bytes, where Linux has room
/// for 15. The prefix is what rules of the packet filter match.
pub fn bridge_name(tenant: &TenantId, network: &ObjectName) -> String {
    let TenantId { name, generation } = tenant;
    let digest = Sha256::digest(format!("{name}/{generation}/{network}"));
    let mut bridge = "wf-".to_owned();
    for byte in digest.iter().take(6) {
        let _ = write!(bridge, "{byte:02x}"); // writing to a `String` cannot fail
    }
    bridge.truncate(14);
    bridge
}

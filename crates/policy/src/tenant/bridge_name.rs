//! The host's interface of a tenant's network.

use sha2::{Digest as _, Sha256};
use wharf_model::{ObjectName, TenantId};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// `wharf-` and nine digits, of 36, that follow from whose network it is and what it is called: 15 bytes, all that
/// Linux has room for. The prefix is what rules of the packet filter match. Should two networks ever meet in 46 bits,
/// the engine refuses the second.
pub fn bridge_name(tenant: &TenantId, network: &ObjectName) -> String {
    let TenantId { name, generation } = tenant;
    let digest = Sha256::digest(format!("{name}/{generation}/{network}"));
    let mut number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let mut bridge = "wharf-".to_owned();
    for _ in 0..9 {
        // A remainder of 36 is always a digit's place.
        let digit = usize::try_from(number % 36).ok().and_then(|place| DIGITS.get(place));
        bridge.push(digit.map_or('0', |digit| char::from(*digit)));
        number /= 36;
    }
    bridge
}

//! Names of the bridges that tenants' networks have. Nothing but a checked name gets into a rule.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// What every tenant's bridge is called by. Traffic of a bridge with such a name and no network of a tenant's is
/// refused: a network that is not known yet, or no more, is closed.
pub const BRIDGE_PREFIX: &str = "wharf-";

/// What an interface's name may have: 15 bytes (Linux, `IFNAMSIZ` less the final zero).
const MOST: usize = 15;

/// A tenant's bridge as the kernel knows it: `wharf-` and 1 to 9 of `[a-z0-9]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BridgeName(String);

/// Why a text names no bridge of a tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a tenant's bridge is called `wharf-` and 1 to 9 lower-case letters and digits")]
pub struct BridgeNameError;

impl BridgeName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BridgeName {
    type Err = BridgeNameError;

    fn from_str(text: &str) -> Result<Self, BridgeNameError> {
        let own = text.strip_prefix(BRIDGE_PREFIX).ok_or(BridgeNameError)?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if own.is_empty() || text.len() > MOST || !own.bytes().all(fits) {
            return Err(BridgeNameError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for BridgeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridges_name_fits_the_kernel_and_ends_no_rule() {
        for good in ["wharf-a", "wharf-0", "wharf-3f9a1c2d4"] {
            assert_eq!(good.parse::<BridgeName>().map(|name| name.to_string()).as_deref(), Ok(good));
        }
        for bad in
            ["", "wharf-", "wharf-3f9a1c2d45", "br-3f9a1c2d", "wharf-a\"", "wharf-a b", "wharf-*", "wharf-A"]
        {
            assert_eq!(bad.parse::<BridgeName>(), Err(BridgeNameError), "{bad}");
        }
    }
}

//! What the engine calls a tenant's volume.

use crate::ids::check_hex;
use crate::{ObjectName, TenantId, TenantObject};
use std::fmt;

/// A volume's name on the engine. A volume has no id: within one engine its name is all there is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VolumeName {
    /// One that its tenant named.
    Named(TenantObject),
    /// One that the engine named itself, for a mount without a name: 64 digits. Only its labels say whose it is.
    Anonymous(AnonymousVolume),
}

/// 64 lower-case hexadecimal digits, as the engine names what nobody has named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnonymousVolume(String);

impl VolumeName {
    /// Takes an engine's name apart; `None` when it is neither.
    pub fn from_engine(name: &str) -> Option<Self> {
        if check_hex(name).is_ok() {
            return Some(Self::Anonymous(AnonymousVolume(name.to_owned())));
        }
        TenantObject::from_engine(name).map(Self::Named)
    }

    /// What the engine calls what `tenant` calls so.
    pub fn of(tenant: &TenantId, shown: &ObjectName) -> Self {
        match Self::from_engine(shown.as_str()) {
            Some(anonymous @ Self::Anonymous(_)) => anonymous,
            _ => Self::Named(TenantObject { tenant: tenant.clone(), name: shown.clone() }),
        }
    }

    /// What its tenant calls it.
    pub fn shown(&self) -> &str {
        match self {
            Self::Named(object) => object.name.as_str(),
            Self::Anonymous(AnonymousVolume(digits)) => digits,
        }
    }

    /// Whose it is by its name alone.
    pub fn named_after(&self) -> Option<&TenantId> {
        match self {
            Self::Named(object) => Some(&object.tenant),
            Self::Anonymous(_) => None,
        }
    }
}

impl fmt::Display for VolumeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(object) => object.fmt(f),
            Self::Anonymous(AnonymousVolume(digits)) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_calls_its_volumes_as_it_named_them_and_others_by_their_digits() {
        let alice = TenantId::from_engine("alice").unwrap();
        let digits = "0123456789abcdef".repeat(4);
        let of = |shown: &str| VolumeName::of(&alice, &shown.parse().unwrap());
        assert_eq!(of("data").to_string(), "alice--data");
        assert_eq!(of(&digits).to_string(), digits);
        for name in ["alice--data", &digits] {
            assert_eq!(VolumeName::from_engine(name).unwrap().to_string(), name);
        }
        assert_eq!(VolumeName::from_engine("data"), None);
        assert_eq!(of("data").shown(), "data");
    }
}

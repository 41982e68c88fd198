//! Names of tenants and of what they have.

use crate::text_noun;
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// A tenant's name: `[a-z][a-z0-9]*(-[a-z0-9]+)*`, at most 32 bytes.
///
/// No `--` and no `-` at the end, so that in `<tenant>--<name>` the first `--` divides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TenantName(String);

/// What a tenant calls a container, a volume or a network: the engine's grammar, `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, at most
/// 200 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ObjectName(String);

/// Which of the tenants that have borne one name: when a tenant is removed, the next of its name is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Generation(pub u32);

/// A tenant, and which of that name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId {
    /// Its name.
    pub name: TenantName,
    /// Which of that name.
    pub generation: Generation,
}

/// What the engine calls it: `<tenant>--<name>`, where the second tenant of a name and later ones are `<tenant>_<number>`.
///
/// So the things of two generations never meet. No tenant's name has a `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantObject {
    /// Whose.
    pub tenant: TenantId,
    /// What the tenant calls it.
    pub name: ObjectName,
}

/// Why a text names no tenant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TenantNameError {
    /// Not the grammar.
    #[error(
        "a tenant's name is lower-case letters and digits, beginning with a letter, with single `-` between"
    )]
    Grammar,
    /// Longer than 32 bytes.
    #[error("a tenant's name has at most 32 characters")]
    TooLong,
}

/// Why a text names no object.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ObjectNameError {
    /// Not the grammar.
    #[error("only `[a-zA-Z0-9][a-zA-Z0-9_.-]` are allowed in a name")]
    Grammar,
    /// Longer than 200 bytes.
    #[error("a name has at most 200 characters")]
    TooLong,
}

text_noun!(TenantName, TenantNameError, check_tenant);
text_noun!(ObjectName, ObjectNameError, check_object);

fn check_tenant(text: &str) -> Result<(), TenantNameError> {
    if text.len() > 32 {
        return Err(TenantNameError::TooLong);
    }
    let part_fits =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if begins && text.split('-').all(part_fits) { Ok(()) } else { Err(TenantNameError::Grammar) }
}

fn check_object(text: &str) -> Result<(), ObjectNameError> {
    if text.len() > 200 {
        return Err(ObjectNameError::TooLong);
    }
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
    if begins && fits { Ok(()) } else { Err(ObjectNameError::Grammar) }
}

impl TenantId {
    /// Which tenant is called so on the engine and on disk: `alice`, and `alice_2` for the second of the name.
    pub fn from_engine(text: &str) -> Option<Self> {
        let Some((name, number)) = text.split_once('_') else {
            return Some(Self { name: text.parse().ok()?, generation: Generation(1) });
        };
        let generation = Generation(number.parse().ok().filter(|number| *number > 1)?);
        let tenant = Self { name: name.parse().ok()?, generation };
        // One way to write each: not `alice_02`, not `alice_+2`.
        (tenant.to_string() == text).then_some(tenant)
    }
}

impl TenantObject {
    /// Takes an engine's name apart; `None` when it is nobody's.
    pub fn from_engine(name: &str) -> Option<Self> {
        let (tenant, name) = name.split_once("--")?;
        Some(Self { tenant: TenantId::from_engine(tenant)?, name: name.parse().ok()? })
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.generation {
            Generation(1) => self.name.fmt(f),
            Generation(number) => write!(f, "{}_{number}", self.name),
        }
    }
}

impl fmt::Display for TenantObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}--{}", self.tenant, self.name)
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_double_hyphen_divides_whatever_the_object_is_called() {
        let apart =
            |text: &str| TenantObject::from_engine(text).map(|o| (o.tenant.to_string(), o.name.to_string()));
        assert_eq!(apart("alice--web"), Some(("alice".into(), "web".into())));
        assert_eq!(apart("dev-team--a--b"), Some(("dev-team".into(), "a--b".into())));
        assert_eq!(apart("alice---web"), None);
        assert_eq!(apart("alice-web"), None);
        assert_eq!(apart("Alice--web"), None);
        assert_eq!(apart("--web"), None);
    }

    #[test]
    fn later_tenants_of_a_name_have_names_of_their_own() {
        let apart = |text: &str| TenantObject::from_engine(text).map(|o| (o.tenant, o.name.to_string()));
        let second = TenantId { name: "alice".parse().unwrap(), generation: Generation(2) };
        let object = TenantObject { tenant: second.clone(), name: "web".parse().unwrap() };
        assert_eq!(object.to_string(), "alice_2--web");
        assert_eq!(apart("alice_2--web"), Some((second, "web".into())));
        for bad in ["alice_1--web", "alice_0--web", "alice_02--web", "alice_+2--web", "alice_--web"] {
            assert_eq!(apart(bad), None, "{bad}");
        }
        for bad in ["alice_2_3--web", "_2--web", "alice_4294967296--web", "alice_2"] {
            assert_eq!(apart(bad), None, "{bad}");
        }
        // Another tenant, whose name ends like a number.
        assert_eq!(apart("alice-2--web").unwrap().0.name.as_str(), "alice-2");
    }

    #[test]
    fn a_tenants_name_holds_no_double_hyphen() {
        for bad in ["", "a--b", "-a", "a-", "1a", "A", "a_b", "a.b", "é"] {
            assert_eq!(bad.parse::<TenantName>(), Err(TenantNameError::Grammar), "{bad}");
        }
        assert!("dev-team-2".parse::<TenantName>().is_ok());
        assert_eq!("a".repeat(33).parse::<TenantName>(), Err(TenantNameError::TooLong));
    }
}

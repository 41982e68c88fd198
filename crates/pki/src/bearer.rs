//! Who a certificate of our own authority names.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use wharf_model::{ClientName, Generation, TenantId};

/// One user of one tenant, as a certificate names it: `wharf:tenant/<name>/<generation>/<user>`.
///
/// No `//`: where a URI has a host, RFC 5280 (4.2.1.6) wants a full domain name. The generation is part of it, so that a
/// certificate of a tenant that was removed is not the next one's of that name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bearer {
    /// Whose rights.
    pub tenant: TenantId,
    /// Who exercises them.
    pub user: ClientName,
}

/// The text names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not of the form `wharf:tenant/<name>/<generation>/<user>`")]
pub struct BearerError;

impl fmt::Display for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wharf:tenant/{}/{}/{}", self.tenant.name, self.tenant.generation.0, self.user)
    }
}

impl FromStr for Bearer {
    type Err = BearerError;

    /// There is one spelling of each.
    fn from_str(text: &str) -> Result<Self, BearerError> {
        let mut parts = text.strip_prefix("wharf:tenant/").ok_or(BearerError)?.split('/');
        let (name, generation, user) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(generation), Some(user), None) = (name, generation, user, parts.next()) else {
            return Err(BearerError);
        };
        let bearer = Self {
            tenant: TenantId {
                name: name.parse().map_err(|_| BearerError)?,
                generation: Generation(generation.parse().map_err(|_| BearerError)?),
            },
            user: user.parse().map_err(|_| BearerError)?,
        };
        if bearer.to_string() == text { Ok(bearer) } else { Err(BearerError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_spelling_of_each_bearer() {
        let text = "wharf:tenant/alice/2/laptop";
        let bearer: Bearer = text.parse().unwrap();
        assert_eq!((bearer.tenant.generation, bearer.to_string()), (Generation(2), text.to_owned()));
        for wrong in [
            "",
            "wharf:tenant/alice/2",
            "wharf:tenant/alice/2/laptop/",
            "wharf:tenant/alice/2/laptop/x",
            "wharf:tenant/alice/02/laptop",
            "wharf:tenant/alice/+2/laptop",
            "wharf:tenant/alice/-1/laptop",
            "wharf:tenant/Alice/2/laptop",
            "wharf:tenant/alice/2/",
            "wharf:tenant/alice/2/a b",
            "WHARF:tenant/alice/2/laptop",
            "wharf:tenant/alice/2/laptop?x",
            "https://tenant/alice/2/laptop",
        ] {
            assert_eq!(wrong.parse::<Bearer>(), Err(BearerError), "{wrong}");
        }
    }
}

//! Versions of the Docker Engine API.

use std::fmt;
use std::str::FromStr;

/// `major.minor`, such as 1.41.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// The oldest that wharf speaks: Docker 20.10.
    pub const OLDEST: Self = Self { major: 1, minor: 41 };
    /// The newest whose fields wharf knows: Docker 28.5.
    pub const NEWEST: Self = Self { major: 1, minor: 51 };
    /// From here on a MAC address belongs to the endpoint, not to the container.
    pub(crate) const ENDPOINT_MAC: Self = Self { major: 1, minor: 44 };
    /// From here on a prune of volumes spares those with a name unless told otherwise.
    pub const ANONYMOUS_PRUNE: Self = Self { major: 1, minor: 42 };
    /// From here on a stream of two kinds of output says so in its type.
    pub const MULTIPLEXED: Self = Self { major: 1, minor: 42 };
    /// From here on an exec may be told its terminal's first size.
    pub(crate) const CONSOLE_SIZE: Self = Self { major: 1, minor: 42 };
    /// From here on a mount may be of a part of a volume.
    pub(crate) const VOLUME_SUBPATH: Self = Self { major: 1, minor: 45 };
    /// From here on an endpoint may ask to be the default gateway.
    pub(crate) const GATEWAY_PRIORITY: Self = Self { major: 1, minor: 48 };

    /// The version to speak with an engine whose newest is `engine`; `None` when that is older than [`Self::OLDEST`].
    pub fn spoken_with(engine: Self) -> Option<Self> {
        (engine >= Self::OLDEST).then(|| engine.min(Self::NEWEST))
    }
}

impl FromStr for ApiVersion {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (major, minor) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self { major: major.parse()?, minor: minor.parse()? })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_spoken_is_the_newest_that_both_know() {
        let spoken =
            |text: &str| ApiVersion::spoken_with(text.parse().unwrap()).map(|version| version.to_string());
        assert_eq!(spoken("1.40"), None);
        assert_eq!(spoken("1.41"), Some("1.41".into()));
        assert_eq!(spoken("1.45"), Some("1.45".into()));
        assert_eq!(spoken("1.99"), Some("1.51".into()));
        assert!("1".parse::<ApiVersion>().is_err());
        assert!("1.41.0".parse::<ApiVersion>().is_err());
    }
}

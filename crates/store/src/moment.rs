//! A point in time as it is written: RFC 3339, in UTC, to the millisecond. Never asks a clock.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use thiserror::Error;

/// The last millisecond of the year 9999, the last one that RFC 3339 can write.
const LAST: u64 = 253_402_300_799_999;

/// A point in time, in milliseconds since 1970, from 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

/// Why words name no point in time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{said}` is neither a time nor a span; write `2024-05-01`, `2024-05-01T10:00:00Z` (times are in UTC) or `2h 30m`"
)]
pub struct MomentError {
    said: String,
}

impl Moment {
    /// From milliseconds since 1970; what lies beyond the year 9999 is its end.
    pub fn from_unix_millis(millis: u64) -> Self {
        Self(millis.min(LAST))
    }

    /// From what a person says: a day, a time, or a span before `now`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_words(said: &str, now: Self) -> Result<Self, MomentError> {
        if let Ok(span) = humantime::parse_duration(said) {
            let millis = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
            return Ok(Self(now.0.saturating_sub(millis)));
        }
        let at = humantime::parse_rfc3339_weak(said);
        let at = at.or_else(|_| humantime::parse_rfc3339_weak(&format!("{said}T00:00:00Z")));
        at.map(Self::from).map_err(|_| MomentError { said: said.to_owned() })
    }

    /// Milliseconds since 1970.
    pub fn unix_millis(self) -> u64 {
        self.0
    }
}

impl From<SystemTime> for Moment {
    /// Times before 1970 become 1970: a wrong clock must not stop a run.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self::from_unix_millis(u64::try_from(since.as_millis()).unwrap_or(LAST))
    }
}

impl FromStr for Moment {
    type Err = humantime::TimestampError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        humantime::parse_rfc3339(text).map(Self::from)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(self.0)).fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back_as_it_was_written() {
        let moment = Moment::from_unix_millis(1_700_000_000_123);
        assert_eq!(moment.to_string(), "2023-11-14T22:13:20.123Z");
        assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
        assert!("yesterday".parse::<Moment>().is_err());
    }

    #[test]
    fn the_ends_of_time_are_written_too() {
        assert_eq!(Moment::from_unix_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Moment::from_unix_millis(u64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Moment::from(UNIX_EPOCH - Duration::from_secs(1)).unix_millis(), 0);
    }

    #[test]
    fn people_name_a_day_a_time_or_a_span() {
        let now: Moment = "2024-05-02T12:00:00Z".parse().unwrap();
        let meant = |said| Moment::from_words(said, now).map(|moment| moment.to_string());
        for (said, moment) in [
            ("2h 30m", "2024-05-02T09:30:00.000Z"),
            ("90s", "2024-05-02T11:58:30.000Z"),
            ("1day", "2024-05-01T12:00:00.000Z"),
            ("9999years", "1970-01-01T00:00:00.000Z"),
            ("2024-05-01", "2024-05-01T00:00:00.000Z"),
            ("2024-05-01 10:00:00", "2024-05-01T10:00:00.000Z"),
            ("2024-05-01T10:00:00.5Z", "2024-05-01T10:00:00.500Z"),
        ] {
            assert_eq!(meant(said).as_deref(), Ok(moment), "{said}");
        }
        for said in ["", "yesterday", "-1h", "5", "2024-13-01", "2024-05-01T10:00:00+02:00"] {
            let error = meant(said).unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{said}` is neither")), "{error}");
        }
    }
}

//! Records of those who were turned away at the network: some of them, so that nobody fills the disk with records, or
//! the trail with so many that what matters is rotated out of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;
use wharf_policy::Rule;
use wharf_store::{AuditRecord, Moment, Outcome};

/// Records at once, when there were none for long.
const BURST: u32 = 60;
/// How long until there may be one more.
const REFILL: Duration = Duration::from_secs(60);
/// How long until there may be one more of the same address.
const APART: Duration = Duration::from_secs(60);

/// Who was recorded lately.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Records made that are not made up for by time.
    spent: u32,
    since: Option<Instant>,
    /// No more than `BURST` and what time made up for.
    addresses: HashMap<IpAddr, Instant>,
    untold: u64,
}

impl TurnedAway {
    /// Whether this one is to be recorded: how many were not since the last that was.
    pub(crate) fn is_told(&self, from: IpAddr, now: Instant) -> Option<u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut *known;
        let since = *known.since.get_or_insert(now);
        let refills = u32::try_from(now.saturating_duration_since(since).as_secs() / REFILL.as_secs());
        let refills = refills.unwrap_or(u32::MAX);
        known.spent = known.spent.saturating_sub(refills);
        known.since = Some(since + REFILL.saturating_mul(refills));
        known.addresses.retain(|_, told| now.saturating_duration_since(*told) < APART);
        if known.spent >= BURST || known.addresses.contains_key(&from) {
            known.untold += 1;
            return None;
        }
        known.spent += 1;
        known.addresses.insert(from, now);
        Some(std::mem::take(&mut known.untold))
    }
}

/// The record of a connection that is nobody's.
pub(crate) fn record(actor: String, object: &str, words: &str) -> AuditRecord {
    AuditRecord {
        time: Moment::from(SystemTime::now()),
        actor,
        tenant: None,
        user: None,
        action: "connect".to_owned(),
        object: object.to_owned(),
        id: None,
        outcome: Outcome::Denied,
        rule: Rule::Tenant.name().to_owned(),
        detail: words.to_owned(),
        micros: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn address(last: u32) -> IpAddr {
        Ipv4Addr::from(u32::from(Ipv4Addr::new(192, 0, 2, 0)) + last).into()
    }

    #[test]
    fn an_address_is_recorded_once_a_minute_and_the_next_record_says_how_many_were_not() {
        let (away, begun) = (TurnedAway::default(), Instant::now());
        assert_eq!(away.is_told(address(1), begun), Some(0));
        assert_eq!(away.is_told(address(1), begun), None);
        assert_eq!(away.is_told(address(1), begun + APART / 2), None);
        assert_eq!(away.is_told(address(2), begun + APART / 2), Some(2));
        assert_eq!(away.is_told(address(1), begun + APART), Some(0));
    }

    #[test]
    fn a_million_addresses_in_a_day_are_a_record_a_minute() {
        let (away, begun) = (TurnedAway::default(), Instant::now());
        let day = Duration::from_secs(24 * 3600);
        let at = |number: u32| begun + day * number / 1_000_000;
        let told = (0..1_000_000).filter(|number| away.is_told(address(*number), at(*number)).is_some());
        assert!((1440..=1440 + 60).contains(&told.count()));
        assert!(away.known.lock().unwrap().addresses.len() <= 60);
    }
}

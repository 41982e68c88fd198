//! Peers that have not shown who they are: how many there may be at once, for how long, and how an address is slowed
//! that keeps failing. Who is known counts in its tenant's share instead.
//!
//! Everything is bounded, and whoever takes most gives way first: a crowd from a few addresses holds up nobody else.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Peers within a handshake.
const MOST_GUESTS: usize = 64;
/// The same, of one address.
const MOST_OF_ORIGIN: usize = 8;
/// Peers that are open, with those that wait for their turn.
const MOST_OPEN: usize = 1024;
/// The same, of one address: as many as an honest program opens at once.
const MOST_OPEN_OF_ORIGIN: usize = 128;
/// Addresses of which something is remembered.
const MOST_REMEMBERED: usize = 4096;
/// For how long.
const REMEMBERED: Duration = Duration::from_secs(600);
/// How often an address may fail before it is slowed.
const FREE_FAILURES: u32 = 10;
/// How long it waits then; twice as long with every further failure.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// And no longer than this.
const LONGEST_DELAY: Duration = Duration::from_secs(60);
/// The same for an address from which good certificates come: who is there may be several behind one address.
const LONGEST_DELAY_OF_KNOWN: Duration = Duration::from_secs(1);
/// Addresses from which good certificates came, and for how long that counts.
const MOST_KNOWN: usize = 4096;
const MOST_KNOWN_OF_NETWORK: usize = 16;
const KNOWN: Duration = Duration::from_secs(24 * 60 * 60);
/// How long somebody waits for others of the same address.
const PATIENCE: Duration = Duration::from_secs(10);

/// All peers that nobody knows yet.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    origins: HashMap<Origin, Record>,
    /// When a good certificate came from an address last.
    known: HashMap<IpAddr, Instant>,
    /// In the order in which they came.
    open: BTreeMap<u64, Open>,
    next: u64,
}

/// Where somebody comes from, as far as addresses tell people apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Origin {
    /// Anywhere: of IPv6, everybody has 2⁶⁴ addresses, and so have all at one place together.
    Network(IpAddr),
    /// This very address, from which somebody has shown a good certificate lately: what others at the same place do is not
    /// held against it.
    Known(IpAddr),
}

#[derive(Debug)]
struct Record {
    places: Arc<Semaphore>,
    open: usize,
    failures: u32,
    /// When the next one may begin.
    turn: Instant,
    last: Instant,
}

#[derive(Debug)]
struct Open {
    origin: Origin,
    is_guest: bool,
    cut: CancellationToken,
}

/// A peer that may shake hands now. Dropped without more, it has failed.
#[derive(Debug)]
pub(crate) struct Guest {
    arrival: Arrival,
    has_failed: bool,
    _place: OwnedSemaphorePermit,
}

/// A peer that is open.
#[derive(Debug)]
struct Arrival {
    peers: Arc<Peers>,
    from: IpAddr,
    origin: Origin,
    number: u64,
    cut: CancellationToken,
}

impl Peers {
    /// Waits until a peer from this address may shake hands; `None` when it may not at all.
    pub(crate) async fn enter(self: &Arc<Self>, from: IpAddr) -> Option<Guest> {
        let (arrival, places, turn) = self.arrive(from.to_canonical(), Instant::now())?;
        let place = async {
            tokio::time::sleep_until(turn).await;
            tokio::time::timeout(PATIENCE, places.acquire_owned()).await.ok()?.ok()
        };
        let place = tokio::select! {
            place = place => place?,
            () = arrival.cut.cancelled() => return None,
        };
        self.table().seat(arrival.number);
        Some(Guest { arrival, has_failed: true, _place: place })
    }

    fn arrive(self: &Arc<Self>, from: IpAddr, now: Instant) -> Option<(Arrival, Arc<Semaphore>, Instant)> {
        let mut table = self.table();
        let origin = table.origin(from, now);
        let (number, cut, places, turn) = table.arrive(origin, now)?;
        drop(table);
        Some((Arrival { peers: Arc::clone(self), from, origin, number, cut }, places, turn))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guest {
    /// It has shown who it is.
    pub(crate) fn became_known(mut self) {
        self.has_failed = false;
        self.arrival.peers.table().succeed(self.arrival.origin, self.arrival.from, Instant::now());
    }

    /// When others need its place more.
    pub(crate) fn cut(&self) -> CancellationToken {
        self.arrival.cut.clone()
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        // That others took its place is not its fault.
        if self.has_failed && !self.arrival.cut.is_cancelled() {
            self.arrival.peers.table().fail(self.arrival.origin, Instant::now());
        }
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.peers.table().leave(self.number);
    }
}

impl Origin {
    fn of(address: IpAddr) -> Self {
        Self::Network(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        })
    }

    fn network(self) -> Self {
        match self {
            Self::Network(_) => self,
            Self::Known(address) => Self::of(address),
        }
    }

    fn longest_delay(self) -> Duration {
        match self {
            Self::Network(_) => LONGEST_DELAY,
            Self::Known(_) => LONGEST_DELAY_OF_KNOWN,
        }
    }
}

impl Record {
    fn new(now: Instant) -> Self {
        let places = Arc::new(Semaphore::new(MOST_OF_ORIGIN));
        Self { places, open: 0, failures: 0, turn: now, last: now }
    }

    fn is_past(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) >= REMEMBERED
    }

    fn delay(&self, longest: Duration) -> Duration {
        match self.failures.checked_sub(FREE_FAILURES) {
            None | Some(0) => Duration::ZERO,
            Some(more) => FIRST_DELAY.saturating_mul(1 << (more - 1).min(16)).min(longest),
        }
    }
}

impl Table {
    fn origin(&self, from: IpAddr, now: Instant) -> Origin {
        let is_known = |since: &Instant| now.saturating_duration_since(*since) < KNOWN;
        if self.known.get(&from).is_some_and(is_known) { Origin::Known(from) } else { Origin::of(from) }
    }

    fn arrive(
        &mut self,
        origin: Origin,
        now: Instant,
    ) -> Option<(u64, CancellationToken, Arc<Semaphore>, Instant)> {
        if self.origins.get(&origin).is_some_and(|record| record.open >= MOST_OPEN_OF_ORIGIN) {
            return None;
        }
        if self.open.len() >= MOST_OPEN {
            self.make_room(|_| true);
        }
        let record = self.record(origin, now);
        let turn = record.turn.max(now);
        if turn - now > LONGEST_DELAY {
            return None;
        }
        if let Origin::Network(_) = origin {
            // One by one. Where good certificates come from, those that fail set the pace, and not those that come.
            record.turn = turn + record.delay(origin.longest_delay());
        }
        record.open += 1;
        let places = Arc::clone(&record.places);
        let cut = CancellationToken::new();
        self.next += 1;
        self.open.insert(self.next, Open { origin, is_guest: false, cut: cut.clone() });
        Some((self.next, cut, places, turn))
    }

    /// What is remembered of an address; of others that are not here, something may be forgotten for it.
    fn record(&mut self, origin: Origin, now: Instant) -> &mut Record {
        if self.origins.len() >= MOST_REMEMBERED && !self.origins.contains_key(&origin) {
            self.origins.retain(|_, record| record.open > 0 || !record.is_past(now));
            let gone = self.origins.iter().filter(|(_, record)| record.open == 0);
            let oldest = gone.min_by_key(|(_, record)| record.last).map(|(origin, _)| *origin);
            if let Some(oldest) = oldest.filter(|_| self.origins.len() >= MOST_REMEMBERED) {
                self.origins.remove(&oldest);
            }
        }
        let record = self.origins.entry(origin).or_insert_with(|| Record::new(now));
        if record.is_past(now) {
            record.failures = 0;
        }
        record
    }

    /// Lets one shake hands; when there are too many, another goes.
    fn seat(&mut self, number: u64) {
        if self.open.values().filter(|open| open.is_guest).count() >= MOST_GUESTS {
            self.make_room(|open| open.is_guest);
        }
        if let Some(open) = self.open.get_mut(&number) {
            open.is_guest = true;
        }
    }

    /// Cuts the one that has been here longest, of the address that has most here.
    fn make_room(&mut self, counts: impl Fn(&Open) -> bool) {
        let mut of_each: HashMap<Origin, (usize, u64)> = HashMap::new();
        for (number, open) in self.open.iter().filter(|(_, open)| counts(open)) {
            of_each.entry(open.origin.network()).or_insert((0, *number)).0 += 1;
        }
        let chosen = of_each.into_values().max_by_key(|(count, oldest)| (*count, u64::MAX - oldest));
        if let Some((_, oldest)) = chosen {
            if let Some(open) = self.open.get(&oldest) {
                open.cut.cancel();
            }
            self.leave(oldest);
        }
    }

    fn leave(&mut self, number: u64) {
        let Some(open) = self.open.remove(&number) else { return };
        if let Some(record) = self.origins.get_mut(&open.origin) {
            record.open = record.open.saturating_sub(1);
            if record.open == 0 && record.failures == 0 {
                self.origins.remove(&open.origin);
            }
        }
    }

    fn fail(&mut self, origin: Origin, now: Instant) {
        let record = self.record(origin, now);
        record.failures = record.failures.saturating_add(1);
        record.last = now;
        record.turn = record.turn.max(now + record.delay(origin.longest_delay()));
    }

    fn forget_oldest(&mut self, most: usize, counts: impl Fn(&IpAddr) -> bool) {
        let counted = || self.known.iter().filter(|(known, _)| counts(known));
        if counted().count() >= most {
            let oldest = counted().min_by_key(|(_, since)| **since).map(|(known, _)| *known);
            oldest.map(|oldest| self.known.remove(&oldest));
        }
    }

    fn succeed(&mut self, origin: Origin, from: IpAddr, now: Instant) {
        if !self.known.contains_key(&from) {
            // Who has a network of addresses is to crowd out nobody with them.
            self.forget_oldest(MOST_KNOWN_OF_NETWORK, |known| Origin::of(*known) == Origin::of(from));
            self.forget_oldest(MOST_KNOWN, |_| true);
        }
        self.known.insert(from, now);
        if let Some(record) = self.origins.get_mut(&origin) {
            record.failures = 0;
            record.turn = now;
        }
    }
}

#[cfg(test)]
mod tests;

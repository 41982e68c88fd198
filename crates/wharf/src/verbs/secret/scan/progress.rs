//! How far a long look has come, for whoever sits before a terminal and waits longer than a second.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Says it on standard error, in one line that goes away.
pub(super) struct Meter {
    total: usize,
    what: &'static str,
    done: AtomicUsize,
    begun: Instant,
    /// When it was said last; `None` where nobody is to hear it.
    said: Option<Mutex<Option<Instant>>>,
}

const PATIENCE: Duration = Duration::from_secs(1);
const PACE: Duration = Duration::from_millis(200);

impl Meter {
    pub(super) fn new(total: usize, what: &'static str, is_quiet: bool) -> Self {
        let is_seen = !is_quiet && std::io::stderr().is_terminal();
        let said = is_seen.then(|| Mutex::new(None));
        Self { total, what, done: AtomicUsize::new(0), begun: Instant::now(), said }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        self.tell(done);
    }

    /// So many are done.
    pub(super) fn at(&self, done: usize) {
        self.tell(done);
    }

    fn tell(&self, done: usize) {
        let Some(said) = &self.said else { return };
        if !done.is_multiple_of(64) || self.begun.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut said) = said.try_lock() else { return };
        if said.is_some_and(|last| last.elapsed() < PACE) {
            return;
        }
        *said = Some(Instant::now());
        let of = if self.total > 0 { format!(" of {}", self.total) } else { String::new() };
        let _written = write!(std::io::stderr().lock(), "\r\u{1b}[Klooked at {done}{of} {}", self.what);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let was_said =
            self.said.as_ref().and_then(|said| said.lock().ok()).is_some_and(|said| said.is_some());
        if was_said {
            let _written = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

//! Who was last seen when, and from where. For people to look at; nothing is decided by it, so a file that is lost or
//! damaged is an empty one.

use super::file::{self, Holds};
use super::{IdentityError, IdentityStore};
use crate::Moment;
use crate::own_file::replace;
use std::collections::BTreeMap;

/// When a certificate was last shown, and from which address.
pub type Seen = (Moment, String);

const NAME: &str = "seen.json";
const MOST_BYTES: u64 = 4 << 20;
/// The most that is kept; each has some 100 bytes.
const MOST: usize = 20_000;
/// An address has at most 45 characters, and a zone or a port.
const LONGEST: usize = 80;

impl IdentityStore {
    /// What is known, by the certificate's serial number.
    pub fn seen(&self) -> BTreeMap<String, Seen> {
        let text = file::read(self.directory(), NAME, MOST_BYTES, Holds::NoKey).ok().flatten();
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    /// Adds to what is known; of too many the oldest go. For one process alone, `wharf serve`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_seen(&self, news: &BTreeMap<String, Seen>) -> Result<(), IdentityError> {
        let mut seen = self.seen();
        let cut = |from: &str| from.chars().take(LONGEST).collect::<String>();
        seen.extend(news.iter().map(|(serial, (at, from))| (serial.clone(), (*at, cut(from)))));
        if let Some(surplus) = seen.len().checked_sub(MOST) {
            let mut times: Vec<Moment> = seen.values().map(|(at, _)| *at).collect();
            times.sort_unstable();
            let oldest = times.get(surplus).copied();
            seen.retain(|_, (at, _)| oldest.is_none_or(|oldest| *at >= oldest));
        }
        let failed = |source| IdentityError::Damaged { path: self.path(NAME), source };
        let text = serde_json::to_vec(&seen).map_err(failed)?;
        Ok(replace(self.directory(), NAME, &text)?)
    }
}

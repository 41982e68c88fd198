//! Who holds a pod's lock, as a note in the lock's file. The lock is the kernel's; the note only explains it.

use crate::moment::Moment;
use std::fmt;

/// Bytes of a note that are read back.
pub(crate) const MOST_BYTES: u64 = 256;

/// The run that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: u32,
    /// What it does: `up`, `down`.
    pub verb: String,
    /// When it began.
    pub since: Moment,
}

impl Holder {
    /// One line for the lock's file.
    pub(crate) fn note(&self) -> String {
        let verb: String = self.verb.chars().filter(|c| is_plain(*c)).take(40).collect();
        format!("{} {} {verb}\n", self.pid, self.since)
    }

    /// Reads a note back; `None` when it is not one, as when the run died before it wrote it.
    pub(crate) fn from_note(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut words = text.strip_suffix('\n')?.splitn(3, ' ');
        let (pid, since, verb) = (words.next()?, words.next()?, words.next()?);
        let plain = !verb.is_empty() && verb.len() <= 40 && verb.chars().all(is_plain);
        let (pid, since) = (pid.parse().ok()?, since.parse().ok()?);
        plain.then(|| Self { pid, verb: verb.to_owned(), since })
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ')
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} (`wharf {}`, since {})", self.pid, self.verb, self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(verb: &str) -> Holder {
        Holder { pid: 4711, verb: verb.to_owned(), since: Moment::from_unix_millis(1_700_000_000_000) }
    }

    #[test]
    fn a_note_reads_back_as_it_was_written() {
        let up = holder("up");
        assert_eq!(up.note(), "4711 2023-11-14T22:13:20.000Z up\n");
        assert_eq!(Holder::from_note(up.note().as_bytes()), Some(up.clone()));
        assert_eq!(up.to_string(), "process 4711 (`wharf up`, since 2023-11-14T22:13:20.000Z)");
    }

    #[test]
    fn a_note_cannot_carry_more_than_a_verb() {
        assert_eq!(holder("up\n\u{1b}[2J").note(), "4711 2023-11-14T22:13:20.000Z up2J\n");
        assert!(u64::try_from(holder(&"x".repeat(9999)).note().len()).unwrap() <= MOST_BYTES);
    }

    #[test]
    fn what_is_no_note_is_nothing() {
        for bytes in [
            &b""[..],
            b"\n",
            b"4711",
            b"4711 2023-11-14T22:13:20Z up",
            b"x 2023-11-14T22:13:20Z up\n",
            b"-1 2023-11-14T22:13:20Z up\n",
            b"4711 yesterday up\n",
            b"4711 2023-11-14T22:13:20Z \n",
            b"4711 2023-11-14T22:13:20Z \x1b[2J\n",
            b"\xff\xff\xff",
        ] {
            assert_eq!(Holder::from_note(bytes), None, "{bytes:?}");
        }
    }
}

//! What is typed, and the key that leaves.

use std::time::{Duration, Instant};

use crate::SECOND_PRESS;
use crate::detach_key::DetachKey;

/// What typing means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// For the session.
    Bytes(Vec<u8>),
    /// The person leaves.
    Leave,
}

/// Finds the key that leaves. It is looked for in the bytes that terminals send for it in all their ways, but not in what is
/// pasted in brackets.
#[derive(Debug)]
pub(super) struct Keys {
    /// The key's byte.
    key: Option<u8>,
    /// When it was pressed once.
    since: Option<Instant>,
    /// The last bytes, for where a paste begins and ends.
    tail: Vec<u8>,
    pasting: bool,
    view: bool,
}

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

impl Keys {
    pub(super) fn new(key: DetachKey, view: bool) -> Self {
        Self { key: key.byte(), since: None, tail: Vec::new(), pasting: false, view }
    }

    /// How long a second press is still waited for.
    pub(super) fn waits(&self, now: Instant) -> Option<Duration> {
        self.since.map(|since| (since + SECOND_PRESS).saturating_duration_since(now))
    }

    /// What is meant when there was no second press in time.
    pub(super) fn late(&mut self, now: Instant) -> Vec<Pressed> {
        match self.since {
            Some(since) if now >= since + SECOND_PRESS => {
                self.since = None;
                vec![Pressed::Leave]
            }
            _ => Vec::new(),
        }
    }

    /// What bytes that were typed mean.
    pub(super) fn press(&mut self, bytes: &[u8], now: Instant) -> Vec<Pressed> {
        let mut pressed = Vec::new();
        let mut sent = Vec::new();
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            let reported = Reported::read(rest).filter(|_| !self.pasting && self.key.is_some());
            let own = self.key.filter(|_| !self.pasting);
            let length = match &reported {
                Some(reported) if own.is_some_and(|own| reported.is(own)) => {
                    if !reported.is_press {
                        // Of a key that is held or let go no more is sent than of one that is not reported so.
                        rest = rest.get(reported.length..).unwrap_or_default();
                        continue;
                    }
                    Some(reported.length)
                }
                // A key that is let go was pressed before, and one that does nothing alone is no key yet.
                Some(reported) if self.since.is_some() && reported.is_silent() => {
                    let (sequence, after) = rest.split_at(reported.length.min(rest.len()));
                    sent.extend_from_slice(sequence);
                    rest = after;
                    continue;
                }
                _ => (own == Some(*byte)).then_some(1),
            };
            let Some(length) = length else {
                if self.since.is_some() || self.view && !self.pasting && matches!(byte, b'q' | 3) {
                    // Another key behind the first press: it was meant.
                    self.since = None;
                    flush(&mut sent, &mut pressed);
                    pressed.push(Pressed::Leave);
                    return pressed;
                }
                self.remember(*byte);
                sent.push(*byte);
                rest = after;
                continue;
            };
            let (sequence, after) = rest.split_at(length);
            if self.since.take().is_some() {
                sent.extend_from_slice(sequence);
            } else {
                self.since = Some(now);
            }
            rest = after;
        }
        flush(&mut sent, &mut pressed);
        pressed
    }

    fn remember(&mut self, byte: u8) {
        if self.tail.len() == PASTE_BEGINS.len() {
            self.tail.remove(0);
        }
        self.tail.push(byte);
        if self.tail == PASTE_BEGINS {
            self.pasting = true;
        } else if self.tail == PASTE_ENDS {
            self.pasting = false;
        }
    }
}

/// A key as kitty's and xterm's keyboard protocols report it, which programs inside may turn on.
#[derive(Debug)]
struct Reported {
    code: u32,
    modifiers: u32,
    /// Neither held nor let go.
    is_press: bool,
    /// How many bytes it takes.
    length: usize,
}

/// Control; and the locks, which do not count.
const CONTROL: u32 = 4;
const LOCKS: u32 = 64 | 128;

/// Codes of keys that do nothing alone: shift, control and the like.
const SILENT: std::ops::RangeInclusive<u32> = 57_441..=57_454;

impl Reported {
    /// `CSI code:… ; modifiers:event ; … u`, or `CSI 27 ; modifiers ; code ~`; the event of other keys may stand in the same place.
    fn read(bytes: &[u8]) -> Option<Self> {
        let body = bytes.strip_prefix(b"\x1b[")?;
        let end = body.iter().take(64).position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))?;
        let (parameters, last) = (std::str::from_utf8(body.get(..end)?).ok()?, *body.get(end)?);
        let mut fields =
            parameters.split(';').map(|field| field.split(':').map(|number| number.parse::<u32>().ok()));
        let first = fields.next()?.next()?.unwrap_or(1);
        let mut second = fields.next()?;
        let modifiers = second.next()??.checked_sub(1)? & !LOCKS;
        let is_press = second.next().flatten().is_none_or(|event| event == 1);
        let third = fields.next().and_then(|mut field| field.next().flatten());
        let code = match last {
            b'u' => first,
            b'~' if first == 27 => third?,
            b'~' | b'A'..=b'Z' => 0,
            _ => return None,
        };
        Some(Self { code, modifiers, is_press, length: end + 3 })
    }

    fn is(&self, key: u8) -> bool {
        self.modifiers == CONTROL && self.code == u32::from((key | 0x40).to_ascii_lowercase())
    }

    fn is_silent(&self) -> bool {
        !self.is_press || SILENT.contains(&self.code)
    }
}

fn flush(sent: &mut Vec<u8>, pressed: &mut Vec<Pressed>) {
    if !sent.is_empty() {
        pressed.push(Pressed::Bytes(std::mem::take(sent)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Pressed};
    use crate::SECOND_PRESS;
    use crate::detach_key::DetachKey;
    use std::time::{Duration, Instant};

    fn bytes(text: &[u8]) -> Pressed {
        Pressed::Bytes(text.to_vec())
    }

    #[test]
    fn one_press_leaves_when_no_second_comes() {
        let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
        assert_eq!(keys.press(b"ab\x1c", now), [bytes(b"ab")]);
        assert_eq!(keys.late(now + Duration::from_millis(299)), []);
        assert_eq!(keys.waits(now + Duration::from_millis(100)), Some(Duration::from_millis(200)));
        assert_eq!(keys.late(now + SECOND_PRESS), [Pressed::Leave]);
        assert_eq!(keys.waits(now), None);
    }

    #[test]
    fn two_presses_send_it_once() {
        let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
        assert_eq!(keys.press(b"\x1c", now), []);
        assert_eq!(keys.press(b"\x1cx", now + Duration::from_millis(200)), [bytes(b"\x1cx")]);
        assert_eq!(keys.late(now + Duration::from_secs(5)), []);
        assert_eq!(keys.press(b"\x1c\x1c\x1c", now), [bytes(b"\x1c")]);
        assert_eq!(keys.late(now + SECOND_PRESS), [Pressed::Leave]);
    }

    #[test]
    fn another_key_behind_it_leaves_at_once_and_is_not_sent() {
        let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
        assert_eq!(keys.press(b"a\x1cb", now), [bytes(b"a"), Pressed::Leave]);
    }

    #[test]
    fn the_key_is_known_in_the_newer_keyboard_protocols() {
        for sequence in [b"\x1b[92;5u".as_slice(), b"\x1b[27;5;92~"] {
            let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
            assert_eq!(keys.press(sequence, now), []);
            assert_eq!(keys.late(now + SECOND_PRESS), [Pressed::Leave]);
        }
    }

    #[test]
    fn a_key_that_is_let_go_or_held_is_not_another_press() {
        for (press, others) in [
            (&b"\x1b[92;5u"[..], &b"\x1b[92;5:3u"[..]),
            (b"\x1b[92;5:1u", b"\x1b[92;5:2u\x1b[92;5:3u"),
            (b"\x1b[92:124;69u", b"\x1b[92;69:3u"),
            (b"\x1b[92;133u", b"\x1b[92;197:3u"),
        ] {
            let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
            assert_eq!(keys.press(press, now), [], "{press:?}");
            assert_eq!(keys.press(others, now), [], "{press:?}");
            assert_eq!(keys.press(press, now), [bytes(press)], "twice sends it");
            assert_eq!(keys.press(press, now), []);
            assert_eq!(keys.late(now + SECOND_PRESS), [Pressed::Leave]);
        }
        // Control itself, let go and pressed again.
        let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
        let control = b"\x1b[57442;1:3u\x1b[57442;5u";
        assert_eq!(keys.press(b"\x1b[92;5u", now), []);
        assert_eq!(keys.press(control, now), [bytes(control)]);
        assert_eq!(keys.press(b"\x1b[97;1u", now), [Pressed::Leave]);
    }

    #[test]
    fn what_is_pasted_never_leaves() {
        let (mut keys, now) = (Keys::new(DetachKey::default(), false), Instant::now());
        assert_eq!(keys.press(b"\x1b[200~a\x1cb", now), [bytes(b"\x1b[200~a\x1cb")]);
        assert_eq!(keys.press(b"\x1c\x1b[201~", now), [bytes(b"\x1c\x1b[201~")]);
        assert_eq!(keys.press(b"\x1cq", now), [Pressed::Leave]);
    }

    #[test]
    fn without_a_key_everything_is_sent() {
        let mut keys = Keys::new(DetachKey::NONE, false);
        assert_eq!(keys.press(b"\x1c\x1c", Instant::now()), [bytes(b"\x1c\x1c")]);
    }

    #[test]
    fn watching_ends_with_q() {
        let mut keys = Keys::new(DetachKey::NONE, true);
        assert_eq!(keys.press(b"q", Instant::now()), [Pressed::Leave]);
    }
}

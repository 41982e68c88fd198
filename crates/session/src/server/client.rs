//! One client, as the server sees it.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use super::feed::Feed;
use super::queue::Queue;
use crate::frame::{Decoder, Frame, Kind, Malformed};
use crate::heartbeat::Heartbeat;
use crate::message::{self, Ended, Refused, Size};
use crate::name::SessionName;

/// How much is read from a client in one turn.
const TURN: usize = 64 * 1024;

/// A connection.
pub(super) struct Client {
    stream: UnixStream,
    decoder: Decoder,
    pub(super) queue: Queue,
    pub(super) part: Part,
    heartbeat: Heartbeat,
    heard: Instant,
    beat: Instant,
    gone: bool,
}

/// What it is here for.
pub(super) enum Part {
    /// It has not said.
    New,
    /// A terminal of a session.
    Attached(Box<Attached>),
    /// It was answered, and goes when it has the answer.
    Leaving,
}

/// A terminal of a session.
pub(super) struct Attached {
    pub(super) session: SessionName,
    pub(super) view: bool,
    pub(super) agent: bool,
    pub(super) size: Size,
    pub(super) from: String,
    pub(super) feed: Feed,
}

impl Client {
    pub(super) fn new(stream: UnixStream, heartbeat: Heartbeat, now: Instant) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self {
            stream,
            decoder: Decoder::default(),
            queue: Queue::default(),
            part: Part::New,
            heartbeat,
            heard: now,
            beat: now + heartbeat.every,
            gone: false,
        })
    }

    pub(super) fn stream(&self) -> &UnixStream {
        &self.stream
    }

    pub(super) fn has_more(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Whether anything that it says is still of interest.
    pub(super) fn may_speak(&self) -> bool {
        !matches!(self.part, Part::Leaving)
    }

    pub(super) fn attached(&self) -> Option<&Attached> {
        match &self.part {
            Part::Attached(attached) => Some(attached),
            _ => None,
        }
    }

    pub(super) fn attached_mut(&mut self) -> Option<(&mut Attached, &mut Queue)> {
        match &mut self.part {
            Part::Attached(attached) => Some((attached, &mut self.queue)),
            _ => None,
        }
    }

    /// Reads what came, within bounds.
    pub(super) fn read(&mut self, now: Instant) -> Result<Vec<Frame>, Malformed> {
        let mut buffer = [0; 16 * 1024];
        let mut frames = Vec::new();
        let mut taken = 0;
        while taken < TURN {
            match self.stream.read(&mut buffer) {
                Ok(0) => {
                    self.gone = true;
                    break;
                }
                Ok(count) => {
                    taken += count;
                    self.heard = now;
                    self.decoder.feed(buffer.get(..count).unwrap_or_default());
                    while let Some(frame) = self.decoder.next_frame()? {
                        frames.push(frame);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => {
                    self.gone = true;
                    break;
                }
            }
        }
        Ok(frames)
    }

    /// When something is due: a sign of life, or the end of waiting for one.
    pub(super) fn due(&self) -> Instant {
        let silent = self.heard + self.heartbeat.silence;
        let next = if self.attached().is_some() { self.beat.min(silent) } else { silent };
        match self.attached().and_then(|attached| attached.feed.due()) {
            Some(due) if self.queue.is_empty() => next.min(due),
            _ => next,
        }
    }

    /// Says that the server is there; forgets who said nothing for too long, unless nobody listened.
    pub(super) fn heartbeat(&mut self, now: Instant, is_unheard: bool) {
        if is_unheard {
            self.heard = now;
        }
        if now >= self.heard + self.heartbeat.silence {
            self.gone = true;
        }
        if now >= self.beat && self.attached().is_some() {
            self.beat = now + self.heartbeat.every;
            // In a full queue another sign of life would never arrive in time, and is not needed.
            if self.queue.len() < super::queue::PIECE {
                self.queue.push(Kind::Ping, &[]);
            }
        }
    }

    /// The session has ended.
    pub(super) fn end(&mut self, status: u8) {
        self.queue.push(Kind::Ended, &message::write(&Ended { status }));
        self.part = Part::Leaving;
    }

    /// No, and why.
    pub(super) fn refuse(&mut self, reason: &str) {
        let reason = reason.chars().take(500).collect();
        self.queue.push(Kind::Refused, &message::write(&Refused { reason }));
        self.part = Part::Leaving;
    }

    /// It is done here.
    pub(super) fn leave(&mut self) {
        self.gone = true;
    }

    /// Sends what is taken at once.
    pub(super) fn flush(&mut self) {
        let flushed = self.queue.flush(&self.stream);
        let done = matches!(self.part, Part::Leaving) && self.queue.is_empty();
        if flushed.is_err() || self.queue.is_broken() || done {
            self.gone = true;
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }
}

#[cfg(test)]
mod tests {
    use super::{Attached, Client, Part};
    use crate::heartbeat::Heartbeat;
    use crate::message::Size;
    use crate::screen::Screen;
    use crate::server::feed::Feed;
    use std::os::unix::net::UnixStream;
    use std::time::{Duration, Instant};

    fn attached(now: Instant) -> (Client, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut client = Client::new(ours, Heartbeat::default(), now).unwrap();
        let size = Size::default();
        client.part = Part::Attached(Box::new(Attached {
            session: "1".parse().unwrap(),
            view: false,
            agent: false,
            size,
            from: String::new(),
            feed: Feed::fresh(&Screen::new(size, 1000)),
        }));
        (client, theirs)
    }

    #[test]
    fn a_client_is_told_that_the_server_is_there_as_often_as_is_said() {
        let (now, Heartbeat { every, .. }) = (Instant::now(), Heartbeat::default());
        let (mut client, _theirs) = attached(now);
        assert_eq!(client.due(), now + every);
        client.heartbeat(now + every / 2, false);
        assert!(!client.has_more());
        client.heartbeat(now + every, false);
        assert!(client.has_more() && !client.is_gone());
        assert_eq!(client.due(), now + 2 * every);
    }

    #[test]
    fn a_client_that_is_silent_for_too_long_is_forgotten_unless_nobody_listened() {
        let (now, Heartbeat { silence, .. }) = (Instant::now(), Heartbeat::default());
        let (mut client, theirs) = attached(now);
        client.heartbeat(now + silence, true);
        assert!(!client.is_gone());
        std::io::Write::write_all(&mut &theirs, &crate::frame::encoded(crate::frame::Kind::Ping, &[]))
            .unwrap();
        client.read(now + silence + Duration::from_secs(1)).unwrap();
        client.heartbeat(now + 2 * silence, false);
        assert!(!client.is_gone());
        client.heartbeat(now + 2 * silence + Duration::from_secs(1), false);
        assert!(client.is_gone());
    }
}

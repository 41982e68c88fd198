//! The framed stream: one thread writes it, one reads it.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Parting;
use super::agent::Agents;
use super::output::Output;
use crate::frame::{self, Frame, Kind};
use crate::message::{self, Ended, Refused, Welcome};

/// How much of what was typed may wait for the network.
const ROOM: usize = 1024 * 1024;

/// How often it is looked whether there is room again.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Both directions of the stream.
pub(super) struct Streams {
    frames: Mutex<Option<Sender<Vec<u8>>>>,
    events: Receiver<Parting>,
    written: Receiver<()>,
    pipe: Mutex<UnixStream>,
    wakeup: UnixStream,
    shared: Arc<Shared>,
}

/// What the threads and the loop both know.
pub(super) struct Shared {
    begun: Instant,
    /// Milliseconds from `begun` to when something was last heard.
    heard: AtomicU64,
    /// Whether the reader waits for the other side, and not for the terminal.
    reading: AtomicBool,
    waiting: AtomicUsize,
}

/// Where threads put frames.
#[derive(Clone)]
pub(super) struct Outbox {
    frames: Sender<Vec<u8>>,
    shared: Arc<Shared>,
}

impl Outbox {
    pub(super) fn send(&self, kind: Kind, payload: &[u8]) {
        let bytes = frame::encoded(kind, payload);
        self.shared.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        // Without a writer the loop hears so by itself.
        let _gone = self.frames.send(bytes);
    }

    /// Waits until what was sent before has gone out, or never will.
    pub(super) fn wait_for_room(&self) {
        while self.shared.waiting.load(Ordering::Relaxed) >= ROOM {
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Whether more waits than typing and the agent's answers, which both wait for room, ever make.
    pub(super) fn is_flooded(&self) -> bool {
        self.shared.waiting.load(Ordering::Relaxed) >= 2 * ROOM
    }
}

impl Streams {
    pub(super) fn start(
        from: impl Read + Send + 'static,
        to: impl Write + Send + 'static,
        output: Output,
        agent: Option<PathBuf>,
    ) -> io::Result<Self> {
        let (frames, outgoing) = channel();
        let (tell, events) = channel();
        let (tell_written, written) = channel();
        let (pipe, wake) = UnixStream::pair()?;
        pipe.set_nonblocking(true)?;
        let shared = Arc::new(Shared {
            begun: Instant::now(),
            heard: AtomicU64::new(0),
            reading: AtomicBool::new(true),
            waiting: AtomicUsize::new(0),
        });
        let teller = Teller { events: tell, wake };
        let writer = (teller.try_clone()?, Arc::clone(&shared));
        thread::Builder::new().name("to".to_owned()).spawn(move || {
            write(to, &outgoing, &writer.0, &writer.1);
            let _gone = tell_written.send(());
        })?;
        let outbox = Outbox { frames: frames.clone(), shared: Arc::clone(&shared) };
        let reader = Reader { output, agents: Agents::new(agent, outbox), shared: Arc::clone(&shared) };
        thread::Builder::new().name("from".to_owned()).spawn(move || {
            let parting = reader.read(from);
            teller.tell(parting);
        })?;
        let wakeup = pipe.try_clone()?;
        Ok(Self { frames: Mutex::new(Some(frames)), events, written, pipe: Mutex::new(pipe), wakeup, shared })
    }

    pub(super) fn send(&self, kind: Kind, payload: &[u8]) {
        let frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(frames) = frames.clone() {
            Outbox { frames, shared: Arc::clone(&self.shared) }.send(kind, payload);
        }
    }

    /// Says goodbye, and waits for a while until it is said.
    pub(super) fn goodbye(&self, most: Duration) {
        self.send(Kind::Detach, &[]);
        let end = Instant::now() + most;
        while self.shared.waiting.load(Ordering::Relaxed) > 0 && Instant::now() < end {
            if let Ok(()) | Err(RecvTimeoutError::Disconnected) =
                self.written.recv_timeout(Duration::from_millis(5))
            {
                return;
            }
        }
    }

    /// How they parted, if they have.
    pub(super) fn parting(&self) -> Option<Parting> {
        crate::polling::drain(&mut self.pipe.lock().unwrap_or_else(PoisonError::into_inner));
        self.events.try_recv().ok()
    }

    /// What to wait for.
    pub(super) fn pipe(&self) -> &UnixStream {
        &self.wakeup
    }

    pub(super) fn has_room(&self) -> bool {
        self.shared.waiting.load(Ordering::Relaxed) < ROOM
    }

    /// For how long nothing has been heard, if anybody listened.
    pub(super) fn silence(&self, now: Instant) -> Option<Duration> {
        let heard = self.shared.begun + Duration::from_millis(self.shared.heard.load(Ordering::Relaxed));
        self.shared.reading.load(Ordering::Relaxed).then(|| now.saturating_duration_since(heard))
    }
}

/// Tells the loop, and wakes it.
struct Teller {
    events: Sender<Parting>,
    wake: UnixStream,
}

impl Teller {
    fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { events: self.events.clone(), wake: self.wake.try_clone()? })
    }

    fn tell(&self, parting: Parting) {
        // A loop that has ended need not be told.
        let _ended = self.events.send(parting);
        let _ended = (&self.wake).write(&[0]);
    }
}

fn write(mut to: impl Write, outgoing: &Receiver<Vec<u8>>, teller: &Teller, shared: &Shared) {
    while let Ok(bytes) = outgoing.recv() {
        if let Err(error) = to.write_all(&bytes).and_then(|()| to.flush()) {
            teller.tell(Parting::Lost { reason: error.to_string() });
            // Nobody waits for what never goes out.
            shared.waiting.store(0, Ordering::Relaxed);
            return;
        }
        shared.waiting.fetch_sub(bytes.len(), Ordering::Relaxed);
    }
}

/// The thread that reads.
struct Reader {
    output: Output,
    agents: Agents,
    shared: Arc<Shared>,
}

impl Reader {
    fn read(mut self, from: impl Read) -> Parting {
        // Reads are few: a frame's head and payload come from what was read at once.
        let mut from = io::BufReader::with_capacity(128 * 1024, from);
        loop {
            self.shared.reading.store(true, Ordering::Relaxed);
            let frame = match frame::read(&mut from) {
                Ok(Some(frame)) => frame,
                Ok(None) => return Parting::Lost { reason: "the connection was closed".to_owned() },
                Err(error) => return Parting::Lost { reason: error.to_string() },
            };
            let heard = u64::try_from(self.shared.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.shared.heard.store(heard, Ordering::Relaxed);
            self.shared.reading.store(false, Ordering::Relaxed);
            match self.take(frame) {
                Ok(None) => {}
                Ok(Some(parting)) => return parting,
                Err(error) => return Parting::Lost { reason: error.to_string() },
            }
        }
    }

    fn take(&mut self, Frame { kind, payload }: Frame) -> io::Result<Option<Parting>> {
        match kind {
            Kind::Output => self.output.show(&payload)?,
            Kind::Ping => {}
            Kind::Welcome => {
                let _welcome: Welcome = message::read(&payload)?;
            }
            Kind::Ended => {
                let Ended { status } = message::read(&payload)?;
                return Ok(Some(Parting::Ended { status }));
            }
            Kind::Refused => {
                let Refused { reason } = message::read(&payload)?;
                // What comes from inside must not reach the terminal as more than text.
                let reason = reason.chars().filter(|char| !char.is_control()).collect();
                return Ok(Some(Parting::Refused { reason }));
            }
            Kind::AgentOpen | Kind::AgentData | Kind::AgentClose => self.agents.take(kind, &payload)?,
            _ => return Err(frame::Malformed::OutOfTurn.into()),
        }
        Ok(None)
    }
}

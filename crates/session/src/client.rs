//! The client's half: a person's terminal and a framed stream, until they part.

mod agent;
mod keys;
mod output;
mod streams;
mod terminal;
mod tracker;

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use crate::detach_key::DetachKey;
use crate::frame::{Kind, LONGEST};
use crate::heartbeat::Heartbeat;
use crate::message::{self, Attach, Hello, PROTOCOL, Request};
use crate::name::SessionName;
use keys::{Keys, Pressed};
use output::Output;
use streams::Streams;
pub use terminal::Terminal;

/// How long a goodbye may take to leave.
const GOODBYE: Duration = Duration::from_millis(500);

/// How a terminal is attached.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// To which session; it is made if it is not there.
    pub session: SessionName,
    /// To watch only: keys other than the one that leaves, `q` and ctrl-c do nothing, and those leave.
    pub view: bool,
    /// The caller's ssh-agent, if it is offered inside while attached.
    pub agent: Option<PathBuf>,
    /// The key that leaves.
    pub detach: DetachKey,
    /// `TERM`, `COLORTERM`, `LANG`, `LC_*` and `TZ` for a session that begins; others are not taken.
    pub environment: Vec<(String, String)>,
    /// A command of its own, which ends with this client, in place of a session's shell.
    pub command: Option<Vec<String>>,
    /// Which workstation this is, for the first line of a session that begins: `foo (context)`.
    pub marker: String,
}

/// How they parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parting {
    /// The person left; the session goes on.
    Detached,
    /// The session ended.
    Ended {
        /// As shells count.
        status: u8,
    },
    /// The connection ended; the session goes on, as far as anybody here knows.
    Lost {
        /// What is known about it.
        reason: String,
    },
    /// The server did not want it.
    Refused {
        /// For the person.
        reason: String,
    },
}

/// Runs a terminal on a framed stream until they part: raw mode, sizes, and the terminal's modes and primary screen as they were
/// at the end. Fails only where the terminal cannot be used.
///
/// Signals to hang up or terminate mean leaving while this runs. Threads that read `from` may outlive it by as long as `from`
/// is open.
pub fn attach(
    terminal: &Terminal,
    from: impl Read + Send + 'static,
    to: impl Write + Send + 'static,
    how: &Attachment,
) -> io::Result<Parting> {
    attach_with(terminal, from, to, how, Heartbeat::default())
}

/// [`attach`] with signs of life as often as is said.
pub fn attach_with(
    terminal: &Terminal,
    from: impl Read + Send + 'static,
    to: impl Write + Send + 'static,
    how: &Attachment,
    heartbeat: Heartbeat,
) -> io::Result<Parting> {
    let hello = message::write(&hello(terminal, how));
    if hello.len() > LONGEST {
        let reason = "the command is too long to be run in a terminal: put it into a script".to_owned();
        return Ok(Parting::Refused { reason });
    }
    let signals = terminal::Signals::register()?;
    let raw = terminal.raw()?;
    let output = Output::new(terminal)?;
    let streams = Streams::start(from, to, output.clone(), how.agent.clone())?;
    streams.send(Kind::Hello, &hello);
    let keys = Keys::new(how.detach, how.view);
    let parting = Loop { terminal, signals, streams: &streams, keys, view: how.view, heartbeat }.run();
    if parting.as_ref().is_ok_and(|parting| *parting == Parting::Detached) {
        streams.goodbye(GOODBYE);
    }
    output.close();
    drop(raw);
    parting
}

fn hello(terminal: &Terminal, how: &Attachment) -> Hello {
    let attach = Attach {
        session: how.session.clone(),
        view: how.view,
        agent: how.agent.is_some(),
        size: terminal.size(),
        environment: how.environment.clone(),
        command: how.command.clone(),
        from: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        hint: hint(how),
    };
    Hello { protocol: PROTOCOL, request: Request::Attach(Box::new(attach)) }
}

fn hint(how: &Attachment) -> String {
    if how.detach == DetachKey::NONE {
        return format!("{}, session {}", how.marker, how.session);
    }
    format!(
        "{}, session {}: {} leaves it running; pressed twice it is sent",
        how.marker, how.session, how.detach
    )
}

/// What waits for keys, signals and the other side.
struct Loop<'a> {
    terminal: &'a Terminal,
    signals: terminal::Signals,
    streams: &'a Streams,
    keys: Keys,
    view: bool,
    heartbeat: Heartbeat,
}

impl Loop<'_> {
    fn run(&mut self) -> io::Result<Parting> {
        let Heartbeat { every, silence: most } = self.heartbeat;
        let mut beat = Instant::now() + every;
        loop {
            let now = Instant::now();
            if now >= beat {
                self.streams.send(Kind::Ping, &[]);
                beat = now + every;
            }
            if let Some(silence) = self.streams.silence(now).filter(|silence| *silence > most) {
                return Ok(Parting::Lost {
                    reason: format!("nothing was heard for {} seconds", silence.as_secs()),
                });
            }
            let ready = self.wait(beat.saturating_duration_since(now))?;
            if let Some(parting) = self.streams.parting() {
                return Ok(parting);
            }
            if self.take_signals() || self.take_keys(ready)? {
                return Ok(Parting::Detached);
            }
        }
    }

    /// Waits until something happens; says whether keys may be read.
    fn wait(&self, most: Duration) -> io::Result<bool> {
        let most =
            self.keys.waits(Instant::now()).map_or(most, |waits| waits.min(most)).min(Duration::from_secs(1));
        let input = self.terminal.input();
        let [resized, leave] = self.signals.pipes();
        // While nothing of what was typed goes out, nothing more is read; a terminal that is closed is noticed.
        let typed = if self.streams.has_room() { PollFlags::IN } else { PollFlags::empty() };
        let mut fds = [
            PollFd::new(resized, PollFlags::IN),
            PollFd::new(leave, PollFlags::IN),
            PollFd::new(self.streams.pipe(), PollFlags::IN),
            PollFd::from_borrowed_fd(input.as_fd(), typed),
        ];
        crate::polling::wait(&mut fds, Some(most))?;
        Ok(fds.get(3).is_some_and(|fd| !fd.revents().is_empty()))
    }

    /// Whether a signal says that it is time to leave.
    fn take_signals(&mut self) -> bool {
        let got = self.signals.take();
        if got.resized {
            self.streams.send(Kind::Resize, &message::write(&self.terminal.size()));
        }
        got.leave
    }

    /// Whether the person left.
    fn take_keys(&mut self, ready: bool) -> io::Result<bool> {
        let mut buffer = [0; 16 * 1024];
        let mut pressed = self.keys.late(Instant::now());
        if ready {
            match rustix::io::read(self.terminal.input(), &mut buffer) {
                // The terminal was closed.
                Ok(0) | Err(rustix::io::Errno::IO) => return Ok(true),
                Ok(count) => {
                    pressed.extend(self.keys.press(buffer.get(..count).unwrap_or_default(), Instant::now()));
                }
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for key in pressed {
            match key {
                Pressed::Leave => return Ok(true),
                Pressed::Bytes(bytes) if !self.view => self.streams.send(Kind::Input, &bytes),
                Pressed::Bytes(_) => {}
            }
        }
        Ok(false)
    }
}

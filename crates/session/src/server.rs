//! The server: one thread that waits for clients, terminals and signals, and is nobody's hostage.
//!
//! What it does for one of them in one turn is bounded, and nothing that it does waits. It may be a container's first process:
//! then whatever is left behind inside is its child, and it is what is asked to stop.

mod agent;
mod client;
mod clients;
mod environment;
mod feed;
mod periodic;
mod pty;
mod queue;
mod requests;
mod saved;
mod session;
mod sessions;
mod shell;
mod signals;
mod watch;

use std::collections::BTreeMap;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use agent::Relay;
use client::Client;
use periodic::Periodic;
use saved::Saver;
use session::Session;
pub use shell::Account;
use signals::Signals;
use watch::{Ready, Token};

use crate::heartbeat::Heartbeat;
use crate::name::SessionName;
use crate::status::Status;

/// How long sessions have to end when the server is asked to stop.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// How often directories are looked at, so that they are known after a restart.
const SAVE_EVERY: Duration = Duration::from_secs(15);

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Serving {
    /// Where its sockets are.
    pub directory: PathBuf,
    /// Where it keeps what must outlive it: names and directories of sessions.
    pub state: PathBuf,
    /// How many bytes of lines each session keeps.
    pub scrollback: usize,
    /// Whose sessions these are, and the shell.
    pub account: Account,
    /// The workstation's name.
    pub workstation: String,
    /// This program, which sessions begin with.
    pub program: PathBuf,
    /// Its version.
    pub version: String,
    /// A command that is run every so often.
    pub every: Option<(Duration, Vec<String>)>,
    /// When it is, in seconds since 1970; for showing only.
    pub started: u64,
    /// How clients and the server know of each other.
    pub heartbeat: Heartbeat,
}

/// A running server.
pub struct Server {
    how: Serving,
    listener: UnixListener,
    signals: Signals,
    sessions: BTreeMap<SessionName, Session>,
    clients: BTreeMap<u64, Client>,
    relay: Relay,
    periodic: Option<Periodic>,
    next_client: u64,
    next_save: Instant,
    saver: Saver,
    /// When what is left is killed, once it was asked to stop.
    stopping: Option<Instant>,
    /// Sessions that ended and wait for their last output, or were told to end.
    told: Vec<String>,
}

impl Server {
    /// Listens, takes signals, and knows the sessions that were there before.
    pub fn start(how: Serving) -> io::Result<Self> {
        // Whoever loses its parent inside is ours, also where this is not the first process.
        let _old_kernel = rustix::process::set_child_subreaper(rustix::process::getpid().into());
        let listener = watch::listen(&how.directory.join("socket"))?;
        let relay = Relay::listen(&how.directory.join("agent"))?;
        let signals = Signals::register()?;
        let periodic = how.every.clone().map(|(every, command)| Periodic::new(every, command));
        let saved = saved::read(&how.state);
        let sessions =
            saved.into_iter().map(|saved| (saved.name.clone(), Session::gone(saved, how.scrollback)));
        Ok(Self {
            sessions: sessions.collect(),
            listener,
            signals,
            clients: BTreeMap::new(),
            relay,
            periodic,
            next_client: 0,
            next_save: Instant::now() + SAVE_EVERY,
            saver: Saver::start(how.state.clone())?,
            stopping: None,
            told: Vec::new(),
            how,
        })
    }

    /// One turn: waits until something happens, and does it. `false` when all is over. `told` gets what is worth a line.
    pub fn turn(&mut self, tell: &mut dyn FnMut(&str)) -> io::Result<bool> {
        let ready = self.wait()?;
        for Ready { token, readable, writable, closed } in ready {
            match token {
                Token::Signals => self.take_signals(),
                Token::Listener => self.accept(),
                Token::Agent => self.accept_agent(),
                Token::Client(id) => self.serve_client(id, readable || closed),
                Token::Session(name) => self.serve_session(&name, readable || closed, writable),
                Token::Channel(channel) => self.serve_channel(channel, readable || closed),
            }
        }
        let now = Instant::now();
        self.heartbeats(now);
        self.end_sessions(now);
        self.flush();
        if let Some(periodic) = &mut self.periodic {
            periodic.run(now, &mut self.told);
        }
        if now >= self.next_save {
            self.save();
            self.next_save = now + SAVE_EVERY;
        }
        while let Some(error) = self.saver.error() {
            self.told.push(format!("sessions' names could not be kept: {error}"));
        }
        self.told.drain(..).for_each(|line| tell(&line));
        Ok(!self.is_over(now))
    }

    /// What the sessions are at.
    pub fn status(&self) -> Status {
        let sessions = self.sessions.iter();
        let sessions = sessions.map(|(name, session)| session.status(name, self.clients_of(name))).collect();
        Status { sessions, started: self.how.started, version: self.how.version.clone() }
    }

    fn take_signals(&mut self) {
        let got = self.signals.take();
        if got.child {
            self.reap();
        }
        if got.stop && self.stopping.is_none() {
            self.told.push("stopping".to_owned());
            self.save();
            self.stopping = Some(Instant::now() + LAST_WORDS);
            self.sessions.values_mut().for_each(Session::hang_up);
            let gone = "the workstation was stopped; the session is there again, empty, when it starts";
            self.clients.values_mut().for_each(|client| client.refuse(gone));
        }
    }

    /// Takes the statuses of all that ended.
    fn reap(&mut self) {
        while let Ok(Some((pid, status))) = rustix::process::wait(rustix::process::WaitOptions::NOHANG) {
            let ended = self.sessions.values_mut().find(|session| session.is_run_by(pid));
            match ended {
                Some(session) => session.ended(shell::exit_status(status), Instant::now()),
                None => {
                    if let Some(periodic) = &mut self.periodic {
                        periodic.ended(pid, status, &mut self.told);
                    }
                }
            }
        }
    }

    /// Keeps names and directories.
    fn save(&mut self) {
        // While stopping, what ran is on its way out and its directories with it.
        if self.stopping.is_some() {
            return;
        }
        self.sessions.values_mut().for_each(Session::look);
        let kept: Vec<saved::Saved> =
            self.sessions.iter().filter_map(|(name, session)| session.saved(name)).collect();
        self.saver.save(kept);
    }

    /// Whether it was asked to stop and everything has; or time is up, and what is left is killed.
    fn is_over(&mut self, now: Instant) -> bool {
        let Some(until) = self.stopping else { return false };
        let running = self.sessions.values().any(Session::is_running);
        let talking = self.clients.values().any(Client::has_more);
        if now >= until {
            self.sessions.values_mut().for_each(Session::kill);
            return true;
        }
        !running && !talking && !self.saver.is_busy()
    }
}

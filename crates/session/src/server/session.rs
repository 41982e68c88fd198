//! One session: what runs, and the screen that it writes to.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::saved::Saved;
use super::shell::Start;
use super::{Serving, pty, shell};
use crate::message::Size;
use crate::name::SessionName;
use crate::screen::Screen;
use crate::status::{ClientStatus, SessionStatus};

/// How much may wait to be read by a program that does not read what is typed.
const MOST_INPUT: usize = 1024 * 1024;

/// With how much of it no more is read from clients: their end of the connection keeps it.
const ENOUGH_INPUT: usize = MOST_INPUT / 4;

/// How much output is taken in one turn, so that other sessions get theirs.
const TURN: usize = 64 * 1024;

/// How long the last output may take to arrive when the process has ended but somebody still holds the terminal.
const LAST_OUTPUT: Duration = Duration::from_millis(100);

/// How long a process that was told to end has.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often a terminal that nobody holds is looked at; it may be opened again.
const NOBODY: Duration = Duration::from_millis(100);

/// What becomes of a session whose process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is forgotten: it ended by itself, or was killed.
    Forget,
    /// It keeps its name and directory.
    Keep,
    /// It begins again.
    Restart,
}

/// A session.
pub(super) struct Session {
    pub(super) screen: Screen,
    run: Option<Run>,
    directory: PathBuf,
    /// A command of one client, which ends with it.
    pub(super) of_client: bool,
    active: Instant,
    /// Something ran here before the server was started.
    gone: bool,
}

/// What runs.
struct Run {
    pty: OwnedFd,
    pid: Pid,
    input: Vec<u8>,
    fate: Fate,
    /// When it is killed, having been told to end.
    kill: Option<Instant>,
    /// Its status, and until when output is awaited.
    ended: Option<End>,
    /// Nobody holds the terminal until then.
    nobody: Option<Instant>,
    /// It was told to end.
    told: bool,
}

/// How a process ended, and until when its output is awaited: for as long as more comes, but no longer than `latest`.
#[derive(Debug, Clone, Copy)]
struct End {
    status: u8,
    until: Instant,
    latest: Option<Instant>,
}

impl Session {
    /// A session that is about to begin.
    pub(super) fn new(size: Size, scrollback: usize, directory: PathBuf) -> Self {
        Self {
            screen: Screen::new(size, scrollback),
            run: None,
            directory,
            of_client: false,
            active: Instant::now(),
            gone: false,
        }
    }

    /// A session of a former server.
    pub(super) fn gone(saved: Saved, scrollback: usize) -> Self {
        let mut session = Self::new(Size::default(), scrollback, saved.directory);
        session.gone = saved.running;
        session
    }

    /// Starts a shell or a command in it. `first` is its first line.
    pub(super) fn start(
        &mut self,
        how: &Serving,
        name: &SessionName,
        environment: &[(String, String)],
        command: Option<&[String]>,
        first: &str,
    ) -> io::Result<()> {
        let (ours, theirs) = pty::open(self.screen.size())?;
        let start = Start { name, directory: &self.directory, environment, command };
        let pid = shell::start(how, &start, &theirs)?;
        if std::mem::take(&mut self.gone) {
            self.say("this workstation was started again: what ran in this session is gone");
        }
        if !first.is_empty() {
            self.say(first);
        }
        self.run = Some(Run {
            pty: ours,
            pid,
            input: Vec::new(),
            fate: Fate::Forget,
            kill: None,
            ended: None,
            nobody: None,
            told: false,
        });
        self.active = Instant::now();
        Ok(())
    }

    /// Writes a line of ours onto the screen, where a line begins.
    fn say(&mut self, line: &str) {
        let line: String = line.chars().filter(|char| !char.is_control()).take(500).collect();
        // A program that has ended may have left anything behind.
        let fresh = self.screen.text().iter().all(String::is_empty);
        let before = if fresh { "" } else { "\x18\x1b[?1049l\x1b[!p\x1b[m\r\n" };
        self.screen.write(format!("{before}\x1b[2m[{line}]\x1b[m\r\n").as_bytes());
    }

    pub(super) fn is_running(&self) -> bool {
        self.run.is_some()
    }

    pub(super) fn is_run_by(&self, pid: Pid) -> bool {
        self.run.as_ref().is_some_and(|run| run.pid == pid)
    }

    /// The terminal, if there is something to wait for.
    pub(super) fn pty(&self) -> Option<&OwnedFd> {
        self.run.as_ref().filter(|run| run.nobody.is_none()).map(|run| &run.pty)
    }

    /// Whether so much waits for a program that does not read that no more is taken for it.
    pub(super) fn is_full(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.input.len() >= ENOUGH_INPUT)
    }

    pub(super) fn has_input(&self) -> bool {
        self.run.as_ref().is_some_and(|run| !run.input.is_empty())
    }

    /// Whether output waits until its client has taken what there was: nobody else will ever see it, and all of it is wanted,
    /// unless it is to end.
    pub(super) fn waits_for_client(&self) -> bool {
        self.of_client && self.run.as_ref().is_some_and(|run| !run.told)
    }

    /// When something is due.
    pub(super) fn due(&self) -> Option<Instant> {
        let run = self.run.as_ref()?;
        [run.kill, run.ended.map(|end| end.until), run.nobody].into_iter().flatten().min()
    }

    /// Takes what is typed. What a program never reads is not kept without end.
    pub(super) fn type_in(&mut self, bytes: &[u8]) {
        self.active = Instant::now();
        let Some(run) = &mut self.run else { return };
        let room = MOST_INPUT.saturating_sub(run.input.len());
        run.input.extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        self.flush();
    }

    /// Gives the program what it takes at once.
    pub(super) fn flush(&mut self) {
        let Some(run) = &mut self.run else { return };
        while !run.input.is_empty() {
            match rustix::io::write(&run.pty, &run.input) {
                Ok(count) => drop(run.input.drain(..count)),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return,
                Err(_) => run.input.clear(),
            }
        }
    }

    /// Reads what there is, within bounds, and hands it on.
    pub(super) fn read(&mut self, now: Instant, mut take: impl FnMut(&mut Screen, &[u8])) {
        let Some(run) = &mut self.run else { return };
        let mut buffer = [0; 16 * 1024];
        let mut taken = 0;
        while taken < TURN {
            match rustix::io::read(&run.pty, &mut buffer) {
                Ok(count @ 1..) => {
                    taken += count;
                    self.active = now;
                    if let Some(end) = &mut run.ended {
                        end.until =
                            end.latest.map_or(now + LAST_OUTPUT, |latest| latest.min(now + LAST_OUTPUT));
                    }
                    take(&mut self.screen, buffer.get(..count).unwrap_or_default());
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => return,
                Ok(_) | Err(_) => {
                    run.nobody = Some(now + NOBODY);
                    return;
                }
            }
        }
    }

    /// The process has ended.
    pub(super) fn ended(&mut self, status: u8, now: Instant) {
        if let Some(run) = &mut self.run {
            // A command's output is wanted to its end, whoever writes it, while somebody wants it.
            let latest = (!self.of_client || run.told).then(|| now + PATIENCE);
            run.ended = Some(End { status, until: now + LAST_OUTPUT, latest });
            // Read at once, whatever was found before.
            run.nobody = None;
        }
    }

    /// Whether its end is complete: the status, and what becomes of it.
    pub(super) fn finished(&mut self, now: Instant) -> Option<(u8, Fate)> {
        let run = self.run.as_mut()?;
        if run.kill.is_some_and(|kill| now >= kill) {
            run.kill = None;
            self.kill();
        }
        let run = self.run.as_mut()?;
        let Some(End { status, until, .. }) = run.ended else {
            run.nobody = run.nobody.filter(|until| now < *until);
            return None;
        };
        if run.nobody.is_none() && now < until {
            return None;
        }
        let fate = run.fate;
        self.run = None;
        Some((status, fate))
    }

    /// Tells what runs to end, and kills it if it does not.
    pub(super) fn end(&mut self, fate: Fate, now: Instant) {
        self.look();
        if let Some(run) = &mut self.run {
            run.fate = fate;
            run.told = true;
            if let Some(end) = &mut run.ended {
                end.latest.get_or_insert(now + PATIENCE);
            }
            run.kill.get_or_insert(now + PATIENCE);
        }
        self.hang_up();
    }

    /// As a terminal that is closed.
    pub(super) fn hang_up(&mut self) {
        self.signal(&[Signal::HUP, Signal::TERM, Signal::CONT]);
    }

    pub(super) fn kill(&mut self) {
        self.signal(&[Signal::KILL]);
    }

    fn signal(&self, signals: &[Signal]) {
        let Some(run) = &self.run else { return };
        let front = rustix::termios::tcgetpgrp(&run.pty).ok().filter(|front| *front != run.pid);
        for group in front.into_iter().chain([run.pid]) {
            for signal in signals {
                // Who is gone needs no signal.
                let _gone = kill_process_group(group, *signal);
            }
        }
    }

    /// Looks where the process in front is.
    pub(super) fn look(&mut self) {
        let found = self.front().and_then(|front| std::fs::read_link(format!("/proc/{front}/cwd")).ok());
        let found = found.or_else(|| {
            let pid = self.run.as_ref()?.pid.as_raw_nonzero();
            std::fs::read_link(format!("/proc/{pid}/cwd")).ok()
        });
        // Not looked at, since a file system may never answer: a directory that is gone has a mark, and is not gone to later.
        if let Some(found) = found.filter(|found| !found.as_os_str().as_bytes().ends_with(b" (deleted)")) {
            self.directory = found;
        }
    }

    /// The process in front.
    fn front(&self) -> Option<i32> {
        let run = self.run.as_ref()?;
        rustix::termios::tcgetpgrp(&run.pty).ok().map(|pid| pid.as_raw_nonzero().get())
    }

    /// What outlives the server.
    pub(super) fn saved(&self, name: &SessionName) -> Option<Saved> {
        let directory = self.directory.clone();
        let running = self.run.is_some() || self.gone;
        (!self.of_client).then(|| Saved { name: name.clone(), directory, running })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// What it is at.
    pub(super) fn status(&self, name: &SessionName, clients: Vec<ClientStatus>) -> SessionStatus {
        let front = self.front();
        let directory = front.and_then(|front| std::fs::read_link(format!("/proc/{front}/cwd")).ok());
        let size = self.screen.size();
        SessionStatus {
            name: name.clone(),
            running: self.run.is_some(),
            command: front.map(command_line).unwrap_or_default(),
            directory: directory.unwrap_or_else(|| self.directory.clone()).to_string_lossy().into_owned(),
            columns: size.columns,
            rows: size.rows,
            idle_seconds: self.active.elapsed().as_secs(),
            clients,
            scrollback_lines: self.screen.scrollback().len(),
            title: self.screen.title().to_owned(),
        }
    }

    /// Another size, for the program too.
    pub(super) fn resize(&mut self, size: Size) {
        self.screen.resize(size);
        if let Some(run) = &self.run {
            // A terminal whose program is gone needs no size.
            let _gone = pty::resize(&run.pty, self.screen.size());
        }
    }
}

/// A process's words, as a person reads them.
fn command_line(pid: i32) -> String {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = String::from_utf8_lossy(words.strip_suffix(&[0]).unwrap_or(&words)).replace('\0', " ");
    words.chars().filter(|char| !char.is_control()).take(256).collect()
}

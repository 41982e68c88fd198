//! A command that is run every so often while the workstation runs.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitStatus};

use super::shell::exit_status;

/// The command. It is not run again before it has ended; standard output and error are the server's own.
pub(super) struct Periodic {
    every: Duration,
    command: Vec<String>,
    next: Instant,
    running: Option<Pid>,
}

impl Periodic {
    pub(super) fn new(every: Duration, command: Vec<String>) -> Self {
        let every = every.max(Duration::from_secs(1));
        Self { every, command, next: Instant::now(), running: None }
    }

    pub(super) fn due(&self) -> Instant {
        self.next
    }

    pub(super) fn run(&mut self, now: Instant, told: &mut Vec<String>) {
        if now < self.next {
            return;
        }
        self.next = now + self.every;
        let Some((program, words)) = self.command.split_first().filter(|_| self.running.is_none()) else {
            return;
        };
        match Command::new(program).args(words).stdin(Stdio::null()).spawn() {
            Ok(child) => self.running = i32::try_from(child.id()).ok().and_then(Pid::from_raw),
            Err(error) => told.push(format!("`{program}` could not be run: {error}")),
        }
    }

    pub(super) fn ended(&mut self, pid: Pid, status: WaitStatus, told: &mut Vec<String>) {
        if self.running != Some(pid) {
            return;
        }
        self.running = None;
        let code = exit_status(status);
        if let Some(program) = self.command.first().filter(|_| code != 0) {
            told.push(format!(
                "`{program}` ended with {code}; it is run again in {} seconds",
                self.every.as_secs()
            ));
        }
    }
}

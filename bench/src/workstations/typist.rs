//! Somebody before a pseudo-terminal, who knows when what was shown.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use wharf_testkit::{Error, Result, Terminal};

/// How long anything awaited may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Somebody before a pseudo-terminal.
pub(super) struct Typist {
    terminal: std::fs::File,
    child: Child,
    shown: Receiver<Vec<u8>>,
    /// What was shown and not yet looked through: as much as what is awaited may begin in.
    tail: Vec<u8>,
    begun: Instant,
}

impl Typist {
    /// Starts a command on a terminal of its own.
    pub(super) fn start(command: &Command) -> Result<Self> {
        let terminal = Terminal::open(30, 100)?;
        let mut on_terminal = terminal.command()?;
        on_terminal.arg(command.get_program()).args(command.get_args()).env_clear();
        on_terminal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let begun = Instant::now();
        let child = on_terminal.spawn().map_err(Error::io("cannot start a contestant"))?;
        drop(on_terminal);
        let mut file = terminal.file()?;
        let (sender, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 64 << 10];
            // It ends with an error when the program's side is closed.
            while let Ok(count @ 1..) = file.read(&mut bytes) {
                if sender.send(bytes.get(..count).unwrap_or_default().to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self { terminal: terminal.file()?, child, shown, tail: Vec::new(), begun })
    }

    pub(super) fn types(&mut self, bytes: &[u8]) -> Result<()> {
        self.terminal.write_all(bytes).map_err(Error::io("cannot type"))
    }

    /// Waits until this is shown; gives the time since the start.
    pub(super) fn until(&mut self, awaited: &[u8]) -> Result<Duration> {
        loop {
            if let Some(at) = self.tail.windows(awaited.len()).position(|window| window == awaited) {
                self.tail.drain(..at + awaited.len());
                return Ok(self.begun.elapsed());
            }
            let keep = awaited.len().saturating_sub(1).min(self.tail.len());
            self.tail.drain(..self.tail.len() - keep);
            match self.shown.recv_timeout(PATIENCE) {
                Ok(bytes) => self.tail.extend_from_slice(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    let awaited = String::from_utf8_lossy(awaited).into_owned();
                    return Err(Error::Missing(format!("a contestant never showed `{awaited}`")));
                }
            }
        }
    }

    /// Overlooks what was shown so far.
    pub(super) fn forgets(&mut self) {
        while self.shown.try_recv().is_ok() {}
        self.tail.clear();
    }

    /// Types this and waits for the end.
    pub(super) fn leaves(mut self, how: &[u8]) -> Result<()> {
        for key in how {
            // As a person would: tmux takes keys that come at once for pasted text, and its prefix for a letter.
            std::thread::sleep(Duration::from_millis(20));
            self.types(&[*key])?;
        }
        self.child.wait().map(drop).map_err(Error::io("cannot wait for a contestant"))
    }
}

//! Commands in a workstation: how it is entered.

use crate::lifecycle::container_of;
use crate::{Seen, Yard, YardError};
use futures_util::future::{Either, select, try_join};
use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use wharf_docker::{Attached, Reply, Source};
use wharf_model::ExecId;
use wharf_wire::workstation::{WorkstationAct, WorkstationCall, WorkstationExec};
use wharf_wire::{ExecById, LogsSpec, TerminalSize};

/// What a short command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Its exit status; `None` when the engine did not learn it in time.
    pub status: Option<i64>,
    /// What it wrote to its standard output.
    pub output: Vec<u8>,
    /// What it wrote to its standard error.
    pub errors: Vec<u8>,
}

impl Yard<'_> {
    /// Runs a command in it, attached: two requests.
    ///
    /// # Errors
    /// When it does not run, or the engine refuses.
    pub async fn exec(&self, seen: &Seen, exec: WorkstationExec) -> Result<(ExecId, Attached), YardError> {
        let container = container_of(seen)?.clone();
        let tty = exec.tty;
        let made = self.perform(WorkstationCall::CreateExec { container, exec }).await;
        let exec = match made {
            Ok(Reply::ExecCreated(exec)) => exec,
            Err(error) if error.status() == Some(409) => {
                return Err(YardError::NotRunning(seen.name.clone()));
            }
            other => return Err(other.err().unwrap_or(YardError::Confused)),
        };
        match self.perform(WorkstationCall::StartExec { exec: exec.clone(), tty }).await? {
            Reply::Attached(attached) => Ok((exec, attached)),
            _ => Err(YardError::Confused),
        }
    }

    /// Tells a running exec how large its terminal is.
    ///
    /// # Errors
    /// When it is not of a workstation, or the engine refuses.
    pub async fn resize(&self, exec: &ExecId, size: TerminalSize) -> Result<(), YardError> {
        self.perform(WorkstationCall::ResizeExec { exec: exec.clone(), size }).await.map(drop)
    }

    /// With which status an exec ended. Asked when its output has ended: the engine may note the end a moment later.
    ///
    /// # Errors
    /// When the engine is away.
    pub async fn exec_status(&self, exec: &ExecId) -> Result<Option<i64>, YardError> {
        for _ in 0..EXEC_LOOKS {
            let details = self.engine.observe(&ExecById(exec.clone())).await?;
            if !details.running {
                return Ok(details.exit_code);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(None)
    }

    /// Runs a short command in it, with this for its input, and waits for its end: for as long as it reads or says
    /// something now and then, and up to a few MiB.
    ///
    /// # Errors
    /// When it does not run, says nothing for long or too much, or the engine refuses.
    pub async fn run(&self, seen: &Seen, command: &[&str], input: &[u8]) -> Result<Ran, YardError> {
        self.run_while(seen, command, input, SILENCE).await
    }

    /// As [`Self::run`], of a command that has no input and answers at once: all of it within this time.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn run_within(&self, seen: &Seen, command: &[&str], time: Duration) -> Result<Ran, YardError> {
        let ran = tokio::time::timeout(time, self.run_while(seen, command, b"", time)).await;
        ran.unwrap_or_else(|_| Err(YardError::Silent(seen.name.clone())))
    }

    async fn run_while(
        &self,
        seen: &Seen,
        command: &[&str],
        input: &[u8],
        silence: Duration,
    ) -> Result<Ran, YardError> {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        let exec = WorkstationExec { command, stdin: !input.is_empty(), ..WorkstationExec::default() };
        let (exec, Attached { output: mut frames, input: mut into }) = self.exec(seen, exec).await?;
        let mut ran = Ran { status: None, output: Vec::new(), errors: Vec::new() };
        let moved = Cell::new(0_u64);
        let write = async {
            for part in input.chunks(CHUNK) {
                // Whoever ends before it has read everything says so by its status.
                if into.write_all(part).await.is_err() {
                    break;
                }
                moved.set(moved.get() + 1);
            }
            let _closed = into.shutdown().await;
            Ok(())
        };
        let read = async {
            while let Some(frame) = frames.next().await.map_err(YardError::Archive)? {
                moved.set(moved.get() + 1);
                let (into, most) = match frame.source {
                    Source::Out => (&mut ran.output, MOST_OUTPUT),
                    Source::Err => (&mut ran.errors, MOST_ERRORS),
                };
                into.extend(frame.bytes);
                if into.len() > most {
                    return Err(YardError::Endless(seen.name.clone()));
                }
            }
            Ok::<_, YardError>(())
        };
        {
            let both = pin!(try_join(write, read));
            match select(both, pin!(silent(&moved, silence))).await {
                Either::Left((done, _)) => done.map(drop)?,
                Either::Right(_) => return Err(YardError::Silent(seen.name.clone())),
            }
        }
        ran.status = self.exec_status(&exec).await?;
        Ok(ran)
    }

    /// What a workstation that ended said last, on one line; nothing where it cannot be read.
    pub(crate) async fn last_words(&self, seen: &Seen) -> String {
        let logs = LogsSpec { follow: false, tail: Some(5), timestamps: false };
        let Some(container) = &seen.container else { return String::new() };
        let Ok(Reply::Output(mut frames)) = self.act(container, WorkstationAct::Logs(logs)).await else {
            return String::new();
        };
        let mut said = Vec::new();
        let reading = async {
            while let Ok(Some(frame)) = frames.next().await
                && said.len() < MOST_WORDS
            {
                said.extend(frame.bytes);
            }
        };
        // What has come by then is better than nothing.
        let _in_time = tokio::time::timeout(ANSWER, reading).await;
        said.truncate(MOST_WORDS);
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join("; ")
    }
}

/// Ends when nothing has moved for so long.
async fn silent(moved: &Cell<u64>, silence: Duration) {
    loop {
        let before = moved.get();
        tokio::time::sleep(silence).await;
        if moved.get() == before {
            return;
        }
    }
}

/// How long what answers at once may take.
pub(crate) const ANSWER: Duration = Duration::from_secs(5);
/// How long a command may neither read nor say anything: one brings files into the home, another asks a gateway.
const SILENCE: Duration = Duration::from_secs(120);
/// What whoever lives inside may have an answer made of: nobody's memory is his.
const MOST_OUTPUT: usize = 4 << 20;
const MOST_ERRORS: usize = 64 << 10;
const MOST_WORDS: usize = 8 << 10;
/// What is written at once.
const CHUNK: usize = 64 << 10;
/// How often, and how far apart, the engine is asked for an exec's status: two seconds in all.
const EXEC_LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

//! Commands in a workstation: how it is entered.

use crate::lifecycle::container_of;
use crate::{Seen, Yard, YardError};
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

    /// Runs a short command in it, with this for its input, and waits for its end.
    ///
    /// # Errors
    /// When it does not run, or the engine refuses.
    pub async fn run(&self, seen: &Seen, command: &[&str], input: &[u8]) -> Result<Ran, YardError> {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        let exec = WorkstationExec { command, stdin: !input.is_empty(), ..WorkstationExec::default() };
        let (exec, Attached { output: mut frames, input: mut into }) = self.exec(seen, exec).await?;
        let mut ran = Ran { status: None, output: Vec::new(), errors: Vec::new() };
        let write = async {
            // Whoever ends before it has read everything says so by its status.
            let _read_or_not = into.write_all(input).await;
            let _closed = into.shutdown().await;
            Ok(())
        };
        let read = async {
            while let Some(frame) = frames.next().await.map_err(YardError::Archive)? {
                match frame.source {
                    Source::Out => ran.output.extend(frame.bytes),
                    Source::Err => ran.errors.extend(frame.bytes),
                }
            }
            Ok::<_, YardError>(())
        };
        futures_util::future::try_join(write, read).await?;
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
        while let Ok(Some(frame)) = frames.next().await {
            said.extend(frame.bytes);
        }
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join("; ")
    }
}

/// How often, and how far apart, the engine is asked for an exec's status: two seconds in all.
const EXEC_LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

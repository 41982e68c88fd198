//! `wharf exec POD CONTAINER COMMAND…`: a command in a container.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::verbs::{block_on, container_named, pod_named, until_reader_left};
use rustix::termios::{OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr};
use std::io::Write;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::signal::unix::{SignalKind, signal};
use wharf_docker::{Frames, Source};
use wharf_model::ExecId;
use wharf_reconcile::{Door, Quiet, exec};
use wharf_wire::{ExecSpec, TerminalSize};

pub(crate) fn run(
    setting: &Setting<'_>,
    pod: &str,
    container: &str,
    spec: ExecSpec,
) -> Result<Exit, Failure> {
    let (pod, container) = (pod_named(pod)?, container_named(container)?);
    let (tty, stdin) = (spec.tty, spec.stdin);
    if tty && stdin && !isatty(rustix::stdio::stdin()) {
        return Err(Failure::usage("standard input is no terminal").hint("leave out `-t`"));
    }
    let means = setting.means(setting.actor(&pod))?;
    let door = means.door(&Quiet);
    block_on("the command goes on in the container", async {
        let (id, attached) = exec(&door, &pod, &container, spec).await?;
        let _raw = (tty && stdin).then(RawTerminal::enter).flatten();
        let input = stdin.then(|| tokio::spawn(pass_input(attached.input)));
        let resizing = follow_size(&door, &id, tty);
        let ended = tokio::select! {
            ended = copy(attached.output) => ended,
            never = resizing => match never {},
        };
        if let Some(input) = input {
            input.abort();
        }
        until_reader_left(ended).map_err(|error| Failure::of(Exit::Failed, &error))?;
        match door.exec_status(&id).await? {
            Some(status) => Ok(Exit::Status(u8::try_from(status).unwrap_or(1))),
            None => Err(Failure::new(Exit::Failed, "the command closed its output and runs on")),
        }
    })
}

/// What a command says, to our own output.
pub(super) async fn copy(mut frames: Frames) -> std::io::Result<()> {
    while let Some(frame) = frames.next().await? {
        match frame.source {
            Source::Out => write(&mut std::io::stdout().lock(), &frame.bytes)?,
            Source::Err => write(&mut std::io::stderr().lock(), &frame.bytes)?,
        }
    }
    Ok(())
}

fn write(to: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

/// Our own input, to a command.
pub(super) async fn pass_input(mut to: impl AsyncWriteExt + Unpin) -> std::io::Result<()> {
    let mut stdin = tokio::io::stdin();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = stdin.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(buffer.get(..read).unwrap_or_default()).await?;
    }
}

/// Tells the engine the terminal's size now and whenever it changes; never ends.
async fn follow_size(door: &Door<'_>, exec: &ExecId, tty: bool) -> std::convert::Infallible {
    let changes = signal(SignalKind::window_change());
    if let (true, Ok(mut changes)) = (tty, changes) {
        loop {
            if let Ok(size) = tcgetwinsize(rustix::stdio::stdout()) {
                let size = TerminalSize { columns: size.ws_col, rows: size.ws_row };
                // An exec that has just ended has no terminal any more.
                let _resized = door.resize(exec, size).await;
            }
            if changes.recv().await.is_none() {
                break;
            }
        }
    }
    std::future::pending().await
}

/// The terminal passes every key on; as it was before when this value is dropped.
struct RawTerminal(Termios);

impl RawTerminal {
    fn enter() -> Option<Self> {
        let before = tcgetattr(rustix::stdio::stdin()).ok()?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw).ok()?;
        Some(Self(before))
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        // There is nobody to tell when the terminal has gone.
        let _restored = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}

//! Requests about commands in containers.

use crate::ask::container::terminal_size;
use crate::ask::reading::{self, Reading, one_line, working_dir};
use crate::ask::{Ask, Refusal};
use crate::tenant::{ExecAct, TenantExec};
use wharf_model::ExecId;

pub(crate) fn create(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let container = reading.container()?;
    let mut body = reading.object()?;
    let command = body.texts("Cmd")?.unwrap_or_default();
    if command.is_empty() {
        return Err(Refusal::malformed("No exec command specified"));
    }
    let (keys, also) = (body.text("DetachKeys")?, body.text("detachKeys")?);
    if keys.is_some() && also.is_some() {
        return Err(Refusal::malformed("`DetachKeys` is said twice"));
    }
    let exec = TenantExec {
        command,
        env: body.texts("Env")?.unwrap_or_default(),
        user: body.text("User")?.map(|user| one_line("User", user)).transpose()?,
        working_dir: body.text("WorkingDir")?.map(|path| working_dir("WorkingDir", path)).transpose()?,
        tty: body.is_on("Tty")?,
        stdin: body.is_on("AttachStdin")?,
        stdout: body.is_on("AttachStdout")?,
        stderr: body.is_on("AttachStderr")?,
        detach_keys: keys.or(also).map(|keys| reading::detach_keys(&keys)).transpose()?,
        console_size: body.pair("ConsoleSize")?,
    };
    Ok(Ask::CreateExec { container, exec })
}

pub(crate) fn start(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let exec = exec_id(reading)?;
    let mut body = reading.object()?;
    let (detach, tty) = (body.is_on("Detach")?, body.is_on("Tty")?);
    Ok(Ask::Exec { exec, act: ExecAct::Start { detach, tty, console_size: body.pair("ConsoleSize")? } })
}

pub(crate) fn resize(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Exec { exec: exec_id(reading)?, act: ExecAct::Resize(terminal_size(reading)?) })
}

pub(crate) fn inspect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Exec { exec: exec_id(reading)?, act: ExecAct::Inspect })
}

/// Execs have full ids only: the engine knows neither names nor beginnings of them.
fn exec_id(reading: &Reading<'_>) -> Result<ExecId, Refusal> {
    let text = reading.name()?;
    text.parse().map_err(|_| Refusal::NotFound(format!("No such exec instance: {text}")))
}

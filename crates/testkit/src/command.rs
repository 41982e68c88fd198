//! Running a command to its end, with its words kept for the error.

use std::process::{Command, Output, Stdio};

use crate::{Error, Result};

/// Runs to the end, whatever the exit status.
pub fn output(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).output().map_err(Error::io(format!("cannot run `{}`", line(command))))
}

/// Runs to the end and gives standard output; a bad exit status is an error that holds what was said.
pub fn run(command: &mut Command) -> Result<String> {
    let output = output(command)?;
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(out);
    }
    let said = format!("{out}{}", String::from_utf8_lossy(&output.stderr));
    Err(Error::Command { command: line(command), status: output.status.to_string(), said })
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
